"""tf.while_loop: a part of the graph that runs again and again."""

from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.context import enclosing
from minitf.core.convert import convert_to_tensor
from minitf.core.eager import executing_eagerly
from minitf.core.graph import add_to_collection, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor_shape import TensorShape, as_shape
from minitf.core.tensor_spec import TensorSpec
from minitf.ops.array.basics import identity
from minitf.ops.control_flow import flow
from minitf.ops.control_flow.contexts import LoopVariable, WhileContext
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.written import with_summaries
from minitf.ops.math.elementwise import less, logical_and


def while_loop(
    cond,
    body,
    loop_vars,
    shape_invariants=None,
    parallel_iterations=10,
    back_prop=True,
    swap_memory=False,
    name=None,
    maximum_iterations=None,
    return_same_structure=False,
):
    """The loop variables after `loop_vars = body(*loop_vars)` as long as `cond(*loop_vars)`.

    Both functions are called once, now, with tensors; `body` returns as many, of the same
    structure, types and shapes, `cond` a scalar bool. `shape_invariants` say what the shapes of the
    variables have in common in all iterations, where these differ. With `maximum_iterations` it
    ends after so many. With `back_prop=False` there are no gradients. Iterations run one after the
    other and values stay in memory: `parallel_iterations` and `swap_memory` change nothing. A
    variable that is the only tensor is returned by itself unless `return_same_structure`. Raises
    TypeError for what is no function, ValueError without variables, and where shapes or structures
    do not match.
    """
    _check(cond, body, parallel_iterations)
    if executing_eagerly():
        return _run(cond, body, loop_vars, maximum_iterations, return_same_structure)
    names = _names(body, loop_vars)
    with name_scope(name, "while", nest.flatten(loop_vars, expand_composites=False)):
        if not loop_vars:
            raise ValueError("No loop variables provided")
        limited = maximum_iterations is not None
        if limited:
            alone = len(loop_vars) == 1 and not return_same_structure
            maximum_iterations = _limit(maximum_iterations)
            names = ["iteration", *names]
            cond, body, loop_vars = _counted(cond, body, loop_vars, maximum_iterations, alone)
        if shape_invariants is not None:
            shape_invariants = _invariants(loop_vars, shape_invariants, limited)
        context = WhileContext(parallel_iterations, back_prop, maximum_iterations)
        if context.outer_context is None:
            add_to_collection(GraphKeys.WHILE_CONTEXT, context)
        result = build_loop(context, cond, body, loop_vars, shape_invariants, names)
        if limited:
            return result[1]
        alone = len(nest.flatten(result, expand_composites=True)) == 1
        return result[0] if alone and not return_same_structure else result


def _run(cond, body, loop_vars, maximum_iterations, return_same_structure):
    """The loop in Python, where operations run at once."""
    if not loop_vars:
        raise ValueError("No loop variables provided")
    packed, count = False, 0
    while (maximum_iterations is None or count < maximum_iterations) and cond(*loop_vars):
        found = body(*loop_vars)
        if len(loop_vars) == 1 and not isinstance(found, (list, tuple)):
            found, packed = (found,), not return_same_structure
        nest.assert_same_structure(list(loop_vars), list(found), expand_composites=True)
        loop_vars, count = found, count + 1
    result = nest.map_structure(_as_tensor, loop_vars)
    return result[0] if packed else result


def _as_tensor(value):
    return value if isinstance(value, TensorArray) else convert_to_tensor(value)


def _names(body, loop_vars):
    """What the body calls the variables: plans use the same names."""
    code = getattr(body, "__code__", None)
    parameters = [] if code is None else code.co_varnames[: code.co_argcount]
    if len(parameters) != len(loop_vars):
        return []
    return [name for name, part in zip(parameters, loop_vars)
            for _ in nest.flatten(part, expand_composites=True)]  # fmt: skip


