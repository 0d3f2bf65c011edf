"""tf.py_function: a Python function of tensors that have values, with gradients."""

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, bfloat16
from minitf.core.eager import eager_mode, executing_eagerly
from minitf.core.errors import of_python
from minitf.core.op import op
from minitf.core.operation import Operation
from minitf.core.schema import Attr, Each
from minitf.eager.backprop import GradientTape
from minitf.ops.array.basics import zeros_like
from minitf.ops.control_flow.walk import flows


@op("EagerPyFunc", shape=lambda *_, func, Tout: [None] * len(Tout), stateful=True, host=True)
def eager_py_func(xp, *input: Each, func, Tout) -> [Attr("Tout")]:
    """What a function returns that is given tensors which have values."""
    with eager_mode():
        return [x._value for x in _results(func, map(constant, input), Tout)]


def _results(func, tensors, types):
    try:
        found = func(*tensors)
    except Exception as error:
        raise of_python(error) from error
    if found is None or isinstance(found, Operation):
        found = ()
    found = found if isinstance(found, (list, tuple)) else [found]
    if len(found) != len(types):
        raise ValueError(f"py_function {func!r} returned {len(found)} values, but Tout says "
                         f"{len(types)}")  # fmt: skip
    return [convert_to_tensor(value, dtype) for value, dtype in zip(found, types)]


@eager_py_func.gradient
def _(ys, dys, *input, func, Tout):
    """The function is called once more, and a tape listens."""
    count = len(input)
    flowing = [i for i, x in enumerate(input) if flows(x)]

    def backward(*given):
        tensors, starts = given[:count], given[count:]
        with GradientTape() as tape:
            for i in flowing:
                tape.watch(tensors[i])
            results = _results(func, tensors, Tout)
        sources = [tensors[i] for i in flowing]
        found = tape.gradient(results, sources, list(starts))
        return [zeros_like(x) if dx is None else dx for x, dx in zip(sources, found)]

    types = [input[i].dtype for i in flowing]
    grads = iter(eager_py_func(*input, *dys, func=backward, Tout=types) if flowing else ())
    return [next(grads) if i in flowing else None for i in range(count)]


def py_function(func, inp, Tout, name=None):
    """What `func` returns for the tensors `inp`, of the types `Tout`: one, or a list of them.

    `func` is called anew in each run, with tensors that have values (`x.numpy()`), and its
    operations run at once. With no type, `[]`, it is an operation to run. Gradients flow through
    it: for them it is called once more. No shape is known before the run. ValueError when it is no
    function.
    """
    if not callable(func):
        raise ValueError(f"Expected func to be callable, got func of type {type(func)}")
    several = isinstance(Tout, (list, tuple))
    types = [as_dtype(dtype) for dtype in (Tout if several else [Tout])]
    if bfloat16 in [*types, *(getattr(x, "dtype", None) for x in inp)]:
        raise NotImplementedError("tf.py_function takes and gives no bfloat16: tf.cast to float32 "
                                  "and back does the same, and tf.py_func takes it")  # fmt: skip
    if executing_eagerly():
        results = _results(func, [convert_to_tensor(x) for x in inp], types)
    else:
        results = eager_py_func(*inp, func=func, Tout=types, name=name)
    return results if several else results[0]
