"""`tf.app`: `tf.app.run()` starts a program's `main`, its flags parsed."""
import sys
from typing import Any

from minitf import flags
from minitf.flags import FLAGS, BooleanFlag

__all__ = ["flags", "run"]

instead: Any = None  # what runs a program that has imported Abseil


class _Help(BooleanFlag):
    """`--help`: show what there is to give, and leave."""

    def __init__(self, name, text, show, short_name=None):
        super().__init__(name, False, text, short_name, allow_override=True)
        self._show = show

    def parse(self, argument):
        if self._parsed(argument):
            print(_usage() + "\nflags:\n" + self._show())
            sys.exit(1)


def _usage():
    text = getattr(sys.modules["__main__"], "__doc__", None)
    if not text:
        return f"\nUSAGE: {sys.argv[0]} [flags]\n"
    count = text.count("%") - 2 * text.count("%%")
    try:
        return text % ((sys.argv[0],) * count)
    except (TypeError, ValueError):
        return text  # its percent signs mean something else


def _short_help():
    return FLAGS.main_module_help() + "\nTry --helpfull to get a list of all flags."


def run(main=None, argv=None):
    """Parse the flags, call `main(arguments)` and leave the process with what it returns.

    main: the program's own `main` by default. arguments: the program's name and what is left of
    the command line, flags that nobody defined included. Raises the errors of `tf.flags` for
    values that flags do not take.
    """
    main = main or sys.modules["__main__"].main
    if instead is not None:
        return instead(main, argv)
    FLAGS["help"] = _Help("help", "show this help", _short_help, "?")
    FLAGS["helpshort"] = _Help("helpshort", "show this help", _short_help)
    FLAGS["helpfull"] = _Help("helpfull", "show full help", FLAGS.get_help)
    sys.exit(main(FLAGS(sys.argv if argv is None else argv, known_only=True)))
