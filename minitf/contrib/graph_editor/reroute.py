"""Operations that read other tensors than they were built to read."""
from minitf.contrib.graph_editor.lists import make_list_of_op, make_list_of_t


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


def _rerouted(ts0, ts1, both, can_modify, cannot_modify):
    ts0, ts1 = make_list_of_t(ts0), make_list_of_t(ts1)
    _check_pairs(ts0, ts1)
    kept = set() if cannot_modify is None else set(make_list_of_op(cannot_modify))
    allowed = None if can_modify is None else set(make_list_of_op(can_modify))
    changes = []  # all of them are known before the first is made
    for new, old in [*zip(ts0, ts1), *(zip(ts1, ts0) if both else ())]:
        for op in dict.fromkeys(old.consumers() if new is not old else ()):
            if op not in kept and (allowed is None or op in allowed):
                changes += [(op, i, new) for i, tensor in enumerate(op.inputs) if tensor is old]
    for op, index, new in changes:
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
