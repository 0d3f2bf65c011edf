"""Order, checks and side effects: `tf.group`, `tf.Print`, `tf.Assert`, `tf.py_func`, ..."""
import functools
import sys

import numpy as np

from minitf.core.bfloat16 import narrowed, numpy_type
from minitf.core.convert import convert_to_tensor
from minitf.core.cuda.threads import each, several
from minitf.core.deprecation import renamed
from minitf.core.dtypes import HANDLES, as_dtype, bfloat16, bool_, int32, string
from minitf.core.eager import executing_eagerly
from minitf.core.errors import of_python
from minitf.core.graph import (
    colocate_with,
    control_dependencies,
    device,
    get_default_graph,
    name_scope,
)
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.operation import Operation
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Attr, Each, Float, T, TypeAttr
from minitf.core.shape_rules import unknown
from minitf.core.tensor import Tensor
from minitf.core.tensor_text import summary
from minitf.core.values import as_array
from minitf.ops.array.basics import identity

DataTypes = TypeAttr("U", each=True)

# -- order ----------------------------------------------------------------------------------------


@op("NoOp", shape=unknown, grad=NOT_DIFFERENTIABLE)
def no_op(xp) -> None:
    """Nothing; other nodes can wait for it, and it for others."""


def group(*inputs, name=None):
    """An operation that is done when all of `inputs` are; it has no value. None where operations
    run at once."""
    if executing_eagerly():
        return None
    with name_scope(name, "group_deps", _flattened(inputs)) as scope:
        if not inputs:
            return no_op(name=scope)
        by_device = {}
        for item in _flattened(inputs):
            if not hasattr(item, "device"):
                raise TypeError(f"Expected tf.group() expected Tensor arguments not '{item}' with "
                                f"type '{type(item)}'")  # fmt: skip
            by_device.setdefault(item.device, []).append(item)
        if len(by_device) == 1:
            (place, items), = by_device.items()
            return _group_on(place, items, scope)
        ends = [_group_on(place, by_device[place]) for place in sorted(by_device)]
        with control_dependencies(ends):
            return no_op(name=scope)


def _group_on(place, items, name=None):
    with control_dependencies(items), device(place or None):
        return no_op(name=name)


def _flattened(items):
    """The elements of nested lists, tuples and dicts."""
    found = []
    for item in items:
        if isinstance(item, (list, tuple)):
            found += _flattened(item)
        elif isinstance(item, dict):
            found += _flattened([item[key] for key in sorted(item)])
        elif hasattr(item, "_components"):
            found += item._components()
        else:
            found.append(item)
    return found


def with_dependencies(dependencies, output_tensor, name=None):
    """The same tensor, but only once `dependencies` are done."""
    if executing_eagerly():
        return output_tensor
    kept = (Operation, Tensor, IndexedSlices)
    if not isinstance(output_tensor, kept) and not hasattr(output_tensor, "_ref"):
        output_tensor = convert_to_tensor(output_tensor)
    values = [*dependencies, output_tensor]
    scoped = name_scope(name, "control_dependency", values)
    with scoped as scope, colocate_with(output_tensor), control_dependencies(dependencies):
        if isinstance(output_tensor, IndexedSlices):
            return IndexedSlices(identity(output_tensor.values, name=scope),
                                 output_tensor.indices, output_tensor.dense_shape)  # fmt: skip
        return identity(convert_to_tensor(output_tensor), name=scope)


def tuple_(tensors, name=None, control_inputs=None):
    """The same tensors, each available only once all of them are (and `control_inputs` done).

    ValueError when there is no tensor.
    """
    if executing_eagerly():
        return tensors
    with name_scope(name, "tuple", tensors):
        kept = (Operation, Tensor, IndexedSlices, type(None))
        tensors = [t if isinstance(t, kept) else convert_to_tensor(t) for t in tensors]
        gates = [_operation(t) for t in tensors if t is not None]
        gates += [_operation(t) for t in control_inputs or ()]
        if not gates:
            raise ValueError(f"Must have at least one Tensor: {tensors}")
        gate = group(*sorted(set(gates), key=lambda operation: operation._id))
        return [_gated(gate, t) for t in tensors]


tuple_.__name__ = "tuple"

def _operation(item):
    if isinstance(item, (Tensor, IndexedSlices)):
        return item.op
    if not isinstance(item, Operation):
        raise TypeError(f"Control input must be Operation or Tensor: {item}")
    return item


def _gated(gate, item):
    if item is None:
        return None
    if isinstance(item, Operation):
        with control_dependencies([gate]):
            return group(item)
    return with_dependencies([gate], item)


