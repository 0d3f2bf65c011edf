"""A flow as a picture: the graph at the left, beside each node its values and its gradient."""
from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from minitf.explain.statistics import BINS, Statistics
from minitf.explain.table import number, size

if TYPE_CHECKING:
    from minitf.explain.flow import Flow, Node

# Okabe and Ito's palette, told apart under every common colour-vision deficiency.
_VALUES, _GRADIENTS, INK, PALE = "#0072B2", "#D55E00", "#1f2430", "#8a8f99"
_PAPER, FED, VARIABLE, _OP = "#f4f5f8", "#56B4E9", "#009E73", "#ffffff"
_NODE, _NAME, _SHAPE, _LEFT, _RIGHT, _LINE, _WIDTH = 1.2, 1.4, 5.5, 6.4, 9.4, 12.3, 13.8
_HISTOGRAM, _TALL = 1.6, 0.7  # how wide and tall, in rows
_LONG = 42  # characters of a name
_BEND = 0.16  # how far an arc bows out, for each row that it passes


def picture(flow: Flow, path: Any = None) -> Any:
    """The Figure; ImportError naming the extra where there is no matplotlib."""
    figure, axes = _figure(len(flow.nodes))
    _head(axes, flow)
    _stripes(axes, [node.name.rpartition("/")[0].split("/")[0] for node in flow.nodes])
    for row, node in enumerate(flow.nodes):
        _edges(axes, row, node)
        _describe(axes, row, node)
    notes = flow.remarks()
    if notes:
        axes.text(0.1, len(flow.nodes) + 0.3, "\n".join(notes), color=_GRADIENTS, fontsize=8,
                  va="top", wrap=True)  # fmt: skip
    if path is not None:
        figure.savefig(path, dpi=130, bbox_inches="tight")
    return figure


def png(flow: Flow) -> bytes | None:
    """The picture as a notebook shows it, or None without matplotlib: then the text is shown."""
    try:
        figure = picture(flow)
    except ImportError:
        return None
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100, bbox_inches="tight")
    return buffer.getvalue()


def _figure(rows: int) -> tuple[Any, Any]:
    figure, axes = new_figure(12, 0.36 * rows + 1.2)
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(rows + 1.2, -1.9)
    return figure, axes


def new_figure(width: float, height: float) -> tuple[Any, Any]:
    """A Figure of so many inches, and Axes without marks that fill it."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError(
            "The picture of a flow needs matplotlib: the extra minitf-tf1[plot] has it; "
            "print(flow) needs nothing."
        ) from error
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)  # a backend of its own: no window, whatever pyplot is set to
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    return figure, axes


def _head(axes: Any, flow: Flow) -> None:
    axes.text(0.1, -1.5, f"{flow.loss} = {number(flow.nodes[-1].value.mean)}", color=INK,
              fontsize=12, weight="bold", va="center")  # fmt: skip
    axes.text(_LEFT, -0.9, "values, forward  ↓", color=_VALUES, weight="bold", va="center")
    axes.text(_RIGHT, -0.9, "gradients, back  ↑", color=_GRADIENTS, weight="bold", va="center")


def _stripes(axes: Any, scopes: list[str]) -> None:
    """A background for every second group of nodes of one scope."""
    first = [row for row, scope in enumerate(scopes) if not row or scope != scopes[row - 1]]
    for start, end in zip(first[1::2], [*first[2::2], len(scopes)]):
        axes.axhspan(start - 0.5, end - 0.5, color=_PAPER, zorder=0)


def _edges(axes: Any, row: int, node: Node) -> None:
    for source in node.inputs:
        far = row - source
        bend = _NODE - min(_BEND * far, _NODE - 0.1) * 2 * (far > 1)
        heights = np.linspace(source, row, 40)
        along = np.linspace(0, 1, 40)
        arc = _NODE + (bend - _NODE) * 2 * along * (1 - along)
        axes.plot(arc, heights, color=PALE, linewidth=1, zorder=1, solid_capstyle="round")


def _describe(axes: Any, row: int, node: Node) -> None:
    colour = {"fed": FED, "variable": VARIABLE}.get(node.type, _OP)
    axes.plot([_NODE], [row], "o", markersize=7, markerfacecolor=colour, markeredgecolor=INK)
    name = node.name if len(node.name) <= _LONG else f"…{node.name[1 - _LONG:]}"
    axes.text(_NAME, row - 0.02, name, color=INK, fontsize=9, va="center")
    if not _says_its_type(node) and len(name) + len(node.type) < _LONG:
        axes.text(_SHAPE - 0.15, row, node.type, color=PALE, fontsize=7, va="center", ha="right")
    axes.text(_SHAPE, row, size(node.value), color=INK, fontsize=8, va="center")
    _histogram(axes, _LEFT, row, node.value, _VALUES)
    spread = f" ± {number(node.value.std)}" if node.value.shape else ""
    axes.text(_LEFT + _HISTOGRAM + 0.1, row, f"{number(node.value.mean)}{spread}",
              color=_VALUES, fontsize=7.5, va="center")  # fmt: skip
    if node.gradient is not None:
        _histogram(axes, _RIGHT, row, node.gradient, _GRADIENTS)
        axes.text(_RIGHT + _HISTOGRAM + 0.1, row, f"rms {number(node.gradient.rms)}",
                  color=_GRADIENTS, fontsize=7.5, va="center")  # fmt: skip
    line = f"{node.line.filename.rsplit('/', 1)[-1]}:{node.line.lineno}"
    axes.text(_LINE, row, line, color=PALE, fontsize=7.5, va="center")


def _says_its_type(node: Node) -> bool:
    leaf = node.name.rsplit("/", 1)[-1].replace("_", "").lower()
    return leaf.startswith(node.type.lower())


def _histogram(axes: Any, left: float, row: int, found: Statistics, colour: str) -> None:
    most = max(found.counts)
    base = row + _TALL / 2
    axes.plot([left, left + _HISTOGRAM], [base, base], color=colour, linewidth=0.6)
    if not most or found.least == found.largest:
        return
    edges = left + np.arange(BINS + 1) * (_HISTOGRAM / BINS)
    heights = base - _TALL * np.sqrt(np.array(found.counts) / most)  # small ones can be seen, too
    axes.fill_between(edges, np.append(heights, heights[-1]), base, step="post", color=colour,
                      alpha=0.55, linewidth=0)  # fmt: skip
    if found.least < 0 < found.largest:
        zero = left - _HISTOGRAM * found.least / (found.largest - found.least)
        axes.plot([zero, zero], [base, base - _TALL], color=INK, linewidth=0.6, alpha=0.6)
