"""A flow as a diagram: boxes and circles, on each edge the value above and the gradient below."""
# ruff: noqa: RUF001  the signs of formulas
from __future__ import annotations

import io
import os
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from minitf.explain.layout import Layout
from minitf.explain.picture import FED, INK, PALE, VARIABLE, new_figure
from minitf.explain.statistics import Statistics
from minitf.explain.table import number, row, size

if TYPE_CHECKING:
    from minitf.explain.flow import Flow, Node

MOST = 150  # nodes: of more, a diagram is a thicket
SHOWN = ("graph", "values", "gradients", "update")
_SYMBOLS = {
    "Mul": "×", "Add": "+", "AddV2": "+", "AddN": "+", "BiasAdd": "+", "Sub": "−", "Neg": "−",
    "RealDiv": "÷", "Div": "÷", "DivNoNan": "÷", "Pow": "xʸ", "Square": "x²", "Sqrt": "√",
    "SquaredDifference": "(−)²", "Sum": "Σ", "Mean": "mean", "L2Loss": "½Σx²", "Maximum": "max",
    "Minimum": "min", "MatMul": "mat-\nmul", "BatchMatMulV2": "mat-\nmul", "Sigmoid": "σ",
    "LeakyRelu": "leaky\nrelu", "Softmax": "soft-\nmax", "Conv2D": "conv",
    "MaxPool": "max-\npool", "AvgPool": "mean-\npool", "FusedBatchNormV3": "batch\nnorm",
    "SoftmaxCrossEntropyWithLogits": "softmax\ncross-\nentropy",
    "SparseSoftmaxCrossEntropyWithLogits": "softmax\ncross-\nentropy",
}  # fmt: skip
# Green and red as in the figures of the talk, dark enough to read and far apart in brightness.
_VALUE, _GRADIENT, _UPDATE = "#00734f", "#d62828", "#0072B2"
_ACROSS, _DOWN = 2.0, 0.85  # inches from node to node
_RADIUS, _WIDE, _TALL = 0.27, 0.46, 0.24  # inches: of a circle; half of a box
_LEVEL = 1.0  # inches from a node in which its edges are level: the numbers stand there
_MARGIN = 0.25
_LONG = 12  # characters in a line of a box
_CIRCLED, _BOXED = (15, 12, 10, 9, 8, 6.5), (9,) * 8 + (7,)  # points, by the longest line
_FRAME, _REST, _END = 500, 1500, 4000  # milliseconds


class _Stage(NamedTuple):
    """How many columns have their values, from the left, and gradients, from the right."""

    values: int = 0
    gradients: int = 0
    update: bool = False


def diagram(flow: Flow, path: Any = None, show: str = "update") -> Any:
    """The Figure with so much filled in; written to `path`, step by step if that is a .gif."""
    if show not in SHOWN:
        raise ValueError(f"Flow.diagram: show is {show!r}, expected one of {', '.join(SHOWN)}")
    if len(flow.nodes) > MOST:
        raise ValueError(
            f"Flow.diagram draws at most {MOST} nodes, this flow has {len(flow.nodes)}: plot() "
            "draws a list, and TensorBoard shows the graph that tf.summary.FileWriter wrote."
        )
    layout = Layout([node.inputs for node in flow.nodes])
    full = SHOWN.index(show)
    last = _Stage(layout.columns * (full > 0), layout.columns * (full > 1), full > 2)
    if path is not None and os.fspath(path).endswith(".gif"):
        _animate(flow, layout, last, path)
        path = None
    figure = _drawn(flow, layout, last)
    if path is not None:
        figure.savefig(path, dpi=130)
    return figure


def _drawn(flow: Flow, layout: Layout, stage: _Stage) -> Any:
    width = layout.columns * _ACROSS
    height = max(layout.rows, 1) * _DOWN + 0.5
    figure, axes = new_figure(width, height)
    axes.set_xlim(-_WIDE - _MARGIN, width - _WIDE - _MARGIN)
    axes.set_ylim(height - _TALL - 0.6, -_TALL - 0.6)
    _head(axes, stage)
    for index, (node, place) in enumerate(zip(flow.nodes, layout.places)):
        for source in node.inputs:
            _edge(axes, layout.way(source, index))
        _node(axes, node, place)
        _flows(axes, node, place, layout.columns, stage)
    return figure


def _head(axes: Any, stage: _Stage) -> None:
    said = [("values, forward →", _VALUE, stage.values),
            ("← gradients, back", _GRADIENT, stage.gradients),
            ("after the step", _UPDATE, stage.update)]  # fmt: skip
    for index, (text, colour, shown) in enumerate(said):
        axes.text(-_WIDE + 1.6 * index, -_TALL - 0.35, text, color=colour, weight="bold",
                  fontsize=10, va="center", alpha=1.0 if shown else 0.15)  # fmt: skip


def _edge(axes: Any, way: list[tuple[float, float]]) -> None:
    """Level where the numbers stand, then bent towards the next place."""
    points = np.array(way) * (_ACROSS, _DOWN)
    along = np.linspace(0, 1, 30)
    bent = along * along * (3 - 2 * along)
    for (x0, y0), (x1, y1) in pairwise(points):
        start, end = x0 + _LEVEL, x1 - _RADIUS
        across = [x0, *(start + (end - start) * along), x1]
        axes.plot(across, [y0, *(y0 + (y1 - y0) * bent), y1], color=PALE, linewidth=1.2, zorder=1)
    tip = points[-1][0] - _RADIUS - 0.02, points[-1][1]
    axes.plot(*tip, marker=5, color=PALE, markersize=6, zorder=2)  # 5: points to the right