def _copies(inputs, outputs, *, T):
    copies = [each(inputs, outputs, f"x{k}[i]", output=k) for k in range(len(inputs))]
    return several(*copies)


@op("IdentityN", shape=lambda *input, T: list(input), structural=True, cuda=_copies)
def identity_n_op(xp, *input: Each, T) -> [Attr("T")]:
    """The same values under new names."""
    return [x if dtype in HANDLES else xp.array(x) for x, dtype in zip(input, T)]


identity_n_op.gradient(lambda ys, dys, *input, T: dys)


def identity_n(input, name=None):
    """The same tensors under new names. ValueError for none."""
    if not input:
        raise ValueError("Attr 'T' of 'IdentityN' Op passed list of length 0 less than minimum 1.")
    tensors = [convert_to_tensor(value) for value in input]
    return identity_n_op(*tensors, T=[t.dtype.base_dtype for t in tensors], name=name)


# -- print, assert --------------------------------------------------------------------------------


class _Counter:
    """How often a tf.Print node has printed in its Session."""

    def __init__(self, operation):
        self.count = 0


@op("Print", shape=lambda input, *data, **_: input, view=True, stateful=True, state=_Counter,
    host=True)  # fmt: skip
def print_op(xp, state, input: T, *data: DataTypes, message="", first_n=-1, summarize=3) -> T:
    """input; the values of data are printed to standard error."""
    state.count += 1
    if first_n < 0 or state.count <= first_n:
        print(message + _printed(data, "", summarize), file=sys.stderr)
    return input


print_op.gradient(lambda y, dy, *inputs, **_: (dy, *[None] * (len(inputs) - 1)))


def _printed(data, between, limit):
    return between.join(f"[{summary(np.asarray(value), limit)}]" for value in data)


def Print(input_, data, message=None, first_n=None, summarize=None, name=None):
    """`input_`; each run prints `message` and the first `summarize` (3) elements of each tensor in
    `data` to standard error, the first `first_n` times only if it is given."""
    return print_op(
        input_, *data, message=message or "", first_n=-1 if first_n is None else first_n,
        summarize=3 if summarize is None else summarize, name=name,
    )  # fmt: skip


@op("Assert", shape=unknown, grad=NOT_DIFFERENTIABLE, stateful=True, host=True)
def assert_op(xp, condition: bool_, *data: Each, summarize=3) -> None:
    """InvalidArgumentError with the values of data unless the condition holds."""
    if not condition:
        raise ValueError("assertion failed: " + _printed(data, " ", summarize))


def Assert(condition, data, summarize=None, name=None):
    """An operation that raises InvalidArgumentError, showing `data`, unless `condition` holds.

    It runs only when fetched or when something depends on it: `tf.control_dependencies([...])`.
    TypeError unless `data` is a list.
    """
    if not isinstance(data, (list, tuple)):
        raise TypeError(f"Expected list for 'data' argument to 'Assert' Op, not {data!r}.")
    with name_scope(name, "Assert", [condition, *data]):
        _count_in_seeds([convert_to_tensor(part) for part in data], data)
        return assert_op(condition, *data, summarize=3 if summarize is None else summarize,
                         name="Assert")  # fmt: skip


def _count_in_seeds(parts, data):
    """Later ops' seeds count `parts`, and in TensorFlow the nodes of a branch, from which it prints
    what is no string and no int32: into it come the condition and each tensor."""
    if any(part.dtype.base_dtype not in (string, int32) for part in parts):
        taken_in = {part.name for part, given in zip(parts, data) if part is given}
        get_default_graph()._surplus -= 9 + len(taken_in)


# -- finite numbers -------------------------------------------------------------------------------


@op("CheckNumerics", view=True, stateful=True)
def check_numerics_op(xp, tensor: Float, *, message):
    """tensor, or InvalidArgumentError with `message` when it has an infinity or a NaN in it."""
    if not xp.all(xp.isfinite(tensor)).item():
        tests = ("Inf", xp.isinf), ("NaN", xp.isnan)
        bad = [name for name, test in tests if xp.any(test(tensor)).item()]
        raise ValueError(f"{message} : Tensor had {' and '.join(bad)} values")
    return tensor


@check_numerics_op.gradient
def _(y, dy, tensor, *, message):
    said = ("Not a number (NaN) or infinity (Inf) values detected in gradient. Original message: "
            f"{message}")  # fmt: skip
    return (check_numerics_op(dy, message=said),)


@takes_ragged
def check_numerics(tensor, message, name=None):
    """`tensor`; a run raises InvalidArgumentError with `message` when it is not finite."""
    return check_numerics_op(tensor, message=message, name=name)


