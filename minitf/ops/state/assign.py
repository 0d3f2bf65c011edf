"""Variables as ops see them: the place of a variable, assignments, scattered updates.

A parameter that is a `VariableValue` is the live array, which the kernel writes in place and
returns; a `VariableSlot` is what holds it, and holds None before the variable is initialised.
"""

import numpy as np

from minitf.core import native_scatter
from minitf.core.cuda.threads import scatter
from minitf.core.dtypes import bool_, int32
from minitf.core.errors import OutOfRangeError
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, OpDef, function_name, op
from minitf.core.schema import Index, Integer, Numeric, Ref, T, VariableSlot, VariableValue
from minitf.core.shape_rules import merged, scalar
from minitf.core.source import call
from minitf.core.tensor_shape import as_shape, printed
from minitf.ops.array.at import apply_at, check_places, first_place
from minitf.ops.math.elementwise import cast, refuse_zero, sub

NumericVariable = VariableValue._replace(allowed=Numeric.allowed)
IntegerVariable = VariableValue._replace(allowed=Integer.allowed)


# -- the variable itself --------------------------------------------------------------------------


def _variable(xp, *, shape, dtype, container="", shared_name=""):
    """Where a variable lives. The Session keeps its value: the kernel is never called."""


_variable.__annotations__ = {"return": Ref("dtype")}
variable_v2 = op(
    "VariableV2",
    shape=lambda *, shape, **_: as_shape(shape),
    grad=NOT_DIFFERENTIABLE,
    variable=True,
    stateful=True,
)(_variable)


@op("IsVariableInitialized", shape=scalar, grad=NOT_DIFFERENTIABLE)
def is_variable_initialized(xp, ref: VariableSlot._replace(attr="dtype")) -> bool_:
    """Whether the variable has a value."""
    return xp.asarray(ref.value is not None)


@op("VariableRank", shape=scalar, grad=NOT_DIFFERENTIABLE, stateful=True)
def variable_rank(xp, ref: VariableValue) -> int32:
    """The rank of a variable, read in the run: so one that has no value raises."""
    return xp.asarray(np.int32(ref.ndim))


def _initialized_shape(ref, initial):
    return initial if ref is None else ref


@op("InitializedValue", shape=_initialized_shape)
def initialized_value(xp, ref: VariableSlot, initial: T) -> T:
    """The variable's value when it has one, else `initial`."""
    return initial if ref.value is None else xp.array(ref.value)


@initialized_value.gradient
def _(y, dy, ref, initial):
    known = cast(is_variable_initialized(ref), dy.dtype)
    return dy * known, dy * (1 - known)


# -- assignments ----------------------------------------------------------------------------------


def same_shape(ref, value, **_):
    """The shape that the variable and its new value share."""
    return merged(ref, value)


def _assign_shape(ref, value, *, validate_shape, use_locking):
    return same_shape(ref, value) if validate_shape else value


@op("Assign", shape=_assign_shape, grad=NOT_DIFFERENTIABLE, stateful=True)
def assign_op(
    xp, ref: VariableSlot, value: T, *, validate_shape=True, use_locking=True
) -> VariableSlot:
    """Make `value` the variable's value: into the same array while shape and type stay.

    That array is contiguous, in the order of C, as compiled loops take it.
    """
    old = ref.value
    if old is not None and old.shape == value.shape and old.dtype == value.dtype:
        old[...] = value
        return old
    if old is not None and validate_shape and old.shape != value.shape:
        raise ValueError(
            "Assign requires shapes of both tensors to match. "
            f"lhs shape= {list(old.shape)} rhs shape= {list(value.shape)}"
        )
    ref.value = xp.array(value, order="C")
    return ref.value


def _store(xp, ref: VariableValue, value: T, *, validate_shape=True, use_locking=True) -> (
    VariableValue
):
    xp.copyto(ref, value)
    return ref


# Assign to a variable that surely has a value of that shape: element-wise, no op of a graph.
assign_op.stores = OpDef("Store", _store, None, stateful=True, scalar="x1")


