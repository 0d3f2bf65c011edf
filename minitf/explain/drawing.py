"""A graph by its scopes as an SVG drawing: no library is needed for it, and browsers show it."""
from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from minitf.explain.layout import Layout
from minitf.explain.picture import INK, PALE

if TYPE_CHECKING:
    from minitf.explain.scopes import Box, Scopes

# Pixels: from box to box, of a box, and around all.
_ACROSS, _DOWN, _WIDE, _TALL, _MARGIN = 196, 88, 172, 50, 20
_FONT = "font-family='Helvetica, Arial, sans-serif'"
_ARROW = (
    "<defs><marker id='arrow' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' "
    f"orient='auto'><path d='M0,0 L8,4 L0,8 z' fill='{PALE}'/></marker></defs>"
)
# Of Okabe and Ito's palette, as in the other pictures, so pale that text can be read on it.
_FAINT = "#5b616e"
_COLOURS = {"fed": "#c5e5f8", "variable": "#a6ddcd", "scope": "#dfe5f5"}


def svg(scopes: Scopes) -> str:
    layout = Layout([box.inputs for box in scopes.boxes])
    width = 2 * _MARGIN + max(layout.rows, 1) * _ACROSS - (_ACROSS - _WIDE)
    height = 3 * _MARGIN + max(layout.columns, 1) * _DOWN - (_DOWN - _TALL)
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width:.0f}' height='{height:.0f}' "
        f"viewBox='0 0 {width:.0f} {height:.0f}' {_FONT}>",
        "<rect width='100%' height='100%' fill='white'/>", _ARROW,
    ]  # fmt: skip
    for number, box in enumerate(scopes.boxes):
        parts += [_edge([_spot(p) for p in layout.way(i, number)]) for i in box.inputs]
        parts += [_back(_spot(layout.places[i]), _spot(layout.places[number])) for i in box.back]
    parts += [_drawn(box, _spot(place)) for box, place in zip(scopes.boxes, layout.places)]
    total = f"<text x='{_MARGIN}' y='{height - _MARGIN / 2:.0f}' font-size='11' fill='{PALE}'>"
    return "\n".join([*parts, f"{total}{escape(scopes.total())}</text>", "</svg>"])


def _spot(place: tuple[float, float]) -> tuple[float, float]:
    """The middle of a box. The layout goes from left to right, the drawing from top to bottom."""
    column, row = place
    return _MARGIN + row * _ACROSS + _WIDE / 2, _MARGIN + column * _DOWN + _TALL / 2


def _edge(way: list[tuple[float, float]]) -> str:
    """From the lower side of a box to the upper side of another."""
    (x, y), half = way[0], _TALL / 2
    path = [f"M{x:.0f},{y + half:.0f}"]
    for (x0, y0), (x1, y1) in pairwise(way):
        start, end = y0 + half, y1 - half
        middle = (start + end) / 2
        path.append(f"L{x0:.0f},{start:.0f} C{x0:.0f},{middle:.0f} {x1:.0f},{middle:.0f} "
                    f"{x1:.0f},{end:.0f}")  # fmt: skip
    return _line(" ".join(path))


def _back(source: tuple[float, float], target: tuple[float, float]) -> str:
    """From the side of a box around to the side of one above it."""
    (x0, y0), (x1, y1), half = source, target, _WIDE / 2
    away = max(x0, x1) + half + 30
    path = (
        f"M{x0 + half:.0f},{y0:.0f} C{away:.0f},{y0:.0f} {away:.0f},{y1:.0f} "
        f"{x1 + half:.0f},{y1:.0f}"
    )
    return _line(path, " stroke-dasharray='4 3'")


def _line(path: str, more: str = "") -> str:
    return (
        f"<path d='{path}' fill='none' stroke='{PALE}' stroke-width='1.2' "
        f"marker-end='url(#arrow)'{more}/>"
    )


def _drawn(box: Box, spot: tuple[float, float]) -> str:
    (x, y), (scope, _, name) = spot, box.name.rpartition("/")
    middle = 2 if scope else -3
    lines = [(scope, 9.5, -12, _FAINT, "normal", 28), (name, 12, middle, INK, "bold", 22),
             (_second(box), 10.5, middle + 15, INK, "normal", 30)]  # fmt: skip
    texts = [
        f"<text x='{x:.0f}' y='{y + below:.0f}' font-size='{size}' font-weight='{weight}' "
        f"text-anchor='middle' fill='{colour}'>{escape(_cut(text, length))}</text>"
        for text, size, below, colour, weight, length in lines if text
    ]  # fmt: skip
    return f"<g><title>{escape(_whole(box))}</title>{_frame(box, x, y)}{''.join(texts)}</g>"


def _frame(box: Box, x: float, y: float) -> str:
    colour = _COLOURS.get(box.type, "white")
    return (
        f"<rect x='{x - _WIDE / 2:.0f}' y='{y - _TALL / 2:.0f}' width='{_WIDE}' height='{_TALL}' "
        f"rx='{6 if box.type == 'scope' else 20}' fill='{colour}' stroke='{INK}'/>"
    )


def _second(box: Box) -> str:
    """What it is, and what it gives."""
    what = f"{_short(box.weights)} weights" if box.type == "scope" and box.weights else ""
    if box.type not in _COLOURS and box.type.lower() not in box.name.lower():
        what = box.type
    gives = box.gives[0].removesuffix(" float32") if box.gives else ""
    more = f" +{len(box.gives) - 1}" if len(box.gives) > 1 else ""
    return ", ".join(part for part in (what, f"{gives}{more}") if part)


def _short(count: int) -> str:
    """Of a large count three digits: 1,234, 12.3 k, 1.23 M."""
    if count < 10_000:
        return f"{count:,}"
    size, unit = (1e9, "G") if count >= 1e9 else (1e6, "M") if count >= 1e6 else (1e3, "k")
    return f"{count / size:.3g} {unit}"


def _whole(box: Box) -> str:
    """What is shown when the pointer rests on the box."""
    return "\n".join([
        f"{box.name} ({box.type})", f"{box.operations} operations, {box.weights:,} weights",
        *(f"gives {each}" for each in box.gives), f"built at {box.line}",
    ])  # fmt: skip


def _cut(text: str, length: int) -> str:
    """The end of a text, which tells names apart."""
    return text if len(text) <= length else f"…{text[1 - length:]}"
