"""Defining flags: `tf.flags.DEFINE_string("name", "default", "help")`, ..."""
import functools

from minitf.flags.errors import UnrecognizedFlagError, ValidationError
from minitf.flags.flag import BooleanFlag, EnumFlag, Flag, FlagHolder, MultiFlag, Validator
from minitf.flags.parsers import (
    ArgumentParser,
    EnumClassParser,
    EnumParser,
    FloatParser,
    IntegerParser,
    ListParser,
    WhitespaceSeparatedListParser,
)
from minitf.flags.values import ProgramFlags

FLAGS = ProgramFlags()
_RENAMED = {"flag_name": "name", "default_value": "default", "docstring": "help"}


def with_old_names(function):
    """Decorator: take the names that the arguments had in the first TensorFlow as well."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **{_RENAMED.get(key, key): v for key, v in kwargs.items()})

    return wrapper


def DEFINE_flag(flag, flag_values=FLAGS, module_name=None, required=False):
    """Add a Flag. ValueError for a required one that has a default, DuplicateFlagError."""
    if required and flag.default is not None:
        raise ValueError(f"Required flag --{flag.name} cannot have a non-None default")
    flag_values[flag.name] = flag
    if module_name:
        flag_values.__dict__["__modules"][flag.name] = module_name
    if required:
        mark_flag_as_required(flag.name, flag_values)
    return FlagHolder(flag_values, flag, required or flag.default is not None)


def DEFINE(
    parser, name, default, help, flag_values=FLAGS, serializer=None, module_name=None,
    required=False, **args,
):  # fmt: skip
    """A flag whose value `parser` makes of the text."""
    flag = Flag(parser, serializer, name, default, help, **args)
    return DEFINE_flag(flag, flag_values, module_name, required)


@with_old_names
def DEFINE_string(name, default, help, flag_values=FLAGS, required=False, **args):
    """A flag whose value is text."""
    return DEFINE(ArgumentParser(), name, default, help, flag_values, required=required, **args)


@with_old_names
def DEFINE_boolean(
    name, default, help, flag_values=FLAGS, module_name=None, required=False, **args
):
    """A flag `--name` or `--name=true`, and `--noname` or `--name=false`."""
    flag = BooleanFlag(name, default, help, **args)
    return DEFINE_flag(flag, flag_values, module_name, required)


DEFINE_bool = DEFINE_boolean


@with_old_names
def DEFINE_float(
    name, default, help, lower_bound=None, upper_bound=None, flag_values=FLAGS, required=False,
    **args,
):  # fmt: skip
    """A flag whose value is a float, within bounds."""
    parser = FloatParser(lower_bound, upper_bound)
    return DEFINE(parser, name, default, help, flag_values, required=required, **args)


@with_old_names
def DEFINE_integer(
    name, default, help, lower_bound=None, upper_bound=None, flag_values=FLAGS, required=False,
    **args,
):  # fmt: skip
    """A flag whose value is an int, within bounds."""
    parser = IntegerParser(lower_bound, upper_bound)
    return DEFINE(parser, name, default, help, flag_values, required=required, **args)


def DEFINE_list(name, default, help, flag_values=FLAGS, required=False, **args):
    """A flag whose value is a list of strings, separated by commas."""
    return DEFINE(ListParser(), name, default, help, flag_values, required=required, **args)


def DEFINE_spaceseplist(
    name, default, help, comma_compat=False, flag_values=FLAGS, required=False, **args
):
    """A flag whose value is a list of strings, separated by blanks."""
    parser = WhitespaceSeparatedListParser(comma_compat)
    return DEFINE(parser, name, default, help, flag_values, required=required, **args)


def DEFINE_enum(
    name, default, enum_values, help, flag_values=FLAGS, module_name=None, required=False, **args
):
    """A flag whose value is one of `enum_values`."""
    flag = EnumFlag(name, default, help, enum_values, **args)
    return DEFINE_flag(flag, flag_values, module_name, required)


def DEFINE_enum_class(
    name, default, enum_class, help, flag_values=FLAGS, module_name=None, case_sensitive=False,
    required=False, **args,
):  # fmt: skip
    """A flag whose value is a member of `enum_class`, given by name."""
    parser = EnumClassParser(enum_class, case_sensitive)
    help = f"<{'|'.join(parser.member_names)}>: {help or '(no help available)'}"
    return DEFINE(
        parser, name, default, help, flag_values, None, module_name, required, **args
    )


def DEFINE_multi(
    parser, serializer, name, default, help, flag_values=FLAGS, module_name=None, required=False,
    **args,
):  # fmt: skip
    """A flag that may be repeated: its value is the list of what `parser` makes of each."""
    flag = MultiFlag(parser, serializer, name, default, help, **args)
    return DEFINE_flag(flag, flag_values, module_name, required)


def DEFINE_multi_string(name, default, help, flag_values=FLAGS, required=False, **args):
    """A flag that may be repeated: its value is a list of strings."""
    return DEFINE_multi(
        ArgumentParser(), None, name, default, help, flag_values, required=required, **args
    )


def DEFINE_multi_integer(
    name, default, help, lower_bound=None, upper_bound=None, flag_values=FLAGS, required=False,
    **args,
):  # fmt: skip
    """A flag that may be repeated: its value is a list of ints."""
    parser = IntegerParser(lower_bound, upper_bound)
    return DEFINE_multi(
        parser, None, name, default, help, flag_values, required=required, **args
    )


def DEFINE_multi_float(
    name, default, help, lower_bound=None, upper_bound=None, flag_values=FLAGS, required=False,
    **args,
):  # fmt: skip
    """A flag that may be repeated: its value is a list of floats."""
    parser = FloatParser(lower_bound, upper_bound)
    return DEFINE_multi(
        parser, None, name, default, help, flag_values, required=required, **args
    )


def DEFINE_multi_enum(
    name, default, enum_values, help, flag_values=FLAGS, case_sensitive=True, required=False,
    **args,
):  # fmt: skip
    """A flag that may be repeated: its value is a list of some of `enum_values`."""
    parser = EnumParser(enum_values, case_sensitive)
    help = f"<{'|'.join(parser.enum_values)}>: {help}"
    return DEFINE_multi(
        parser, None, name, default, help, flag_values, required=required, **args
    )


def DEFINE_multi_enum_class(
    name, default, enum_class, help, flag_values=FLAGS, module_name=None, case_sensitive=False,
    required=False, **args,
):  # fmt: skip
    """A flag that may be repeated: its value is a list of members of `enum_class`."""
    parser = EnumClassParser(enum_class, case_sensitive)
    help = f"<{'|'.join(parser.member_names)}>: {help or '(no help available)'}"
    return DEFINE_multi(
        parser, None, name, default, help, flag_values, module_name, required, **args
    )


def DEFINE_alias(name, original_name, flag_values=FLAGS):
    """Another name for a flag. UnrecognizedFlagError when there is no such flag."""
    if original_name not in flag_values:
        raise UnrecognizedFlagError(original_name)
    # The same Flag under both names: what one is given, the other has.
    flag_values._flags()[name] = flag_values[original_name]


def set_default(flag_holder, value):
    """Give the flag that was defined as `flag_holder` another default."""
    flag_holder._flag_values.set_default(flag_holder.name, value)


def register_validator(flag_name, checker, message="Flag validation failed", flag_values=FLAGS):
    """Refuse values for which `checker(value)` is false: IllegalFlagValueError."""
    if flag_name not in flag_values:
        raise KeyError(f"there is no flag --{flag_name} to validate")
    flag_values[flag_name].validators.append(Validator((flag_name,), checker, message))


def validator(flag_name, message="Flag validation failed", flag_values=FLAGS):
    """Decorator: the function checks the flag's values, as for `register_validator`."""

    def decorate(function):
        register_validator(flag_name, function, message, flag_values)
        return function

    return decorate


def mark_flag_as_required(flag_name, flag_values=FLAGS):
    """Refuse None for the flag."""

    def given(value):
        if value is None:
            raise ValidationError(f"Flag --{flag_name} must have a value other than None.")
        return True

    register_validator(flag_name, given, flag_values=flag_values)


def mark_flags_as_required(flag_names, flag_values=FLAGS):
    """Refuse None for each of the flags."""
    for flag_name in flag_names:
        mark_flag_as_required(flag_name, flag_values)