def _check(cond, body, parallel_iterations):
    if not callable(cond):
        raise TypeError("cond must be callable.")
    if not callable(body):
        raise TypeError("body must be callable.")
    if parallel_iterations < 1:
        raise TypeError("parallel_iterations must be a positive integer.")
    if not isinstance(parallel_iterations, int):
        raise ValueError(
            f"`parallel_iterations` must be a positive integer: {parallel_iterations}"
        )


def _limit(maximum_iterations):
    limit = convert_to_tensor(maximum_iterations, name="maximum_iterations")
    if limit.shape.ndims != 0:
        raise ValueError(f"maximum_iterations must be a scalar, saw shape: {limit.shape}")
    return limit


def _counted(cond, body, loop_vars, limit, alone):
    """The loop with a counter as one more variable."""
    counter = constant(0, dtype=limit.dtype, name="iteration_counter")
    if alone:
        return (
            lambda i, value: logical_and(less(i, limit), cond(value)),
            lambda i, value: (i + 1, body(value)),
            (counter, loop_vars[0]),
        )
    return (
        lambda i, values: logical_and(less(i, limit), cond(*values)),
        lambda i, values: (i + 1, body(*values)),
        (counter, loop_vars),
    )


def _invariants(loop_vars, shape_invariants, limited):
    """The shape that is given for each tensor among the loop variables."""
    if limited:
        shape_invariants = (TensorShape([]), shape_invariants)
    nest.assert_same_structure(loop_vars, shape_invariants)
    shapes = []
    for variable, shape in zip(nest.flatten(loop_vars), nest.flatten(shape_invariants)):
        shape = shape.shape if isinstance(shape, TensorSpec) else shape
        if not isinstance(shape, TensorShape):
            raise ValueError("`shapes` must be a (possibly nested) list of shapes.")
        if isinstance(variable, SparseTensor):
            sizes = as_shape(shape)
            if sizes is not None and len(sizes) != 1:
                raise ValueError(f"The invariant of a SparseTensor is [its rank], got {shape}")
            shapes += _parts_of_sparse(sizes and sizes[0])
            continue
        shapes.append(as_shape(shape))
        if hasattr(variable, "_components"):  # slices: of the values; the others follow from it
            sizes = as_shape(shape)
            rest = [(sizes[0],), (len(sizes),)] if sizes else [None, None]
            shapes += rest[: len(variable._components()) - 1]
    return shapes


def _parts_of_sparse(rank):
    """The shapes of indices, values and dense shape: how many values there are is open."""
    return [(None, rank), (None,), (rank,)]


def _usual_shapes(loop_vars, initial):
    """The shapes without `shape_invariants`: what each tensor enters with, and where a variable is
    a SparseTensor those of any number of values. None where there is none of these."""
    leaves, shapes = nest.flatten(loop_vars), [tensor._shape for tensor in initial]
    if not any(isinstance(leaf, SparseTensor) for leaf in leaves):
        return None
    at = 0
    for leaf in leaves:
        count = len(leaf._components()) if hasattr(leaf, "_components") else 1
        if isinstance(leaf, SparseTensor):
            parts = zip(shapes[at : at + count], _parts_of_sparse(leaf.shape.ndims))
            shapes[at : at + count] = [own and part for own, part in parts]
        at += count
    return shapes


# -- the nodes ------------------------------------------------------------------------------------


