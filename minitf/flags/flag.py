"""Flag: one option of the command line, its default and its value."""
from minitf.flags.errors import Error, IllegalFlagValueError
from minitf.flags.parsers import BooleanParser, EnumParser


class Flag:
    """An option `--name=value`: `parser` makes the value of the text."""

    def __init__(
        self,
        parser,
        serializer,
        name,
        default,
        help_string,
        short_name=None,
        boolean=False,
        allow_override=False,
        allow_overwrite=True,
    ):
        self.parser, self.serializer = parser, serializer
        self.name, self.short_name, self.boolean = name, short_name, boolean
        self.help = help_string or "(no help available)"
        self.allow_override, self.allow_overwrite = allow_override, allow_overwrite
        self.present, self.using_default_value = 0, True
        self.value, self.validators = None, []
        self.set_default(default)

    def set_default(self, value):
        """Make `value`, or the text of one, the default. IllegalFlagValueError when it is none."""
        self.default = None if value is None else self._parsed(value)
        if self.using_default_value:
            self.value = self.default

    def parse(self, argument):
        """Take the value from the text. IllegalFlagValueError when the flag does not take it."""
        if self.present and not self.allow_overwrite:
            raise IllegalFlagValueError(
                f"flag --{self.name}={argument}: already defined as {self.value}"
            )
        self.value = self._parsed(argument)
        self.present += 1

    def _parsed(self, argument):
        try:
            return self.parser.parse(argument)
        except (TypeError, ValueError) as error:
            raise IllegalFlagValueError(f"flag --{self.name}={argument}: {error}") from None

    def unparse(self):
        """Go back to the default."""
        self.value, self.using_default_value, self.present = self.default, True, 0

    def flag_type(self):
        return self.parser.flag_type()

    def text_of(self, value):
        """The text that gives this value."""
        if self.boolean:
            return "true" if value else "false"
        return (self.serializer or self.parser).serialize(value)

    def serialize(self):
        """The flag as it would stand on the command line; "" for None."""
        if self.value is None:
            return ""
        if self.boolean:
            return f"--{self.name}" if self.value else f"--no{self.name}"
        return f"--{self.name}={self.text_of(self.value)}"

    def default_as_str(self):
        return None if self.default is None else repr(self.text_of(self.default))

    def __bool__(self):
        raise TypeError(
            "A Flag instance would always be True. Did you mean to test the `.value` attribute?"
        )


class BooleanFlag(Flag):
    """`--name` and `--noname`."""

    def __init__(self, name, default, help, short_name=None, **args):
        super().__init__(BooleanParser(), None, name, default, help, short_name, True, **args)


class EnumFlag(Flag):
    """An option that takes one of some strings."""

    def __init__(
        self, name, default, help, enum_values, short_name=None, case_sensitive=True, **args
    ):
        parser = EnumParser(enum_values, case_sensitive)
        super().__init__(parser, None, name, default, help, short_name, **args)
        self.help = f"<{'|'.join(parser.enum_values)}>: {self.help}"


class MultiFlag(Flag):
    """An option that may be repeated: its value is a list."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.help += ";\n    repeat this option to specify a list of values"

    def parse(self, argument):
        values = self._parsed(argument)
        self.value = [*self.value, *values] if self.present else values
        self.present += len(values)

    def _parsed(self, argument):
        if isinstance(argument, str) or not hasattr(argument, "__iter__"):
            argument = [argument]
        return [super(MultiFlag, self)._parsed(item) for item in argument]

    def flag_type(self):
        return "multi " + super().flag_type()

    def text_of(self, value):
        return ",".join(super(MultiFlag, self).text_of(item) for item in value)

    def serialize(self):
        items = self.value or ()
        return "\n".join(f"--{self.name}={super(MultiFlag, self).text_of(i)}" for i in items)


class FlagHolder:
    """What defining a flag returns: its value without naming it as a string."""

    def __init__(self, flag_values, flag, ensure_non_none_value=False):
        self._flag_values, self._flag = flag_values, flag
        self._ensure_non_none_value = ensure_non_none_value

    name = property(lambda self: self._flag.name)
    default = property(lambda self: self._flag.default)
    present = property(lambda self: bool(self._flag.present))

    @property
    def value(self):
        """The flag's value. IllegalFlagValueError when it is required and None."""
        value = getattr(self._flag_values, self._flag.name)
        if value is None and self._ensure_non_none_value:
            raise IllegalFlagValueError(f"Unexpected None value for flag {self._flag.name}")
        return value

    def __eq__(self, other):
        raise TypeError(
            f"unsupported operand type(s) for ==: '{type(self).__name__}' and "
            f"'{type(other).__name__}' (did you mean to use '{self.name}.value' instead?)"
        )

    def __bool__(self):
        raise TypeError("bool() not supported for instances of type 'FlagHolder' (did you mean to "
                        f"use '{self.name}.value' instead?)")  # fmt: skip

    __hash__ = None


class Validator:
    """A condition on the values of flags, checked when they are parsed or set."""

    def __init__(self, names, checker, message):
        self.names, self.checker, self.message = names, checker, message

    def problem(self, flag_values):
        """What is wrong, or None."""
        flags = [flag_values[name] for name in self.names]
        try:
            fine = self.checker(*(flag.value for flag in flags))
        except Error as error:
            fine, message = False, str(error)
        else:
            message = self.message
        shown = ", ".join(f"--{flag.name}={flag.value}" for flag in flags)
        return None if fine else f"flag {shown}: {message}"
