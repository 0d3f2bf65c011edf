"""Names that libraries beside NumPy have dropped, given back when a program imports them."""
from __future__ import annotations

from types import ModuleType
from typing import Any


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


RESTORED = {
    "PIL.Image": _images, "PIL.ImageFont": _fonts, "PIL.ImageDraw": _drawings, "pandas": _tables,
}  # fmt: skip
