"""`absl`, whose flags TensorFlow takes: what one has defined the other reads.

As soon as a program imports `absl.flags`, `tf.flags` and `tf.app.run` are made of it. Where Abseil
is not installed, `absl.flags`, `absl.app` and `absl.logging` are tf.flags, tf.app and tf.logging.
"""
from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import minitf as tf

_OURS = {"absl.flags": tf.flags, "absl.app": tf.app, "absl.logging": tf.logging}
_RENAMED = ("DEFINE_string", "DEFINE_boolean", "DEFINE_bool", "DEFINE_float", "DEFINE_integer")


class LastAbslFinder:
    """Asked last: Abseil is not installed."""

    def __init__(self, loader: Callable[[Any], Any]) -> None:
        self._loader = loader

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname == "absl":
            package = ModuleType(fullname)
            package.__path__ = []
            return ModuleSpec(fullname, self._loader(package))
        return ModuleSpec(fullname, self._loader(_OURS[fullname])) if fullname in _OURS else None


class SharedFlags:
    """`tf.flags.FLAGS`: those of Abseil, but reading one parses the command line if nobody has."""

    def __getattr__(self, name: str) -> Any:
        shared = vars(self)["__absl"]
        if name in shared and not shared.is_parsed():
            shared(sys.argv)
        return getattr(shared, name)

    def _parse_flags(self, args: Any = None) -> None:
        """How programs of before TensorFlow 1.5 parsed, all by themselves."""
        self(sys.argv if args is None else [sys.argv[0], *args], known_only=True)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(vars(self)["__absl"], name, value)

    def __delattr__(self, name: str) -> None:
        delattr(vars(self)["__absl"], name)

    def __getitem__(self, name: str) -> Any:
        return vars(self)["__absl"][name]

    def __setitem__(self, name: str, flag: Any) -> None:
        vars(self)["__absl"][name] = flag

    def __contains__(self, name: str) -> bool:
        return name in vars(self)["__absl"]

    def __iter__(self) -> Iterator[str]:
        return iter(vars(self)["__absl"])

    def __len__(self) -> int:
        return len(vars(self)["__absl"])

    def __dir__(self) -> list[str]:
        return dir(vars(self)["__absl"])

    def __str__(self) -> str:
        return str(vars(self)["__absl"])

    def __call__(self, *arguments: Any, **how: Any) -> Any:
        return vars(self)["__absl"](*arguments, **how)


def share(absl: ModuleType) -> None:
    """Let tf.flags be these flags; those that were defined before are defined there, too."""
    ours: Any = tf.flags.FLAGS
    for name in list(ours):
        if name == ours[name].name and name not in absl.FLAGS:
            _define(absl, ours[name])
    vars(ours).clear()
    vars(ours)["__absl"] = absl.FLAGS
    object.__setattr__(ours, "__class__", SharedFlags)  # programs hold it: it stays one object
    for name, value in vars(absl).items():
        if not name.startswith("_") and name != "FLAGS" and not isinstance(value, ModuleType):
            old_names = tf.flags.define.with_old_names if name in _RENAMED else lambda value: value
            setattr(tf.flags, name, old_names(value))
    tf.app.instead = _run


def _define(absl: ModuleType, flag: Any) -> None:
    how = flag.parser, flag.serializer, flag.name, flag.default, flag.help, flag.short_name
    several = isinstance(flag, tf.flags.MultiFlag)
    absl.DEFINE_flag(absl.MultiFlag(*how) if several else absl.Flag(*how, boolean=flag.boolean))
    for each in flag.validators:
        if each.names == (flag.name,):
            absl.register_validator(flag.name, each.checker, each.message)


def _run(main: Any, argv: Any) -> None:
    importlib.import_module("absl.app").run(main=main, argv=argv, flags_parser=_known)


def _known(argv: Any) -> Any:
    return tf.flags.FLAGS(sys.argv if argv is None else argv, known_only=True)
