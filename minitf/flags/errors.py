"""What defining, reading and parsing flags can raise."""


class Error(Exception):
    """The base of all errors of flags."""


class DuplicateFlagError(Error):
    """A flag of this name is defined already."""


class IllegalFlagValueError(Error):
    """A value that the flag does not take."""


class UnrecognizedFlagError(Error):
    """A flag on the command line, or set by the program, that nobody defined."""

    def __init__(self, flagname, flagvalue="", suggestions=None):
        self.flagname, self.flagvalue = flagname, flagvalue
        hint = f". Did you mean: {', '.join(suggestions)} ?" if suggestions else ""
        super().__init__(f"Unknown command line flag '{flagname}'{hint}")


class UnparsedFlagAccessError(Error):
    """A flag was read before the command line was."""


class ValidationError(Error):
    """A validator does not like a flag's value."""
