"""`tf.ragged.map_flat_values`: a function of tensors, of the values of ragged ones."""
from minitf.core.graph import control_dependencies
from minitf.core.ragged import is_ragged
from minitf.ragged.checks import assert_splits_match
from minitf.ragged.rows import match_splits
from minitf.ragged.tensor import RaggedTensor, as_ragged_or_tensor


def map_flat_values(op, *args, **kwargs):
    """The rows of what `op` makes of the `flat_values` of the ragged arguments.

        tf.ragged.map_flat_values(tf.tanh, rt)

    They may stand in lists, tuples and dicts, and must have the same row splits: ValueError for
    other numbers of ragged axes or types of splits, InvalidArgumentError in the run. Without a
    ragged argument it is `op(*args, **kwargs)`.
    """
    found = []
    inner, named = _flat(args, found), _flat(kwargs, found)
    if not found:
        return op(*args, **kwargs)
    match_splits(*found)
    splits = [ragged.nested_row_splits for ragged in found]
    with control_dependencies(assert_splits_match(splits)):
        values = op(*inner, **named)
        return RaggedTensor.from_nested_row_splits(values, splits[0], validate=False)


def _flat(value, found):
    """The structure with flat values in place of ragged tensors, which are added to `found`."""
    if is_ragged(value):
        found.append(as_ragged_or_tensor(value))
        return found[-1].flat_values
    if isinstance(value, dict):
        return {key: _flat(item, found) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_flat(item, found) for item in value])
    return value
