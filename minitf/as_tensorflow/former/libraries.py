"""Names that modules have dropped, given back when a program imports them: few do, and some modules
take long to load."""
from __future__ import annotations

import math
import sys
from types import ModuleType
from typing import Any

from minitf.as_tensorflow.former import hdf5


def _images(module: ModuleType) -> None:
    if not hasattr(module, "ANTIALIAS"):  # Pillow 10
        module.ANTIALIAS = module.Resampling.LANCZOS  # type: ignore[attr-defined]


def _fonts(module: ModuleType) -> None:
    def getsize(self: Any, text: str, *args: Any, **how: Any) -> tuple[int, int]:
        """(width, height) of a text, from where it is begun."""
        return tuple(map(int, self.getbbox(text, *args, **how)[2:]))  # type: ignore[return-value]

    for name in ("FreeTypeFont", "ImageFont", "TransposedFont"):
        if not hasattr(getattr(module, name), "getsize"):
            getattr(module, name).getsize = getsize


def _drawings(module: ModuleType) -> None:
    def textsize(self: Any, text: str, *args: Any, **how: Any) -> tuple[int, int]:
        """(width, height) of a text, from where it is begun."""
        return tuple(map(int, self.textbbox((0, 0), text, *args, **how)[2:]))  # type: ignore[return-value]

    if not hasattr(module.ImageDraw, "textsize"):
        module.ImageDraw.textsize = textsize


def _tables(module: ModuleType) -> None:
    def as_matrix(self: Any, columns: Any = None) -> Any:
        """The values as an array, of all columns or of these."""
        return (self if columns is None else self[columns]).to_numpy()

    for kind in (module.DataFrame, module.Series):
        if not hasattr(kind, "as_matrix"):  # pandas 1.0
            kind.as_matrix = as_matrix


_ASSERTIONS = {
    "assert_": "assertTrue", "assertEquals": "assertEqual", "assertNotEquals": "assertNotEqual",
    "assertAlmostEquals": "assertAlmostEqual", "assertNotAlmostEquals": "assertNotAlmostEqual",
    "assertRegexpMatches": "assertRegex", "assertNotRegexpMatches": "assertNotRegex",
    "assertRaisesRegexp": "assertRaisesRegex",
}  # fmt: skip


def _assertions(module: ModuleType) -> None:
    for name, now in _ASSERTIONS.items():
        if not hasattr(module.TestCase, name):  # Python 3.12
            setattr(module.TestCase, name, getattr(module.TestCase, now))


def _processes(module: ModuleType) -> None:
    """On Linux processes start by a fork, as before Python 3.14: what they run needs no name that a
    new process could find. A program may still call `multiprocessing.set_start_method`."""
    default: Any = module._default_context
    if sys.platform == "linux" and hasattr(default, "_default_context"):
        default._default_context = default.get_context("fork")


def _fractions(module: ModuleType) -> None:
    module.gcd = math.gcd  # type: ignore[attr-defined]  # Python 3.9


RESTORED = {
    "fractions": _fractions, "h5py": hdf5.restore, "unittest.case": _assertions,
    "multiprocessing.context": _processes,
    "PIL.Image": _images, "PIL.ImageFont": _fonts, "PIL.ImageDraw": _drawings, "pandas": _tables,
}  # fmt: skip
