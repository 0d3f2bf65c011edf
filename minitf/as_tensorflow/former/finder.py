"""Modules that are gone, or have lost names: asked when a program imports them."""
from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from minitf.as_tensorflow.former import libraries

MODULES = Path(__file__).parent / "modules"  # each under the name that it had


class DroppedFinder:
    """Answers `import imp` where Python has no such module: it is asked last."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return _spec(fullname)


class ReplacedFinder:
    """Answers `import scipy.misc`, of which later versions of SciPy have left the name alone, and
    sees that libraries have the names that they had: it is asked first."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname == "scipy.misc" and _without_images():
            return _spec(fullname)
        restore = libraries.RESTORED.get(fullname)
        spec = restore and PathFinder.find_spec(fullname, path, target)
        if restore and spec and spec.loader:
            spec.loader = _AndThen(spec.loader, restore)  # type: ignore[assignment]
        return spec or None


class _AndThen:
    """A loader that calls a function with the module it has loaded."""

    def __init__(self, loader: Any, then: Callable[[ModuleType], None]) -> None:
        self._loader, self._then = loader, then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        self._then(module)


def _without_images() -> bool:
    """Whether SciPy is one of those, 1.3 or later."""
    version = getattr(sys.modules.get("scipy"), "__version__", "0.0").split(".")
    return [int(number) for number in version[:2]] >= [1, 3]


def _spec(name: str) -> ModuleSpec | None:
    place = MODULES.joinpath(*name.split("."))
    if (place / "__init__.py").exists():
        inside = [str(place)]
        return spec_from_file_location(
            name, place / "__init__.py", submodule_search_locations=inside
        )
    file = place.with_suffix(".py")
    return spec_from_file_location(name, file) if file.exists() else None


DROPPED, REPLACED = DroppedFinder(), ReplacedFinder()
