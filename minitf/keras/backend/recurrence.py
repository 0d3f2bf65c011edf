"""`tf.keras.backend.rnn`: a step function over the time of sequences."""
import minitf as tf

nest = tf.nest


def rnn(
    step_function, inputs, initial_states, go_backwards=False, mask=None, constants=None,
    unroll=False, input_length=None, time_major=False, zero_output_for_mask=False,
):  # fmt: skip
    """(last output, outputs of all times, last states) of `step_function(input, states)`.

    `inputs` are [batch, time, ...], or [time, batch, ...] if `time_major`, or a nesting of these.
    The step returns (output, new states); where `mask` [batch, time] is False both stay as they
    were, but the output is zero with `zero_output_for_mask`. `constants` follow the states in each
    call. Raises ValueError to `unroll` without knowing the time.
    """
    if not time_major:
        inputs = nest.map_structure(_swapped, inputs)
    first = nest.flatten(inputs)[0]
    for each in nest.flatten(inputs):
        each.shape.with_rank_at_least(3)
    mask = None if mask is None else _prepared(mask, time_major)
    if go_backwards:
        inputs = nest.map_structure(lambda x: tf.reverse(x, [0]), inputs)
        mask = None if mask is None else tf.reverse(mask, [0])
    run = _Unrolled if unroll else _Loop
    steps = run(step_function, inputs, mask, tuple(constants or ()), zero_output_for_mask)
    last, outputs, states = steps(tuple(initial_states), input_length)
    outputs = nest.map_structure(lambda x: _shaped(x, first.shape), outputs)
    return last, outputs if time_major else nest.map_structure(_swapped, outputs), states


def _swapped(x):
    """The first two axes exchanged."""
    return tf.transpose(x, [1, 0, *range(2, len(x.shape))])


def _prepared(mask, time_major):
    """bool [time, batch, 1]."""
    mask = tf.cast(mask, tf.bool)
    mask = tf.expand_dims(mask, -1) if len(mask.shape) == 2 else mask
    return mask if time_major else _swapped(mask)


def _shaped(outputs, shape):
    outputs.set_shape([*shape[:2], *outputs.shape[2:]])
    return outputs


def _where(mask, new, old, fixed=1):
    """`new` where the mask [batch, 1] is True, else `old`."""
    for _ in range(len(new.shape) - len(mask.shape)):
        mask = tf.expand_dims(mask, -1)
    times = [1] * fixed + new.shape.as_list()[fixed:]
    return tf.where(tf.tile(mask, times), new, old)


class _Steps:
    """What both ways of running steps share."""

    def __init__(self, step, inputs, mask, constants, zero_output):
        self.step, self.inputs, self.mask = step, inputs, mask
        self.constants, self.zero_output = constants, zero_output

    def stepped(self, inputs, states):
        """(output, states) of one step; the states in the structure of those given."""
        output, new = self.step(inputs, tuple(states) + self.constants)
        flat = nest.flatten(new)
        for old, each in zip(nest.flatten(states), flat):
            if isinstance(each, tf.Tensor):
                each.set_shape(old.shape)
        return output, tuple(nest.pack_sequence_as(tuple(states), flat))

    @staticmethod
    def masked(mask, new, old):
        """The nesting `new` where the mask is True, else `old`."""
        flat = [_where(mask, *pair) for pair in zip(nest.flatten(new), nest.flatten(old))]
        return nest.pack_sequence_as(new, flat)


class _Unrolled(_Steps):
    """One node after the other for each time."""

    def __call__(self, states, input_length):
        time = nest.flatten(self.inputs)[0].shape[0].value
        if not time:
            raise ValueError("Unrolling requires a fixed number of timesteps.")
        tf.get_default_graph()._surplus -= 5  # TensorFlow asks for the time, and needs it not
        pieces = [tf.unstack(x) for x in nest.flatten(self.inputs)]
        masks = None if self.mask is None else tf.unstack(self.mask)
        outputs = []
        for i in range(time):
            inputs = nest.pack_sequence_as(self.inputs, [piece[i] for piece in pieces])
            output, new = self.stepped(inputs, states)
            if masks is not None:
                before = outputs[-1] if outputs else nest.map_structure(tf.zeros_like, output)
                output = self.masked(masks[i], output, before)
                new = self.masked(masks[i], new, states)
            states = new
            outputs.append(output)
        last, stacked = outputs[-1], nest.map_structure(lambda *x: tf.stack(x), *outputs)
        if masks is not None and self.zero_output:
            last = self.masked(masks[-1], last, nest.map_structure(tf.zeros_like, last))
            stacked = nest.map_structure(self._zeroed, stacked)
        return last, stacked, states

    def _zeroed(self, outputs):
        return _where(self.mask, outputs, tf.zeros_like(outputs), fixed=2)


class _Loop(_Steps):
    """A tf.while_loop over the times."""

    def __call__(self, states, input_length):
        flat = nest.flatten(self.inputs)
        time = tf.shape(flat[0])[0]
        arrays = [
            tf.TensorArray(x.dtype, time, tensor_array_name=f"input_ta_{i}").unstack(x)
            for i, x in enumerate(flat)
        ]
        example, _ = self.step(
            nest.map_structure(lambda x: x[0], self.inputs), states + self.constants
        )
        outputs = tuple(
            tf.TensorArray(out.dtype, time, tensor_array_name=f"output_ta_{i}")
            for i, out in enumerate(nest.flatten(example))
        )
        if self.mask is None:
            body, carried = self._body(arrays, example), ()
        else:
            body, carried = self._masked_body(arrays, example, states, time)
        start = (tf.constant(0, tf.int32, name="time"), outputs, carried, states)
        _, outputs, _, states = tf.while_loop(
            lambda at, *_: at < time, body, start, maximum_iterations=input_length,
            swap_memory=True, parallel_iterations=32,
        )  # fmt: skip
        stacked = [array.stack() for array in outputs]
        for each, one in zip(stacked, nest.flatten(example)):
            each.set_shape([None, *one.shape])
        last = [each[-1] for each in stacked]
        pack = nest.pack_sequence_as
        return pack(example, last), pack(example, stacked), states

    def _read(self, arrays, at):
        return nest.pack_sequence_as(self.inputs, [array.read(at) for array in arrays])

    def _body(self, arrays, example):
        def body(at, outputs, carried, states):
            output, states = self.stepped(self._read(arrays, at), states)
            return at + 1, _written(outputs, at, output), carried, states

        return body

    def _masked_body(self, arrays, example, states, time):
        if not states:
            raise ValueError(
                "No initial states provided! When using masking in an RNN, you should provide "
                "initial states (and your step function should return as its first state at time "
                "`t` the output at time `t-1`)."
            )
        masks = tf.TensorArray(tf.bool, time, tensor_array_name="mask_ta").unstack(self.mask)
        zeros = nest.map_structure(tf.zeros_like, example)

        def body(at, outputs, before, states):
            mask = masks.read(at)
            mask.set_shape(self.mask.shape[1:])
            output, new = self.stepped(self._read(arrays, at), states)
            output = self.masked(mask, output, zeros if self.zero_output else before)
            new = self.masked(mask, new, states)
            return at + 1, _written(outputs, at, output), output, new

        return body, zeros


def _written(arrays, at, values):
    return tuple(
        array.write(at, value) for array, value in zip(arrays, nest.flatten(values))
    )
