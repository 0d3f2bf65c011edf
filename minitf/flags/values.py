"""FlagValues: the flags of a program, and their parsing."""
import difflib
import os
import sys
import textwrap

from minitf.flags.errors import (
    DuplicateFlagError,
    Error,
    IllegalFlagValueError,
    UnparsedFlagAccessError,
    UnrecognizedFlagError,
)
from minitf.flags.flag import Flag

_HERE = os.path.dirname(os.path.abspath(__file__))


class FlagValues:
    """The defined flags. `flag_values.name` is the value of `--name`.

    `flag_values(argv)` parses a command line; before that, reading a flag raises
    UnparsedFlagAccessError. `flag_values["name"]` is the Flag itself.
    """

    def __init__(self):
        # Attributes of this object are flags: what is its own stands in __dict__.
        self.__dict__.update({"__flags": {}, "__modules": {}, "__parsed": False})

    def _flags(self):
        return self.__dict__["__flags"]

    # -- defining --------------------------------------------------------------------------------

    def __setitem__(self, name, flag):
        if not isinstance(flag, Flag):
            raise IllegalFlagValueError(
                f"Expect Flag instances, found type {type(flag)}. Maybe you didn't mean to use "
                "FlagValue.__setitem__?"
            )
        if not isinstance(name, str) or not name or " " in name:
            raise Error(f"Flag name must be a string without spaces: {name!r}")
        module = _calling_module()
        for taken in filter(None, (name, flag.short_name)):
            known = self._flags().get(taken)
            overridden = flag.allow_override or (known is not None and known.allow_override)
            if known is not None and known is not flag and not overridden:
                raise DuplicateFlagError(
                    f"The flag '{taken}' is defined twice. First from "
                    f"{self.find_module_defining_flag(taken)}, Second from {module}.  Description "
                    f"from first occurrence: {known.help}"
                )
            self._flags()[taken] = flag
        self.__dict__["__modules"][flag.name] = module

    def __delattr__(self, name):
        if name not in self._flags():
            raise AttributeError(name)
        del self._flags()[name]

    def find_module_defining_flag(self, flagname, default=None):
        """The module, or script, that defined a flag."""
        flag = self._flags().get(flagname)
        if flag is None:
            return default
        return self.__dict__["__modules"].get(flag.name, default)

    # -- reading and setting ---------------------------------------------------------------------

    def __getitem__(self, name):
        return self._flags()[name]

    def __getattr__(self, name):
        flag = self._flags().get(name)
        if flag is None:
            raise AttributeError(name)
        if not self.is_parsed() and not flag.present:
            raise UnparsedFlagAccessError(
                f"Trying to access flag --{name} before flags were parsed."
            )
        return flag.value

    def __setattr__(self, name, value):
        flag = self._flags().get(name)
        if flag is None:
            raise UnrecognizedFlagError(name, value)
        before, flag.value = flag.value, value
        try:
            self._validate(flag.validators)
        except IllegalFlagValueError:
            flag.value = before
            raise
        flag.using_default_value = False

    def set_default(self, name, value):
        """Give a flag another default. UnrecognizedFlagError when there is no such flag."""
        if name not in self._flags():
            raise UnrecognizedFlagError(name, value)
        self._flags()[name].set_default(value)
        self._validate(self._flags()[name].validators)

    def __contains__(self, name):
        return name in self._flags()

    def __iter__(self):
        return iter(self._flags())

    def __len__(self):
        return len(self._flags())

    def __dir__(self):
        return sorted(self._flags())

    def flag_values_dict(self):
        """{name: value}"""
        return {name: flag.value for name, flag in self._flags().items()}

    def flags_into_string(self):
        """The flags as lines of a flag file."""
        lines = [flag.serialize() for _, flag in sorted(self._flags().items())]
        return "".join(line + "\n" for line in lines if line)

    def append_flags_into_file(self, filename):
        with open(filename, "a") as file:
            file.write(self.flags_into_string())

    # -- parsing ---------------------------------------------------------------------------------

    def is_parsed(self):
        return self.__dict__["__parsed"]

    def mark_as_parsed(self):
        """Let flags be read, with their defaults, though nothing was parsed."""
        self.__dict__["__parsed"] = True

    def unparse_flags(self):
        """Forget what was parsed."""
        for flag in self._flags().values():
            flag.unparse()
        self.__dict__["__parsed"] = False

    def __call__(self, argv, known_only=False):
        """Parse `argv`, whose first item is the program; the list of what is no flag.

        Flags and other arguments may be mixed; `--` ends the flags. `known_only` leaves unknown
        flags in the list, else UnrecognizedFlagError. Raises IllegalFlagValueError for a value
        that a flag does not take or a validator refuses.
        """
        if isinstance(argv, (str, bytes)):
            raise TypeError("argv should be a tuple/list of strings, not bytes or string.")
        if not argv:
            raise ValueError(
                "argv cannot be an empty list, and must contain the program name as the first "
                "element."
            )
        rest = self._parse(self._with_files(argv[1:]), known_only)
        self.mark_as_parsed()
        self._validate([v for flag in self._flags().values() for v in flag.validators])
        return [argv[0], *rest]

    def _parse(self, arguments, known_only):
        left, unknown, allowed = [], [], set()
        arguments = iter(arguments)
        for argument in arguments:
            name, equals, value = _dashless(argument).partition("=")
            if argument == "--":
                left += ["--"] * known_only
                break
            if not argument.startswith("-") or not name:
                left.append(argument)
                continue
            flag, text = self._named(name, argument, bool(equals))
            if name == "undefok":
                names = _value(argument, equals, value, arguments).split(",")
                allowed |= {prefix + each.strip() for each in names for prefix in ("", "no")}
            elif flag is not None:
                flag.parse(text or _value(argument, equals, value, arguments))
                flag.using_default_value = False
            elif known_only:
                left.append(argument)
            else:
                unknown.append((name, argument))
        self._refuse([pair for pair in unknown if pair[0] not in allowed])
        return [*(item for item in left if _name(item) not in allowed), *arguments]

    def _named(self, name, argument, has_value):
        """The flag that is meant, and its value when the name alone says it."""
        flags = self._flags()
        if name in flags:
            flag = flags[name]
            return flag, "true" if flag.boolean and not has_value else None
        flag = flags.get(name[2:]) if name.startswith("no") else None
        if flag is None or not flag.boolean:
            return None, None
        if has_value:
            raise ValueError(f"{argument} does not take an argument")
        return flag, "false"

    def _refuse(self, unknown):
        if unknown:
            name, argument = unknown[0]
            near = difflib.get_close_matches(name, list(self._flags()), cutoff=0.8)
            raise UnrecognizedFlagError(name, argument, suggestions=near)

    def _with_files(self, arguments, outer=()):
        """The arguments, each `--flagfile=path` replaced by the lines of that file."""
        found = []
        arguments = iter(arguments)
        for argument in arguments:
            name, equals, path = _dashless(argument).partition("=")
            if argument == "--":
                return [*found, argument, *arguments]
            if name != "flagfile" or not argument.startswith("-"):
                found.append(argument)
                continue
            path = os.path.expanduser(_value(argument, equals, path, arguments).strip())
            if path in outer:
                raise Error(f"--flagfile={path} reads itself")
            with open(path) as file:
                lines = [line.strip() for line in file]
            lines = [line for line in lines if line and not line.startswith(("#", "//"))]
            found += self._with_files(lines, (*outer, path))
        return found

    def _validate(self, validators):
        problems = [each.problem(self) for each in dict.fromkeys(validators)]
        problems = [problem for problem in problems if problem is not None]
        if problems:
            raise IllegalFlagValueError("\n".join(problems))

    # -- help ------------------------------------------------------------------------------------

    def get_help(self, prefix=""):
        """What `--helpfull` shows: every flag, by the module that defined it."""
        main = _main_name()
        modules = set(self.__dict__["__modules"].values())
        ordered = sorted(modules, key=lambda module: (module != main, module))
        return "".join(self._module_help(module, prefix) for module in ordered)

    def main_module_help(self):
        """What `--help` shows: the flags of the program itself."""
        return self._module_help(_main_name())

    def _module_help(self, module, prefix=""):
        modules = self.__dict__["__modules"]
        flags = [
            flag
            for name, flag in sorted(self._flags().items())
            if name == flag.name and modules.get(name) == module
        ]
        if not flags:
            return ""
        return f"\n{prefix}{module}:\n" + "".join(_flag_help(flag, prefix + "  ") for flag in flags)


