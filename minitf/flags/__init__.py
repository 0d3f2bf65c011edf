"""`tf.flags`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.flags.define import (
    DEFINE,
    FLAGS,
    DEFINE_alias,
    DEFINE_bool,
    DEFINE_boolean,
    DEFINE_enum,
    DEFINE_enum_class,
    DEFINE_flag,
    DEFINE_float,
    DEFINE_integer,
    DEFINE_list,
    DEFINE_multi,
    DEFINE_multi_enum,
    DEFINE_multi_enum_class,
    DEFINE_multi_float,
    DEFINE_multi_integer,
    DEFINE_multi_string,
    DEFINE_spaceseplist,
    DEFINE_string,
    mark_flag_as_required,
    mark_flags_as_required,
    register_validator,
    set_default,
    validator,
)
from minitf.flags.errors import (
    DuplicateFlagError,
    Error,
    IllegalFlagValueError,
    UnparsedFlagAccessError,
    UnrecognizedFlagError,
    ValidationError,
)
from minitf.flags.flag import BooleanFlag, EnumFlag, Flag, FlagHolder, MultiFlag
from minitf.flags.parsers import (
    ArgumentParser,
    BooleanParser,
    EnumClassParser,
    EnumParser,
    FloatParser,
    IntegerParser,
    ListParser,
    WhitespaceSeparatedListParser,
)
from minitf.flags.several import (
    mark_bool_flags_as_mutual_exclusive,
    mark_flags_as_mutual_exclusive,
    multi_flags_validator,
    register_multi_flags_validator,
)
from minitf.flags.values import FlagValues
