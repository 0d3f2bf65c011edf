"""`tf.contrib.framework.nest`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.core.nest import (
    assert_same_structure,
    flatten,
    is_nested,
    is_sequence,
    map_structure,
    pack_sequence_as,
)
from minitf.core.shallow import (
    assert_shallow_structure,
    flatten_dict_items,
    flatten_up_to,
    get_traverse_shallow_structure,
    map_structure_up_to,
)
