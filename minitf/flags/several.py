"""Conditions on several flags at once: `tf.flags.mark_flags_as_mutual_exclusive` and its kin."""
import warnings

from minitf.flags.define import FLAGS
from minitf.flags.errors import ValidationError
from minitf.flags.flag import Validator


def _names(flag_names):
    """Those of flags, which may be given as what defining them returned."""
    return [flag if isinstance(flag, str) else flag.name for flag in flag_names]


def register_multi_flags_validator(
    flag_names, multi_flags_checker, message="Flags validation failed", flag_values=FLAGS
):
    """Refuse values for which `multi_flags_checker({name: value})` is false: IllegalFlagValueError.

    KeyError where there is no such flag.
    """
    names = _names(flag_names)

    def checker(*values):
        return multi_flags_checker(dict(zip(names, values)))

    made = Validator(names, checker, message)
    for flag in [flag_values[name] for name in names]:
        flag.validators.append(made)


def multi_flags_validator(flag_names, message="Flag validation failed", flag_values=FLAGS):
    """Decorator: the function checks the flags, as for `register_multi_flags_validator`."""

    def decorate(function):
        register_multi_flags_validator(flag_names, function, message, flag_values)
        return function

    return decorate


def mark_flags_as_mutual_exclusive(flag_names, required=False, flag_values=FLAGS):
    """Let one of the flags at most, or exactly one where that is `required`, have another value
    than None."""
    names = _names(flag_names)
    for name in names:
        if flag_values[name].default is not None:
            warnings.warn(
                f"Flag --{name} has a non-None default value. That does not make sense with "
                "mark_flags_as_mutual_exclusive, which checks whether the listed flags have a "
                "value other than None.", stacklevel=2,
            )  # fmt: skip
    _at_most_one(names, required, flag_values, lambda value: value is not None,
                 "have a value other than None.")  # fmt: skip


def mark_bool_flags_as_mutual_exclusive(flag_names, required=False, flag_values=FLAGS):
    """Let one of the flags at most, or exactly one where that is `required`, be true.

    ValidationError for flags that are not boolean.
    """
    names = _names(flag_names)
    for name in names:
        if not flag_values[name].boolean:
            raise ValidationError(f"Flag --{name} is not Boolean, which is required for flags used "
                                  "in mark_bool_flags_as_mutual_exclusive.")  # fmt: skip
    _at_most_one(names, required, flag_values, bool, "be True.")


def _at_most_one(names, required, flag_values, counts, must):
    def checker(values):
        given = sum(map(counts, values.values()))
        if given == 1 or (not required and given == 0):
            return True
        raise ValidationError(f"{'Exactly' if required else 'At most'} one of "
                              f"({', '.join(names)}) must {must}")  # fmt: skip

    register_multi_flags_validator(names, checker, flag_values=flag_values)