@op("AssignAdd", shape=same_shape, scalar="x0 + x1", grad=NOT_DIFFERENTIABLE, stateful=True)
def assign_add_op(xp, ref: NumericVariable, value: T, *, use_locking=False) -> NumericVariable:
    """Add `value` to the variable."""
    return xp.add(ref, value, out=ref)


@assign_add_op.trait
def source(out, ref, value, *, use_locking):
    return call("add", ref, value, out=ref)


@op("AssignSub", shape=same_shape, scalar="x0 - x1", grad=NOT_DIFFERENTIABLE, stateful=True)
def assign_sub_op(xp, ref: NumericVariable, value: T, *, use_locking=False) -> NumericVariable:
    """Subtract `value` from the variable."""
    return xp.subtract(ref, value, out=ref)


@assign_sub_op.trait
def source(out, ref, value, *, use_locking):  # noqa: F811
    return call("subtract", ref, value, out=ref)


def assign(ref, value, validate_shape=None, use_locking=None, name=None):
    """Make `value` the value of the variable `ref`; the result is the variable afterwards.

    `value` has the variable's type and, unless `validate_shape` is False, its shape. Raises
    TypeError when `ref` is no variable or the type differs, ValueError when the shape does. For
    `ref` that is a part of a variable, as `variable[1:3]`, that part becomes the value.
    """
    if _assigns(ref):
        return ref.assign(value, name=name)
    validate = validate_shape is not False
    locking = use_locking is not False
    return assign_op(ref, value, validate_shape=validate, use_locking=locking, name=name)


def assign_add(ref, value, use_locking=None, name=None):
    """Add `value`, of the variable's shape and type, to the variable `ref`."""
    if _assigns(ref):
        return ref.assign_add(value, name=name)
    return assign_add_op(ref, value, use_locking=bool(use_locking), name=name)


def assign_sub(ref, value, use_locking=None, name=None):
    """Subtract `value`, of the variable's shape and type, from the variable `ref`."""
    if _assigns(ref):
        return ref.assign_sub(value, name=name)
    return assign_sub_op(ref, value, use_locking=bool(use_locking), name=name)


def _assigns(ref):
    """Whether it is no reference, but has methods that say what comes of an assignment."""
    return hasattr(ref, "assign") and not ref.dtype._is_ref_dtype


def _count_shape(ref, *, limit):
    if ref not in (None, ()):
        raise ValueError(f"Shape must be rank 0 but is rank {len(ref)}: {printed(ref)}")
    return ()


@op("IncrementBelow", shape=_count_shape, grad=NOT_DIFFERENTIABLE, stateful=True)
def increment_below(xp, ref: IntegerVariable, *, limit) -> IntegerVariable:
    """Add one to a variable that is below `limit`."""
    if ref.item() >= limit:
        raise OutOfRangeError(None, None, f"Reached limit of {limit}")
    return xp.add(ref, 1, out=ref)


def count_up_to(ref, limit, name=None):
    """The value of the integer variable `ref`, which then grows by one.

    In the run, raises OutOfRangeError once it has reached `limit`.
    """
    with name_scope(name, "CountUpTo", [ref]) as scope, get_default_graph()._counting(1):
        return sub(increment_below(ref, limit=limit), 1, name=scope)


# -- scattered updates ----------------------------------------------------------------------------


def _scatter_shape(ref, indices, updates, *, use_locking):
    if ref is not None and not ref:
        raise ValueError("a scalar has no rows to scatter to: Shape must be at least rank 1")
    if updates != () and None not in (ref, indices, updates):
        same_shape(indices + ref[1:], updates)
    return ref


def _check_rows(xp, indices, rows):
    """ValueError unless every index is that of a row."""
    wrong = (indices < 0) | (indices >= rows)
    if wrong.any().item():
        at, place = first_place(xp, wrong)
        raise ValueError(f"indices{place} = {indices[at].item()} is not in [0, {rows})")


def _distinct(xp, indices):
    ordered = xp.sort(indices, axis=None)
    return (ordered[1:] != ordered[:-1]).all().item()


