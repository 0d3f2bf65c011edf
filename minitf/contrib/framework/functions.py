"""Functions of `tf.contrib.framework` whose arguments are not those of the function they are named
after.
"""
from collections.abc import Mapping

from minitf.core import nest
from minitf.ops.control_flow import control
from minitf.ops.reduction import confusion


def py_func(
    func, args=(), kwargs=None, output_types=None, output_shapes=None, stateful=True, name=None
):
    """What `func(*args, **kwargs)` returns for the values of these tensors, called in each run.

    `output_types` is one type or a structure of them, as `func` returns; `output_shapes` the same
    of shapes. Both may be functions of the tensors that return it. TypeError for `args` that are
    no list and `kwargs` that are no dict.
    """
    if not isinstance(args, (list, tuple)):
        raise TypeError(f"args must be list and not {type(args)}. args: {args}")
    if not isinstance(kwargs, (dict, type(None))):
        raise TypeError(f"kwargs must be dict and not {type(kwargs)}. kwargs: {kwargs}")
    given = (tuple(args), kwargs or {})
    types = _called(output_types, given)

    def flat(*values):
        args, kwargs = nest.pack_sequence_as(given, values)
        leaves = _leaves(types, func(*args, **kwargs))
        return [part for leaf in leaves for part in nest.flatten(leaf)]

    values = control.py_func(flat, nest.flatten(given), nest.flatten(types), stateful, name)
    shapes = _called(output_shapes, given)
    if shapes is not None:
        for value, shape in zip(values, _leaves(types, shapes)):
            value.set_shape(shape)
    return nest.pack_sequence_as(types, values)


def _called(wanted, given):
    args, kwargs = given
    return wanted(*args, **kwargs) if callable(wanted) else wanted


def _leaves(structure, value):
    """The parts of `value` that stand where `structure` has its leaves. ValueError if it has less
    or more parts.
    """
    if not nest.is_nested(structure):
        return [value]
    if len(structure) != len(value):
        raise ValueError(f"The two structures don't have the same sequence length: {structure} "
                         f"has {len(structure)}, {value} has {len(value)}")  # fmt: skip
    keys = sorted(structure) if isinstance(structure, Mapping) else range(len(structure))
    return [leaf for key in keys for leaf in _leaves(structure[key], value[key])]


def remove_squeezable_dimensions(predictions, labels, name=None):
    """(predictions, labels), where one has an axis too many, of size 1 at the end, without it."""
    labels, predictions = confusion.remove_squeezable_dimensions(labels, predictions, name=name)
    return predictions, labels
