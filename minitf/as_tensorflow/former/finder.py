"""Modules that are gone, or have lost what programs took from them."""
from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any

MODULES = Path(__file__).parent / "modules"  # each under the name that it had


class DroppedFinder:
    """Answers `import imp` where Python has no such module: it is asked last."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return _spec(fullname)


class ReplacedFinder:
    """Answers `import scipy.misc`, of which later versions of SciPy have left the name alone: it is
    asked first."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return _spec(fullname) if fullname == "scipy.misc" and _without_images() else None


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
