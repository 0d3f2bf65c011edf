"""Operations that read, or wait for, other things than they were built to."""
from minitf.contrib.graph_editor.subgraph import make_view
from minitf.contrib.graph_editor.util import (
    check_graphs,
    get_consuming_ops,
    make_list_of_op,
    make_list_of_t,
)
from minitf.core.operation import Operation


def reroute_ts(ts0, ts1, can_modify=None, cannot_modify=None):
    """Let what reads the tensors `ts1` read those of `ts0` instead, one for one. How many inputs
    were changed.

    Of the operations only those of `can_modify`, if it is given, and none of `cannot_modify`. A
    run that has been made already runs as it did. ValueError for tensors that do not fit.
    """
    return _rerouted(ts0, ts1, False, can_modify, cannot_modify)


def swap_ts(ts0, ts1, can_modify=None, cannot_modify=None):
    """As `reroute_ts`, in both directions."""
    return _rerouted(ts0, ts1, True, can_modify, cannot_modify)


def reroute_inputs(sgv0, sgv1):
    """Let `sgv1` read the inputs of `sgv0` in place of its own. Both views; each may be what
    `make_view` takes."""
    return _rerouted_inputs(sgv0, sgv1, False)


def swap_inputs(sgv0, sgv1):
    """Let each read the inputs of the other. Both views."""
    return _rerouted_inputs(sgv0, sgv1, True)


def reroute_outputs(sgv0, sgv1):
    """Let what reads the outputs of `sgv1` read those of `sgv0`. Both views."""
    return _rerouted_outputs(sgv0, sgv1, False)


def swap_outputs(sgv0, sgv1):
    """As `reroute_outputs`, in both directions."""
    return _rerouted_outputs(sgv0, sgv1, True)


def reroute_ios(sgv0, sgv1):
    """`reroute_outputs` and `reroute_inputs`: `sgv0` stands in place of `sgv1`."""
    reroute_outputs(sgv0, sgv1)
    return reroute_inputs(sgv0, sgv1)


def swap_ios(sgv0, sgv1):
    """`swap_outputs` and `swap_inputs`: each stands in place of the other."""
    swap_outputs(sgv0, sgv1)
    return swap_inputs(sgv0, sgv1)


def _rerouted_inputs(sgv0, sgv1, both):
    sgv0, sgv1 = make_view(sgv0), make_view(sgv1)
    check_graphs(sgv0, sgv1)
    through = get_consuming_ops([*sgv0.passthroughs, *sgv1.passthroughs])
    _rerouted(sgv0.inputs, sgv1.inputs, both, [*sgv0.ops, *sgv1.ops, *through], None)
    old0, old1 = sgv0.copy(), sgv1.copy()
    sgv1.take_inputs_of(old0)
    if both:
        sgv0.take_inputs_of(old1)
    return sgv0, sgv1


def _rerouted_outputs(sgv0, sgv1, both):
    sgv0, sgv1 = make_view(sgv0), make_view(sgv1)
    check_graphs(sgv0, sgv1)
    _rerouted(sgv0.outputs, sgv1.outputs, both, None, [*sgv0.ops, *sgv1.ops])
    return sgv0, sgv1


def remove_control_inputs(op, cops):
    """Let `op` not wait for the operations `cops` any more. ValueError where it does not."""
    cops = _controlling(op, cops)
    for each in cops:
        if each not in op.control_inputs:
            raise ValueError(f"{each.name} is not a control_input of {op.name}")
    op._control_inputs = [each for each in op.control_inputs if each not in cops]


def add_control_inputs(op, cops):
    """Let `op` wait for the operations `cops`. ValueError where it does already."""
    cops = _controlling(op, cops)
    for each in cops:
        if each in op.control_inputs:
            raise ValueError(f"{each.name} is already a control_input of {op.name}")
    op._add_control_inputs(cops)


def _controlling(op, cops):
    if not isinstance(op, Operation):
        raise TypeError(f"Expected a tf.Operation, got: {type(op)}")
    return make_list_of_op(cops, allow_graph=False)


def _rerouted(ts0, ts1, both, can_modify, cannot_modify):
    ts0, ts1 = make_list_of_t(ts0), make_list_of_t(ts1)
    _check_pairs(ts0, ts1)
    kept = set() if cannot_modify is None else set(make_list_of_op(cannot_modify))
    allowed = None if can_modify is None else set(make_list_of_op(can_modify))
    changes = {}  # all of them are known before the first is made; of an input the first counts
    for new, old in [*zip(ts0, ts1), *(zip(ts1, ts0) if both else ())]:
        for op in dict.fromkeys(old.consumers() if new is not old else ()):
            if op not in kept and (allowed is None or op in allowed):
                for i, tensor in enumerate(op.inputs):
                    if tensor is old:
                        changes.setdefault((op, i), new)
    for (op, index), new in changes.items():
        op._update_input(index, new)
        _forget(op)
    return len(changes)


def _forget(op):
    """What was known of its values, and of those that follow, when it was built."""
    waiting = [op]
    while waiting:
        for tensor in waiting.pop().outputs:
            if tensor._value is not None:
                tensor._value = None
                waiting += tensor.consumers()


def _check_pairs(ts0, ts1):
    if len(ts0) != len(ts1):
        raise ValueError(f"ts0 and ts1 have different sizes: {len(ts0)} != {len(ts1)}")
    for one, other in zip(ts0, ts1):
        if one.dtype != other.dtype:
            raise ValueError(f"Dtypes {one.dtype} and {other.dtype} are not compatible: "
                             f"{one.name} and {other.name}.")  # fmt: skip
        if not one.shape.is_compatible_with(other.shape):
            raise ValueError(f"Shapes {one.shape} and {other.shape} are not compatible: "
                             f"{one.name} and {other.name}.")  # fmt: skip
