"""`tf.contrib.framework.nest`: structures, whole or up to a depth, and the paths in them."""
# ruff: noqa: F401  what is imported is public, too
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
    paths_up_to,
)


def yield_flat_paths(nest, expand_composites=False):
    """The paths of the leaves, tuples of keys and numbers, in order."""
    return (path for path, _ in paths_up_to(nest, nest))


def flatten_with_joined_string_paths(structure, separator="/", expand_composites=False):
    """A list of (path, leaf), paths as strings."""
    return [(separator.join(map(str, path)), leaf) for path, leaf in
            flatten_with_tuple_paths(structure)]  # fmt: skip


def flatten_with_tuple_paths(structure, expand_composites=False):
    """A list of (path, leaf), paths as tuples."""
    return list(paths_up_to(structure, structure))


def flatten_with_tuple_paths_up_to(shallow_tree, input_tree, check_types=True,
                                   expand_composites=False, check_subtrees_length=True):
    """A list of (path, what `input_tree` has there) for the leaves of `shallow_tree`.

    ValueError and TypeError unless it nests like that. NotImplementedError unless
    `check_subtrees_length`.
    """
    if not check_subtrees_length:
        raise NotImplementedError("flatten_with_tuple_paths_up_to(check_subtrees_length=False)")
    assert_shallow_structure(shallow_tree, input_tree, check_types)
    return list(paths_up_to(shallow_tree, input_tree))


def map_structure_with_paths(func, *structure, **kwargs):
    """As map_structure with `func(path, *leaves)`; the path is a string like "a/0"."""
    def with_path(path, *leaves, **more):
        return func("/".join(map(str, path)), *leaves, **more)

    return map_structure_with_tuple_paths_up_to(structure[0], with_path, *structure, **kwargs)


def map_structure_with_tuple_paths(func, *structure, **kwargs):
    """The same; the path is a tuple."""
    return map_structure_with_tuple_paths_up_to(structure[0], func, *structure, **kwargs)


def map_structure_with_tuple_paths_up_to(shallow_tree, func, *inputs, **kwargs):
    """`shallow_tree` with `func(path, *values)` for its leaves, of what the inputs have there.

    Keywords other than `check_types`, `expand_composites` and `check_subtrees_length` go to `func`.
    """
    if not inputs:
        raise ValueError("Cannot map over no sequences")
    checks = {key: kwargs.pop(key) for key in ("check_types", "expand_composites",
                                               "check_subtrees_length") if key in kwargs}
    found = [flatten_with_tuple_paths_up_to(shallow_tree, each, **checks) for each in inputs]
    results = [func(pairs[0][0], *(value for _, value in pairs), **kwargs) for pairs in zip(*found)]
    return pack_sequence_as(shallow_tree, results)