def _scatter(type, ufunc, combined, doc, use_locking=False):
    """Declare the op that does `ref[indices] = ufunc(ref[indices], updates)`, one row after the
    other where an index stands twice, and make its public function. `combined` is that in C."""

    def kernel(
        xp, ref: NumericVariable, indices: Index, updates: T, *, use_locking=False
    ) -> NumericVariable:
        _check_rows(xp, indices, len(ref))
        if _distinct(xp, indices):  # ten times as fast
            ref[indices] = getattr(xp, ufunc)(ref[indices], updates)
        else:
            apply_at(xp, ufunc, ref, (indices,), updates)
        return ref

    return _declared(type, kernel, _scatter_shape, combined, doc, use_locking)


def _declared(type, kernel, shape, combined, doc, use_locking):
    def cuda(inputs, outputs, *, use_locking):
        """An index that is out of range changes nothing."""
        deep = shape is _scatter_nd_shape
        depth = inputs[1].shape[-1] if deep else 0
        if deep and not depth:
            return None  # the place is everything
        return scatter(combined, inputs, outputs, indices=1, updates=2, depth=depth)

    def native(inputs, outputs, *, use_locking):
        if combined == QUOTIENT and outputs[0].dtype.kind != "f":
            return None  # a division by zero is to raise
        depth = inputs[1].shape[-1] if shape is _scatter_nd_shape else 0
        if shape is _scatter_nd_shape and not depth:
            return None
        return native_scatter.scatter(combined, inputs, outputs, indices=1, updates=2, depth=depth)

    def quick(run, ref, indices, updates, *, use_locking):
        fits = updates.shape in ((), indices.shape + ref.shape[1:])
        if not fits or (combined == QUOTIENT and ref.dtype.kind != "f"):
            return None
        done = native_scatter.rows(run, combined, [ref, indices, updates], ref, 1, 2)
        return ref if done else None

    rows = shape is _scatter_shape
    by_rows = BY_ROWS.get(combined, "") if rows else ""
    grad = None if type in ("ScatterUpdate", "ScatterMin", "ScatterMax") else NOT_DIFFERENTIABLE
    definition = op(type, shape=shape, grad=grad, stateful=True, cuda=cuda,
                    native=native, fails=True, by_rows=by_rows,
                    quick=quick if rows else None)(kernel)  # fmt: skip

    def function(ref, indices, updates, use_locking=use_locking, name=None):
        done = definition(ref, indices, updates, use_locking=bool(use_locking), name=name)
        return ref._after(done) if hasattr(ref, "_after") else done

    function.__name__, function.__doc__ = function_name(type), doc
    return function


def _scatter_update(
    xp, ref: VariableValue, indices: Index, updates: T, *, use_locking=True
) -> VariableValue:
    _check_rows(xp, indices, len(ref))
    ref[indices] = updates
    return ref


def _scatter_div(
    xp, ref: NumericVariable, indices: Index, updates: T, *, use_locking=False
) -> NumericVariable:
    _check_rows(xp, indices, len(ref))
    if ref.dtype.kind not in "iu":
        apply_at(xp, "true_divide", ref, (indices,), updates)
        return ref
    refuse_zero(xp, updates, updates)
    # Integers are rounded towards zero: sizes are divided and signs multiplied.
    size, sign = xp.abs(ref), xp.sign(ref)
    apply_at(xp, "floor_divide", size, (indices,), xp.abs(updates))
    apply_at(xp, "multiply", sign, (indices,), xp.sign(updates))
    return xp.multiply(size, sign, out=ref)


# The new row from the old one and the update, in a loop over rows of floats.
BY_ROWS = {
    "update": "x1", "old + update": "x0 + x1", "old - update": "x0 - x1",
    "old * update": "x0 * x1", "smaller(old, update)": "min(x0, x1)",
    "larger(old, update)": "max(x0, x1)",
}  # fmt: skip

# Of integers: CUDA does not say what comes of a division by zero; here it is zero.
QUOTIENT = "update == 0 && (T)0.5 == 0 ? (T)0 : old / update"

