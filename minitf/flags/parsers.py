"""From the text of a flag to its value."""
import csv
import enum


class ArgumentParser:
    """Text as it stands: the parser of string flags. Subclasses say what else `parse` gives."""

    syntactic_help = ""

    def parse(self, argument):
        """The value. TypeError or ValueError when the flag does not take `argument`."""
        if not isinstance(argument, str):
            raise TypeError(f'flag value must be a string, found "{type(argument)}"')
        return argument

    def serialize(self, value):
        """The text that gives this value."""
        return str(value)

    def flag_type(self):
        return "string"


class _Number(ArgumentParser):
    article, noun, kind = "a", "number", "float"

    def __init__(self, lower_bound=None, upper_bound=None):
        self.lower_bound, self.upper_bound = lower_bound, upper_bound
        self.syntactic_help = self._help(lower_bound, upper_bound)

    def _help(self, low, high):
        if low is not None and high is not None:
            return f"{self.article} {self.noun} in the range [{low}, {high}]"
        for bound, words in self._named_bounds():
            if bound == (low, high):
                return f"a {words} {self.noun}"
        if high is not None:
            return f"{self.noun} <= {high}"
        return f"{self.article} {self.noun}" if low is None else f"{self.noun} >= {low}"

    def _named_bounds(self):
        return [((0, None), "non-negative"), ((None, 0), "non-positive")]

    def parse(self, argument):
        value = self.convert(argument)
        too_low = self.lower_bound is not None and value < self.lower_bound
        if too_low or (self.upper_bound is not None and value > self.upper_bound):
            raise ValueError(f"{value} is not {self.syntactic_help}")
        return value

    def flag_type(self):
        return self.kind


class FloatParser(_Number):
    """A float, within bounds."""

    def convert(self, argument):
        if isinstance(argument, bool) or not isinstance(argument, (int, float, str)):
            raise TypeError(
                f"Expect argument to be a string, int, or float, found {type(argument)}"
            )
        return float(argument)


class IntegerParser(_Number):
    """An int, within bounds; 0x and 0o are hexadecimal and octal."""

    article, noun, kind = "an", "integer", "int"

    def _named_bounds(self):
        return [*super()._named_bounds(), ((1, None), "positive"), ((None, -1), "negative")]

    def convert(self, argument):
        if isinstance(argument, int) and not isinstance(argument, bool):
            return argument
        if not isinstance(argument, str):
            raise TypeError(f"Expect argument to be a string or int, found {type(argument)}")
        return int(argument, {"0o": 8, "0x": 16}.get(argument[:2], 10))


class BooleanParser(ArgumentParser):
    """A bool: true, t, 1, or false, f, 0."""

    def parse(self, argument):
        if isinstance(argument, str):
            known = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
            if argument.lower() in known:
                return known[argument.lower()]
        elif not isinstance(argument, int):
            raise TypeError("Non-boolean argument to boolean flag", argument)
        elif argument in (0, 1):
            return bool(argument)
        raise ValueError("Non-boolean argument to boolean flag", argument)

    def flag_type(self):
        return "bool"


class EnumParser(ArgumentParser):
    """One of some strings."""

    def __init__(self, enum_values, case_sensitive=True):
        if not enum_values or isinstance(enum_values, str):
            raise ValueError(f'enum_values must be a list of strings, found "{enum_values}"')
        self.enum_values, self.case_sensitive = list(enum_values), case_sensitive

    def parse(self, argument):
        for value in self.enum_values:
            if argument == value or (
                not self.case_sensitive and argument.upper() == value.upper()
            ):
                return value
        raise ValueError(f"value should be one of <{'|'.join(self.enum_values)}>")

    def flag_type(self):
        return "string enum"


class EnumClassParser(ArgumentParser):
    """A member of an Enum, by its name."""

    def __init__(self, enum_class, case_sensitive=True):
        if not issubclass(enum_class, enum.Enum):
            raise TypeError(f"{enum_class} is not a subclass of Enum.")
        if not enum_class.__members__:
            raise ValueError(f'enum_class cannot be empty, but "{enum_class}" is empty.')
        self.enum_class = enum_class
        names = list(enum_class.__members__)
        self.member_names = tuple(n if case_sensitive else n.lower() for n in names)
        self._members = dict(zip(self.member_names, enum_class))
        self._names = EnumParser(self.member_names, case_sensitive)

    def parse(self, argument):
        if isinstance(argument, self.enum_class):
            return argument
        if not isinstance(argument, str):
            raise ValueError(
                f"{argument} is not an enum member or a name of a member in {self.enum_class}"
            )
        return self._members[self._names.parse(argument)]

    def serialize(self, value):
        return next(name for name, member in self._members.items() if member is value)

    def flag_type(self):
        return "enum class"


class ListParser(ArgumentParser):
    """A list of strings from text with commas; quotes keep a comma."""

    syntactic_help = "a comma separated list"

    def parse(self, argument):
        if isinstance(argument, list):
            return argument
        if not argument:
            return []
        try:
            return [item.strip() for item in next(csv.reader([argument], strict=True))]
        except csv.Error as error:
            raise ValueError(
                f"Unable to parse the value {argument!r} as a comma separated list: {error}"
            ) from None

    def serialize(self, value):
        return ",".join(str(item) for item in value)

    def flag_type(self):
        return "comma separated list of strings"


class WhitespaceSeparatedListParser(ArgumentParser):
    """A list of strings from text with blanks, or with commas too."""

    def __init__(self, comma_compat=False):
        self._comma_compat = comma_compat
        separators = "whitespace or comma" if comma_compat else "whitespace"
        self.syntactic_help = f"a {separators} separated list"

    def parse(self, argument):
        if isinstance(argument, list):
            return argument
        text = argument.replace(",", " ") if self._comma_compat and argument else argument
        return text.split() if text else []

    def serialize(self, value):
        return " ".join(str(item) for item in value)

    def flag_type(self):
        return "whitespace separated list of strings"
