"""Functions that are called with a module as soon as a program has imported it."""
from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

Function = Callable[[ModuleType], None]


class AfterImport:
    """The finder that sees to it: it is asked first."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self._functions = functions

    def install(self) -> None:
        """Be asked from now on; what has been imported already has its turn now."""
        sys.meta_path.insert(0, self)
        for name, function in self._functions.items():
            if name in sys.modules:
                function(sys.modules[name])

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname not in self._functions:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        found = (finder.find_spec(fullname, path, target) for finder in others)
        spec = next(filter(None, found), None)
        if spec is not None and spec.loader is not None:
            spec.loader = _AndThen(spec.loader, self._functions[fullname])  # type: ignore[assignment]
        return spec


class _AndThen:
    """A loader that calls a function with the module it has loaded, unless that is now another."""

    def __init__(self, loader: Any, function: Function) -> None:
        self._loader, self._function = loader, function

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        if sys.modules.get(module.__name__) is module:
            self._function(module)
