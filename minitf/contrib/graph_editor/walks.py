"""Walks through a graph from some nodes, with the edges and against them."""
from minitf.contrib.graph_editor.util import (
    ControlOutputs,
    as_list,
    get_consuming_ops,
    get_generating_ops,
    make_list_of_op,
    make_list_of_t,
)
from minitf.core.tensor import Tensor


def get_forward_walk_ops(seed_ops, inclusive=True, within_ops=None, within_ops_fn=None,
                         stop_at_ts=(), control_outputs=None):
    """A list of all operations that depend on `seed_ops`, or on tensors in their place.

    With the seeds unless not `inclusive`. The walk keeps to `within_ops` and to those for which
    `within_ops_fn(op)` holds, goes through none of the tensors `stop_at_ts`, and follows control
    edges where it is given `control_outputs`, a ControlOutputs.
    """
    _, control_outputs = check_cios(False, control_outputs)
    stops = frozenset(make_list_of_t(stop_at_ts))

    def after(operation):
        for tensor in operation.outputs:
            if tensor not in stops:
                yield from tensor.consumers()
        if control_outputs is not None:
            yield from control_outputs.get(operation)

    seeds = _seeds(seed_ops, get_consuming_ops)
    return _walk(seeds, after, inclusive, within_ops, within_ops_fn)


def get_backward_walk_ops(seed_ops, inclusive=True, within_ops=None, within_ops_fn=None,
                          stop_at_ts=(), control_inputs=False):
    """As `get_forward_walk_ops`, the operations that `seed_ops` depend on; by control edges, too,
    with `control_inputs`."""
    stops = frozenset(make_list_of_t(stop_at_ts))

    def before(operation):
        yield from (tensor.op for tensor in operation.inputs if tensor not in stops)
        if control_inputs:
            yield from operation.control_inputs

    seeds = _seeds(seed_ops, get_generating_ops)
    return _walk(seeds, before, inclusive, within_ops, within_ops_fn)


def _seeds(given, of_tensors):
    given = as_list(given)
    if given and isinstance(given[0], Tensor):
        return of_tensors(given)
    return make_list_of_op(given, allow_graph=False)


def _walk(seeds, neighbours, inclusive, within_ops, within_ops_fn):
    if within_ops:
        within_ops = frozenset(make_list_of_op(within_ops, allow_graph=False))
        seeds = [operation for operation in seeds if operation in within_ops]
    else:
        within_ops = None

    def is_within(operation):
        return (within_ops is None or operation in within_ops) and (
            within_ops_fn is None or within_ops_fn(operation)
        )

    found = dict.fromkeys(seeds)
    wave = list(found)
    while wave:
        new = dict.fromkeys(each for op in wave for each in neighbours(op) if each not in found)
        wave = [operation for operation in new if is_within(operation)]
        found.update(dict.fromkeys(wave))
    seeds = frozenset(seeds)
    return [operation for operation in found if inclusive or operation not in seeds]


def get_walks_intersection_ops(
    forward_seed_ops, backward_seed_ops, forward_inclusive=True, backward_inclusive=True,
    within_ops=None, within_ops_fn=None, control_inputs=False, control_outputs=None,
    control_ios=None,
):  # fmt: skip
    """The operations that depend on the ones and that the others depend on: those in both walks.

    `control_ios`, a ControlOutputs, has control edges followed in both directions.
    """
    forward, backward = _both(
        forward_seed_ops, backward_seed_ops, forward_inclusive, backward_inclusive, within_ops,
        within_ops_fn, *check_cios(control_inputs, control_outputs, control_ios),
    )  # fmt: skip
    behind = frozenset(backward)
    return [operation for operation in forward if operation in behind]


def get_walks_union_ops(
    forward_seed_ops, backward_seed_ops, forward_inclusive=True, backward_inclusive=True,
    within_ops=None, within_ops_fn=None, control_inputs=False, control_outputs=None,
    control_ios=None,
):  # fmt: skip
    """As `get_walks_intersection_ops`, those in either walk."""
    forward, backward = _both(
        forward_seed_ops, backward_seed_ops, forward_inclusive, backward_inclusive, within_ops,
        within_ops_fn, *check_cios(control_inputs, control_outputs, control_ios),
    )  # fmt: skip
    return list(dict.fromkeys([*forward, *backward]))


def _both(ahead, behind, with_ahead, with_behind, within, within_fn, inputs, outputs):
    forward = get_forward_walk_ops(ahead, with_ahead, within, within_fn, control_outputs=outputs)
    return forward, get_backward_walk_ops(behind, with_behind, within, within_fn,
                                          control_inputs=inputs)  # fmt: skip


def get_ops_ios(ops, control_inputs=False, control_outputs=None, control_ios=None):
    """The operations that make what `ops` read or read what they make, each once."""
    control_inputs, control_outputs = check_cios(control_inputs, control_outputs, control_ios)
    found = {}
    for operation in make_list_of_op(ops):
        found.update(dict.fromkeys(tensor.op for tensor in operation.inputs))
        for tensor in operation.outputs:
            found.update(dict.fromkeys(tensor.consumers()))
        if control_outputs is not None:
            found.update(dict.fromkeys(control_outputs.get(operation)))
        if control_inputs:
            found.update(dict.fromkeys(operation.control_inputs))
    return list(found)


def get_within_boundary_ops(ops, seed_ops, boundary_ops=(), inclusive=True, control_inputs=False,
                            control_outputs=None, control_ios=None):
    """Those of `ops` that can be reached from `seed_ops` in any direction without going through
    `boundary_ops`; with those of the boundary that are reached if `inclusive`.

    ValueError for a seed that is on the boundary.
    """
    control_inputs, control_outputs = check_cios(control_inputs, control_outputs, control_ios)
    seeds = make_list_of_op(seed_ops, allow_graph=False)
    boundary = frozenset(make_list_of_op(boundary_ops))
    if boundary & frozenset(seeds):
        raise ValueError("Boundary is intersecting with the seeds.")
    found, wave = set(seeds), seeds
    while wave:
        near = get_ops_ios(wave, control_inputs, control_outputs)
        near = [operation for operation in near if operation not in found]
        wave = [operation for operation in near if operation not in boundary]
        found.update(near if inclusive else wave)
    return [operation for operation in make_list_of_op(ops) if operation in found]


def check_cios(control_inputs=False, control_outputs=None, control_ios=None):
    """(control inputs are followed, a ControlOutputs or None) of what a program says of both.

    TypeError for what is no ControlOutputs, ValueError where `control_ios` is not all.
    """
    if control_ios is not None:
        _check_is_topology(control_ios)
        if control_outputs is not None:
            raise ValueError("control_outputs should be None when using control_ios.")
        control_inputs, control_outputs = True, control_ios
    elif control_outputs is not None:
        _check_is_topology(control_outputs)
    if control_outputs is not None:
        control_outputs.update()
    return control_inputs, control_outputs


def _check_is_topology(given):
    if not isinstance(given, ControlOutputs):
        raise TypeError(f"Expected a util.ControlOutputs, got: {type(given)}")