def _node(axes: Any, node: Node, place: tuple[float, float]) -> None:
    from matplotlib.patches import Circle, FancyBboxPatch

    x, y = place[0] * _ACROSS, place[1] * _DOWN
    if node.inputs:
        axes.add_patch(Circle((x, y), _RADIUS, facecolor="white", edgecolor=INK, zorder=3))
        _said(axes, x, y, _symbol(node), _CIRCLED)
        if not _is_named_by_type(node):
            axes.text(x, y + _RADIUS + 0.04, node.name.rsplit("/", 1)[-1], color=PALE, fontsize=7,
                      ha="center", va="top")  # fmt: skip
    else:
        colour = {"fed": FED, "variable": VARIABLE}.get(node.type, PALE)
        corner, style = (x - _WIDE, y - _TALL), "round,pad=0,rounding_size=0.06"
        axes.add_patch(FancyBboxPatch(corner, 2 * _WIDE, 2 * _TALL, boxstyle=style, zorder=3,
                                      facecolor=_tint(colour), edgecolor=INK))  # fmt: skip
        _said(axes, x, y, _broken(node.name), _BOXED)


def _said(axes: Any, x: float, y: float, text: str, sizes: tuple[float, ...]) -> None:
    """The text in a node, in the size for the length of its longest line."""
    length = max(map(len, text.split("\n")))
    axes.text(x, y, text, color=INK, ha="center", va="center", zorder=4, linespacing=0.9,
              fontsize=sizes[min(length, len(sizes)) - 1])  # fmt: skip


def _flows(
    axes: Any, node: Node, place: tuple[float, float], columns: int, stage: _Stage
) -> None:  # fmt: skip
    """The value above the edge that leaves the node, the gradient below it."""
    x, y = place[0] * _ACROSS, place[1] * _DOWN
    few = bool(node.value.few)
    style: Any = {"fontsize": 10 if few else 8, "zorder": 5}
    start = x + (_RADIUS if node.inputs else _WIDE) + 0.06
    if place[0] == columns - 1:
        axes.plot([x, x + _LEVEL], [y, y], color=PALE, linewidth=1.2, zorder=1)
    if place[0] < stage.values:
        axes.text(start, y - 0.05, _short(node.value), color=_VALUE, va="bottom", **style)
    if node.gradient is not None and columns - place[0] <= stage.gradients:
        axes.text(start, y + 0.05, _short(node.gradient, spread=True), color=_GRADIENT, va="top",
                  **style)  # fmt: skip
    if node.update is not None and stage.update:
        axes.text(x, y + _TALL + 0.04, _updated(node.value, node.update), color=_UPDATE,
                  fontsize=9 if few else 7.5, ha="center", va="top")  # fmt: skip


def _symbol(node: Node) -> str:
    short = node.type.lower() if len(node.type) < 8 else f"{node.type[:7]}…"
    symbol = _SYMBOLS.get(node.type, short)
    return symbol if node.constant is None else f"{symbol} {number(node.constant)}"


def _broken(name: str) -> str:
    """A name in lines that a box has room for."""
    return "\n".join(part if len(part) <= _LONG else f"{part[:_LONG - 1]}…"
                     for part in name.split("/")[-2:])  # fmt: skip


def _is_named_by_type(node: Node) -> bool:
    leaf = node.name.rsplit("/", 1)[-1].replace("_", "").lower()
    return leaf.startswith(node.type.lower()[:3])


def _short(found: Statistics, spread: bool = False) -> str:
    """The elements of few, else a summary: of gradients how large they are."""
    if found.few:
        return row(found.few)
    if spread:
        return f"rms {number(found.rms)}"
    return f"{number(found.mean)} ± {number(found.std)}\n{size(found)}"


def _updated(value: Statistics, update: Statistics) -> str:
    if value.few:
        return "→ " + row(tuple(a + b for a, b in zip(value.few, update.few)))
    return f"moved by {number(update.rms)}"


def _tint(colour: str) -> tuple[float, ...]:
    """A third of the colour on white paper."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(1 - (1 - part) / 3 for part in parts)


def _stages(columns: int, last: _Stage) -> Iterator[tuple[_Stage, int]]:
    """The frames of an animation, and how long each stands."""
    yield _Stage(), _REST
    for n in range(1, last.values + 1):
        yield _Stage(n), _FRAME if n < columns else _REST
    for n in range(1, last.gradients + 1):
        yield _Stage(columns, n), _FRAME if n < columns else _REST
    yield last, _END


def _animate(flow: Flow, layout: Layout, last: _Stage, path: Any) -> None:
    from PIL import Image  # matplotlib needs it, too

    stages, times = zip(*_stages(layout.columns, last))
    frames = []
    for stage in stages:
        buffer = io.BytesIO()
        _drawn(flow, layout, stage).savefig(buffer, format="png", dpi=100)
        frames.append(Image.open(buffer).convert("P", palette=Image.Palette.ADAPTIVE, colors=64))
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=times, loop=0)
