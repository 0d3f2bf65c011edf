"""The nodes that branches and loops are made of: `Switch`, `Merge`, `Enter`, `Exit`, ...

As in TensorFlow: `Switch` hands its input to one of its outputs, and what reads the other one does
not run; `Merge` is whichever of its inputs has a value. A loop variable comes in by `Enter`, is the
`Merge` of that and of the `NextIteration` before, and leaves by `Exit`. A plan turns them into `if`
and `while`: none of their kernels is called.
"""

import weakref

from minitf.core.constant import constant
from minitf.core.context import while_context
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_, int32
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import T, VariableValue
from minitf.ops.array.basics import fill, shape
from minitf.ops.math.elementwise import equal


def _structure(type, **traits):
    """Decorator: declare a node that plans read the shape of the program from."""
    return op(type, structural=True, **traits)


def _switch_shape(data, pred):
    if pred:
        raise ValueError(f"Shape must be rank 0 but is rank {len(pred)}: the predicate")
    return [data, data]


@_structure("Switch", shape=_switch_shape, flow="switch")
def switch_op(xp, data: T, pred: bool_) -> [T, T]:
    """data, as the first output when pred is False, as the second one when it is True."""
    return [data, data]


@_structure("RefSwitch", shape=_switch_shape, flow="switch")
def ref_switch(xp, data: VariableValue, pred: bool_) -> [VariableValue, VariableValue]:
    """The same for a variable."""
    return [data, data]


def switch(data, pred, name=None):
    """(output_false, output_true) of a tensor or a variable's reference."""
    definition = ref_switch if data.dtype._is_ref_dtype else switch_op
    return definition(data, pred, name=name or "Switch")


def _merged_shape(*inputs):
    shape = inputs[0]
    for other in inputs[1:]:
        if shape is None or other is None or len(shape) != len(other):
            return [None, ()]
        shape = tuple(m if m == n else None for m, n in zip(shape, other))
    return [shape, ()]


@op("Merge", shape=_merged_shape, flow="merge", stateful=True)
def merge_op(xp, *inputs: T) -> [T, int32]:
    """The input that has a value, and which one it is."""
    return [inputs[0], xp.int32(0)]


def merge(inputs, name=None):
    """(the input that has a value, its index)."""
    return merge_op(*inputs, name=name)


# What decides between the inputs of a Merge, as far as gradients have to know.
_PREDICATES = weakref.WeakKeyDictionary()


def merge_of(pair, pred, name=None):
    """The first tensor when `pred` is False, the second when it is True."""
    merged = merge(pair, name=name)[0]
    context = merged.graph._context
    _PREDICATES[merged.op] = pred if context is None else context.capture(pred)
    return merged


@merge_op.gradient
def _(ys, dys, *inputs):
    pred = _PREDICATES.get(ys[0].op)
    if pred is None:
        chosen = (equal(ys[1], i) for i in range(len(inputs)))
        return tuple(switch(dys[0], each, name="cond_grad")[1] for each in chosen)
    return tuple(switch(dys[0], pred, name="cond_grad"))


@ref_switch.gradient
@switch_op.gradient
def _(ys, dys, data, pred):
    context = while_context(ys[0].op.context)
    if context is not None and pred is context.pivot:
        return dys[1], None  # of a loop variable: its exit has been seen to
    pair = [
        _zeros(data, pred, side) if dy is None else convert_to_tensor(dy)
        for side, dy in enumerate(dys)
    ]
    if ys[0].op.context is None:  # of a program's own: a gradient may not depend on the branch
        pair = [switch(dy, pred)[side] for side, dy in enumerate(pair)]
    merged = merge_of(pair, pred, name="cond_grad")
    merged.set_shape(data._shape)
    return merged, None


def _zeros(data, pred, side):
    """Zeros like `data`, in the branch that has no gradient."""
    return fill(switch(shape(data), pred)[side], constant(0, data.dtype.base_dtype))


def _enter_shape(data, **_):
    return data


@op("Enter", shape=_enter_shape, flow="enter")
def enter_op(xp, data, *, frame_name, is_constant=False, parallel_iterations=10):
    """What a loop reads from outside: the first value of a variable of it, or, when `is_constant`,
    the same in each iteration."""
    return data


enter_op.gradient(lambda y, dy, data, **_: (dy,))


@op("RefEnter", shape=_enter_shape, flow="enter", grad=NOT_DIFFERENTIABLE)
def ref_enter(
    xp, data: VariableValue, *, frame_name, is_constant=False, parallel_iterations=10
) -> VariableValue:
    """The same for a variable."""
    return data


def enter(data, frame_name, is_constant, parallel_iterations, name=None):
    """The value of `data` inside a loop."""
    definition = ref_enter if data.dtype._is_ref_dtype else enter_op
    return definition(data, frame_name=frame_name, is_constant=is_constant,
                      parallel_iterations=parallel_iterations, name=name or "Enter")  # fmt: skip


@_structure("Exit", alias=True, flow="exit")
def exit_op(xp, data):
    """The value of a loop variable when the loop is over."""
    return data


@_structure("NextIteration", alias=True, flow="next")
def next_iteration(xp, data):
    """The value of a loop variable in the next iteration."""
    return data


@_structure("LoopCond", alias=True, flow="test", grad=NOT_DIFFERENTIABLE)
def loop_cond(xp, input: bool_) -> bool_:
    """Whether a loop goes on."""
    return input