def verify_tensor_all_finite(t=None, msg=None, name=None, x=None, message=None):
    """`t`, checked by `tf.check_numerics` with the message `msg`."""
    x, message = renamed("t", t, "x", x), renamed("msg", msg, "message", message)
    with name_scope(name, "VerifyFinite", [x]):
        x = convert_to_tensor(x, name="x")
        with colocate_with(x):
            return with_dependencies([check_numerics(x, message=message)], x)


def add_check_numerics_ops():
    """An operation that checks every float tensor of the graph, one after the other.

    ValueError where one is inside tf.cond or tf.while_loop, RuntimeError where operations run at
    once.
    """
    if executing_eagerly():
        raise RuntimeError("tf.add_check_numerics_ops() checks the operations of a graph: it is "
                           "not compatible with eager execution")  # fmt: skip
    check = []
    for operation in get_default_graph().get_operations():
        for output in operation.outputs:
            if output.dtype.is_floating:
                if operation.context is not None:
                    raise ValueError(
                        "`tf.add_check_numerics_ops() is not compatible with TensorFlow control "
                        "flow operations such as `tf.cond()` or `tf.while_loop()`. "
                        f"'{output.name}' is inside one; tf.check_numerics checks it there."
                    )
                with control_dependencies(check):
                    message = f"{operation.name}:{output.value_index}"
                    check = [check_numerics(output, message=message)]
    return group(*check)


# -- Python functions -----------------------------------------------------------------------------


def _call(xp, func, arguments, types):
    try:
        results = func(*map(_given, arguments))
    except Exception as error:
        raise of_python(error) from error
    results = () if results is None else results
    results = results if isinstance(results, (list, tuple)) else [results]
    if len(results) != len(types):
        raise ValueError(f"py_func {func!r} returns {len(results)} values, but Tout says "
                         f"{len(types)}")  # fmt: skip
    return [_checked(i, func, *pair) for i, pair in enumerate(zip(results, types))]


def _given(value):
    """A value as the function gets it: a scalar as a NumPy scalar, a string as bytes."""
    return value if type(value) is bytes else np.array(value)[()]


def _checked(index, func, result, dtype):
    array = np.asarray(result)
    if array.dtype.kind in "SUO":
        array = as_array(result)
    found = as_dtype(array.dtype)
    if found is not dtype:
        raise ValueError(f"{index}-th value returned by {func!r} is {found.name}, but expects "
                         f"{dtype.name}: give Tout=tf.{found.name}, or return "
                         f"np.asarray(value, np.{dtype.name})")  # fmt: skip
    return array.astype(dtype.numpy, copy=False)


def _unknown_shapes(*_, func, Tout):
    return [None] * len(Tout)


@op("PyFunc", shape=_unknown_shapes, grad=NOT_DIFFERENTIABLE, stateful=True, host=True)
def py_func_op(xp, *input: Each, func, Tout) -> [Attr("Tout")]:
    """What a Python function returns for the values."""
    return _call(xp, func, input, Tout)


@op("PyFuncStateless", shape=_unknown_shapes, grad=NOT_DIFFERENTIABLE, host=True)
def py_func_stateless(xp, *input: Each, func, Tout) -> [Attr("Tout")]:
    """What a Python function that always gives the same returns for the values."""
    return _call(xp, func, input, Tout)


def py_func(func, inp, Tout, stateful=True, name=None):
    """What `func` returns for the values of the tensors `inp`, called anew in each run.

    `func` gets and returns NumPy arrays, or scalars, of the types `Tout` (one, or a list of them);
    a run raises InvalidArgumentError when they are of others. With no type, `[]`, it is an
    operation to run. Without `stateful` equal inputs may be computed once. There is no gradient,
    and no static shape: use set_shape.
    """
    if not callable(func):
        raise ValueError(f"Expected func to be callable, got func of type {type(func)}")
    several = isinstance(Tout, (list, tuple))
    types = [as_dtype(dtype) for dtype in (Tout if several else [Tout])]
    halves = [i for i, x in enumerate(inp) if getattr(x, "dtype", None) == bfloat16]
    func = _given_halves(func, halves) if halves else func
    definition = py_func_op if stateful else py_func_stateless
    results = definition(*inp, func=func, Tout=types, name=name)
    return results if several else results[0]


def _given_halves(func, places):
    """The function, given NumPy's own bfloat16 in these places, where the run has float32."""
    numpy_type()  # it raises where there is none

    @functools.wraps(func)
    def call(*given):
        return func(*[narrowed(np.asarray(x)) if i in places else x for i, x in enumerate(given)])

    return call


def numpy_function(func, inp, Tout, name=None):
    """What `func` returns for the values of the tensors `inp`: `tf.py_func`, called in each run."""
    return py_func(func, inp, Tout, stateful=True, name=name)