def build_loop(context, cond, body, loop_vars, shape_invariants=None, names=()):
    """The loop's nodes, in `context`; the variables afterwards, in the structure `body` gave.

    `shape_invariants` is a flat list of shapes, one for each tensor, `names` one of their names.
    """
    arrays = nest.flatten(loop_vars, expand_composites=True)
    initial = [convert_to_tensor(_as_flow(leaf)) for leaf in arrays]
    structure = loop_vars
    with context.entered():
        outside = [context._outside(tensor) for tensor in initial]
        enters = [context.enter(tensor, False) for tensor in outside]
        _wait_for_branch(context, enters)
        shape_invariants = shape_invariants or _usual_shapes(loop_vars, initial)
        if shape_invariants is not None:
            _set_shapes(outside, enters, shape_invariants)
        merged = [flow.merge([enter, enter])[0] for enter in enters]
        context.pivot_for_pred = merged[0]
        going_on = convert_to_tensor(cond(*_packed(structure, arrays, merged)))
        context.pivot = flow.loop_cond(going_on, name="LoopCond")
        switched = [flow.switch(tensor, context.pivot) for tensor in merged]
        inside = [identity(pair[1]) for pair in switched]
        context.pivot_for_body = inside[0]
        packed = _packed(structure, arrays, inside)
        result = with_summaries(body, *packed)
        if not nest.is_nested(result) and not hasattr(result, "_components"):
            result = [result]
        nest.assert_same_structure(list(packed), list(result), expand_composites=True)
        leaves = nest.flatten(result, expand_composites=True)
        following = [convert_to_tensor(_as_flow(leaf)) for leaf in leaves]
        order = context.graph._order
        if order is not None:
            following = order.settled(context, following)
        for tensor, after in zip(merged, following):
            _join(tensor, after)
        exits = [flow.exit_op(pair[0]) for pair in switched]
    if order is not None:
        order.left([context], [t.op for t in exits], [t.op for t in enters])
    context.variables[:0] = map(LoopVariable, enters, merged, inside, exits)
    context.names.update(zip((tensor.op for tensor in merged), names))
    return _packed(result, leaves, exits)


def _as_flow(leaf):
    return leaf.flow if isinstance(leaf, TensorArray) else leaf




def _packed(structure, arrays, tensors):
    """Tensors in the structure of the variables; a flow as the TensorArray it belongs to."""
    flat = [
        leaf._with_flow(tensor) if isinstance(leaf, TensorArray) else tensor
        for leaf, tensor in zip(arrays, tensors)
    ]
    return nest.pack_sequence_as(structure, flat, expand_composites=True)


def _wait_for_branch(context, enters):
    """Let constants of a loop outside come in only where the branch around this loop runs."""
    pivots = (outer.pivot_operation() for outer in enclosing(context.outer_context))
    pivot = next(pivots, None)
    for enter in enters:
        source = enter.op.inputs[0].op
        constant_of_loop = source.definition.flow == "enter" and source.attrs["is_constant"]
        if pivot is not None and constant_of_loop:
            enter.op._add_control_input(pivot)


def _set_shapes(outside, enters, shapes):
    for tensor, enter, shape in zip(outside, enters, shapes):
        if not _at_least_as_known(tensor._shape, shape):
            raise ValueError(
                f"The shape invariant specified for {tensor.name} is not compatible with the "
                f"initial shape of the loop variable. It enters the loop with shape "
                f"{tensor.shape}, but the specified shape invariant is {TensorShape(shape)}."
            )
        enter._shape = shape


def _at_least_as_known(shape, invariant):
    if invariant is None:
        return True
    if shape is None or len(shape) != len(invariant):
        return False
    return all(n is None or m == n for m, n in zip(shape, invariant))


def _join(merged, following):
    """The back edge: `following` is what the variable becomes."""
    following = flow.next_iteration(following)
    if following.dtype.base_dtype is not merged.dtype.base_dtype:
        raise TypeError(
            f"Input 'data' of 'Merge' Op has type {following.dtype.base_dtype.name} that does not "
            f"match the type {merged.dtype.base_dtype.name} of the loop variable "
            f"'{merged.op.inputs[0].op.inputs[0].name}': the body has to keep it"
        )
    if not _at_least_as_known(following._shape, merged._shape):
        first = merged.op.inputs[0].op.inputs[0]
        raise ValueError(
            f"Input tensor '{first.name}' enters the loop with shape {first.shape}, but has shape "
            f"{following.shape} after one iteration. To allow the shape to vary across "
            "iterations, use the `shape_invariants` argument of tf.while_loop to specify a "
            "less-specific shape."
        )
    merged.op._update_input(1, following)
