"""`tf.contrib.recurrent.Recurrent`: a step, done along the first axis of its inputs."""
from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.ops.array.basics import identity, rank, shape, zeros, zeros_like
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.padding import pad
from minitf.ops.control_flow.custom_gradient import custom_gradient
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import cast


def Recurrent(theta, state0, inputs, cell_fn, cell_grad=None, extras=None, max_input_length=None,
              use_tpu=False, aligned_end=False):  # fmt: skip
    """(the states after each step, the last one): `cell_fn(theta, state, inputs[t])` returns the
    next state and extras; all are nestings of tensors.

    `cell_grad(theta, state, inputs[t], extras, dstate)` returns gradients by the first three, in
    place of those of what `cell_fn` builds. Of the time steps the first `max_input_length` are
    made, or the last with `aligned_end`; the states of the others are zeros. `extras` and `use_tpu`
    are about how TensorFlow does it: here they change nothing.
    """
    flat = [convert_to_tensor(each) for each in nest.flatten(inputs)]
    steps = shape(flat[0])[0]
    count = steps if max_input_length is None else cast(max_input_length, int32)
    start = steps - count if aligned_end else constant(0)
    step = cell_fn if cell_grad is None else _with_gradient(cell_fn, cell_grad)
    rows = [TensorArray(each.dtype, size=steps).unstack(each) for each in flat]

    def body(done, state, *arrays):
        now = nest.pack_sequence_as(inputs, [array.read(start + done) for array in rows])
        for each, whole in zip(nest.flatten(now), flat):
            each.set_shape(whole.shape[1:])
        new, _ = step(theta, state, now)
        nest.assert_same_structure(state, new)
        for each, before in zip(nest.flatten(new), nest.flatten(state)):
            each.set_shape(before.shape)
        arrays = [array.write(done, each) for array, each in zip(arrays, nest.flatten(new))]
        return (done + 1, nest.pack_sequence_as(state, nest.flatten(new)), *arrays)

    state0 = nest.map_structure(convert_to_tensor, state0)
    arrays = [TensorArray(each.dtype, size=count, element_shape=each.shape)
              for each in nest.flatten(state0)]  # fmt: skip
    _, state, *arrays = while_loop(lambda done, *_: done < count, body,
                                   (constant(0), state0, *arrays))  # fmt: skip
    after = steps - start - count
    found = [_among(array.stack(), start, after) for array in arrays]
    return nest.pack_sequence_as(state0, found), state


def _among(states, before, after):
    """The states, with zeros for the steps before and after."""
    counts = zeros([rank(states) - 1, 2], int32)
    around = concat([stack([stack([before, after])]), counts], 0)
    found = pad(states, around)
    found.set_shape([None, *states.shape.as_list()[1:]])
    return found


def _with_gradient(cell_fn, cell_grad):
    """`cell_fn`, whose gradient is what `cell_grad` says."""

    def step(theta, state, inputs):
        given = [theta, state, inputs]

        @custom_gradient
        def computed(*flat):
            packed = nest.pack_sequence_as(given, flat)
            new, extras = cell_fn(*packed)

            def gradient(*dys):
                # Copies: cell_grad may ask for gradients by what it gets, in the loop back.
                seen = [*packed, extras, nest.pack_sequence_as(new, dys)]
                grads = cell_grad(*nest.map_structure(identity, seen))
                return [each if each is not None else zeros_like(x)
                        for each, x in zip(nest.flatten(list(grads)), flat)]  # fmt: skip

            return nest.flatten(new), gradient

        found = computed(*map(convert_to_tensor, nest.flatten(given)))
        return nest.pack_sequence_as(state, found), []

    return step