_ROWS = """

    `indices` is of any shape, `updates` of that shape followed by the shape of a row, or a scalar.
    The result is the variable afterwards. Raises ValueError when the shapes do not fit; in the run,
    InvalidArgumentError for an index that is no row of `ref`: on a GPU it changes nothing.
    """
scatter_update = _declared(
    "ScatterUpdate", _scatter_update, _scatter_shape, "update",
    "Set the rows `indices` of the variable `ref` to `updates`; the last of equals stays." + _ROWS,
    True,
)  # fmt: skip
scatter_div = _declared(
    "ScatterDiv", _scatter_div, _scatter_shape, QUOTIENT,
    "Divide the rows `indices` of the variable `ref` by `updates`." + _ROWS, False,
)  # fmt: skip
scatter_add = _scatter(
    "ScatterAdd", "add", "old + update",
    "Add `updates` to the rows `indices` of the variable `ref`." + _ROWS,
)  # fmt: skip
scatter_sub = _scatter(
    "ScatterSub", "subtract", "old - update",
    "Subtract `updates` from the rows `indices` of the variable `ref`." + _ROWS,
)  # fmt: skip
scatter_mul = _scatter(
    "ScatterMul", "multiply", "old * update",
    "Multiply the rows `indices` of the variable `ref` by `updates`." + _ROWS,
)  # fmt: skip
scatter_min = _scatter(
    "ScatterMin", "minimum", "smaller(old, update)",
    "Keep the lesser of the rows `indices` of the variable `ref` and `updates`." + _ROWS,
)  # fmt: skip
scatter_max = _scatter(
    "ScatterMax", "maximum", "larger(old, update)",
    "Keep the greater of the rows `indices` of the variable `ref` and `updates`." + _ROWS,
)  # fmt: skip


def _scatter_nd_shape(ref, indices, updates, *, use_locking):
    if () in (indices, updates):
        raise ValueError("Shape must be at least rank 1 but is rank 0: indices and updates")
    if None in (ref, indices, updates) or not indices or indices[-1] is None:
        return ref
    if indices[-1] > len(ref):
        raise ValueError(
            f"indices of {indices[-1]} numbers each do not fit the shape {printed(ref)}"
        )
    same_shape(indices[:-1] + ref[indices[-1] :], updates)
    return ref


def _places(xp, ref, indices):
    """`indices` [..., k], each row the k first indices of a part of `ref`, as NumPy takes them."""
    check_places(xp, indices, ref.shape)
    return tuple(xp.moveaxis(indices, -1, 0))


def _scatter_nd(type, ufunc, combined, doc, use_locking=False):
    def kernel(
        xp, ref: NumericVariable, indices: Index, updates: T, *, use_locking=False
    ) -> NumericVariable:
        apply_at(xp, ufunc, ref, _places(xp, ref, indices), updates)
        return ref

    return _declared(type, kernel, _scatter_nd_shape, combined, doc, use_locking)


def _scatter_nd_update(
    xp, ref: VariableValue, indices: Index, updates: T, *, use_locking=True
) -> VariableValue:
    ref[_places(xp, ref, indices)] = updates
    return ref


_PARTS = """

    A row of `indices` [..., k] is the k first indices of an element or part; `updates` has the
    shape `indices.shape[:-1] + ref.shape[k:]`. The result is the variable afterwards. On a GPU a
    place outside changes nothing.
    """
scatter_nd_update = _declared(
    "ScatterNdUpdate", _scatter_nd_update, _scatter_nd_shape, "update",
    "Set the elements or parts of the variable `ref` at `indices` to `updates`." + _PARTS, True,
)  # fmt: skip
scatter_nd_add = _scatter_nd(
    "ScatterNdAdd", "add", "old + update",
    "Add `updates` to the variable `ref` at `indices`." + _PARTS,
)  # fmt: skip
scatter_nd_sub = _scatter_nd(
    "ScatterNdSub", "subtract", "old - update",
    "Subtract `updates` from the variable `ref` at `indices`." + _PARTS,
)  # fmt: skip