def _flag_help(flag, indent):
    short = f"-{flag.short_name}," if flag.short_name else ""
    lines = _wrapped(f"{short}--{'[no]' * flag.boolean}{flag.name}: {flag.help}", indent)
    if flag.default_as_str():
        lines += _wrapped(f"(default: {flag.default_as_str()})", indent + "  ")
    if flag.parser.syntactic_help:
        lines += _wrapped(f"({flag.parser.syntactic_help})", indent + "  ")
    return "".join(line + "\n" for line in lines)


def _wrapped(text, indent):
    first, *more = text.split("\n")
    lines = textwrap.wrap(first, 80, initial_indent=indent, subsequent_indent=indent + "  ")
    for line in more:
        lines += textwrap.wrap(line.strip(), 80, initial_indent=indent + "  ",
                               subsequent_indent=indent + "  ")  # fmt: skip
    return lines


def _dashless(argument):
    return argument[2:] if argument.startswith("--") else argument[1:]


def _name(argument):
    """The name of what looks like a flag, else None."""
    return _dashless(argument).partition("=")[0] if argument.startswith("-") else None


def _value(argument, equals, value, following):
    """What is behind the equals sign, or the next argument."""
    if equals:
        return value
    found = next(following, None)
    if found is None:
        raise Error(f"Missing value for flag {argument}")
    return found


def _calling_module():
    """The name of the module, or script, whose code defines a flag."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_HERE):
        frame = frame.f_back
    name = frame.f_globals.get("__name__", "") if frame is not None else ""
    return _main_name() if name == "__main__" else name


def _main_name():
    return sys.argv[0] if sys.argv else "__main__"


class ProgramFlags(FlagValues):
    """`tf.flags.FLAGS`: reading a flag parses the command line if nobody has yet."""

    def __getattr__(self, name):
        if not self.is_parsed():
            self(sys.argv)
        return super().__getattr__(name)

    def _parse_flags(self, args=None):
        """How programs of before TensorFlow 1.5 parsed, all by themselves."""
        self(sys.argv if args is None else [sys.argv[0], *args], known_only=True)
