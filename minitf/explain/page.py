"""What a Watch has found as one HTML page, with nothing to be loaded from elsewhere."""
from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from minitf.core.graph import Graph
from minitf.core.tensor import Tensor
from minitf.explain.picture import INK, PALE
from minitf.explain.scopes import MOST, graph
from minitf.explain.table import number

if TYPE_CHECKING:
    from minitf.explain.watch import Curve, Watch

PROGRAMS = 3  # of the runs that take most time
_HEAD = ("runs", "seconds", "share", "median", "first run", "fetched", "fed")
_BLUE = "#0072B2"
_WIDE, _TALL, _LEFT, _LOW = 380, 180, 56, 24  # pixels of a curve's drawing; room for its numbers
# Of what is inside the page's part of a document: a notebook has a style of its own.
_STYLE = f"""
.minitf {{ font: 15px/1.5 Helvetica, Arial, sans-serif; color: {INK}; max-width: 72em; }}
.minitf h1 {{ font-size: 1.5em; }} .minitf h2 {{ font-size: 1.15em; margin-top: 2em; }}
.minitf table {{ border-collapse: collapse; }}
.minitf th {{ text-align: left; font-weight: normal; color: {PALE}; }}
.minitf td, .minitf th {{ padding: .15em .9em .15em 0; vertical-align: top; text-align: left; }}
.minitf td.number {{ text-align: right; white-space: nowrap; }}
.minitf td.share {{ min-width: 9em; }}
.minitf td.share div {{ background: {_BLUE}; height: .75em; margin-top: .4em; }}
.minitf .error {{ border-left: 4px solid #D55E00; padding-left: .6em; }}
.minitf pre {{ background: #f4f5f8; padding: .8em; overflow: auto; font-size: 12.5px; }}
.minitf .curves {{ display: flex; flex-wrap: wrap; gap: 1.2em; }}
.minitf .drawing {{ overflow: auto; }} .minitf summary {{ cursor: pointer; }}
.minitf figure {{ margin: 0; width: {_WIDE}px; }} .minitf figcaption {{ font-size: 13px; }}
.minitf code {{ font-size: 12px; color: {PALE}; overflow-wrap: anywhere; }}
"""


def page(watch: Watch) -> str:
    title = f"<title>{escape(_program())}, run by minitf</title>"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{title}</head>\n'
        f'<body style="margin: 2em">\n{part(watch)}\n</body></html>\n'
    )


def part(watch: Watch) -> str:
    """The page without what makes it a document, for a notebook."""
    parts = [
        f'<div class="minitf"><style>{_STYLE}</style>',
        f"<h1>{escape(_program())}</h1><p>{escape(watch.total())}</p>",
        *_error(watch.error), *_remarks(watch), *_runs(watch), *_curves(watch.curves),
        *_graphs(watch.graphs), *_programs(watch), "</div>",
    ]  # fmt: skip
    return "\n".join(parts)


def _program() -> str:
    return " ".join(sys.argv[:1]) or "a program"


def _error(error: BaseException | None) -> Iterator[str]:
    if error is not None:
        said = "".join(traceback.format_exception_only(type(error), error))
        yield f"<pre class=error>{escape(said)}</pre>"


def _remarks(watch: Watch) -> Iterator[str]:
    yield from (f"<p class=error>{escape(remark)}.</p>" for remark in watch.remarks())


def _runs(watch: Watch) -> Iterator[str]:
    yield "<h2>What was run</h2><table>"
    yield f"<tr>{''.join(f'<th>{head}</th>' for head in _HEAD)}</tr>"
    for runs in watch.by_time():
        count, seconds, share, median, first, fetched, fed = map(escape, watch.row(runs))
        numbers = [f"<td class=number>{each}</td>" for each in (count, seconds)]
        bar = f'<td class=share><div style="width:{share}" title="{share}"></div></td>'
        times = [f"<td class=number>{each}</td>" for each in (median, first)]
        yield f"<tr>{''.join(numbers)}{bar}{''.join(times)}<td>{fetched}</td><td>{fed}</td></tr>"
    yield "</table>"


def _curves(curves: list[tuple[Tensor, Curve]]) -> Iterator[str]:
    if curves:
        yield "<h2>What came out</h2><div class=curves>"
        yield from (_curve(tensor, curve) for tensor, curve in curves)
        yield "</div>"


def _curve(tensor: Tensor, curve: Curve) -> str:
    """A line through the points that are numbers; a point alone would not be seen as a line."""
    points = np.array(curve.points)
    known = points[np.isfinite(points)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    across = _LEFT + np.arange(len(points)) * ((_WIDE - _LEFT - 8) / max(len(points) - 1, 1))
    up = _TALL - _LOW - (points - low) / (high - low or 1.0) * (_TALL - _LOW - 12)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, up) if np.isfinite(y))
    lost = len(points) - known.size
    said = f"{number(curve.points[0])} at first, {number(curve.points[-1])} at last"
    if lost:
        said += f"; {lost} of {len(points)} points are NaN or infinite"
    floor, right, below = _TALL - _LOW, _WIDE - 8, _TALL - 4
    marks = [
        _mark(_LEFT - 6, 16, number(high), "end"), _mark(_LEFT - 6, floor + 4, number(low), "end"),
        _mark(_LEFT, below, "1", "start"), _mark(right, below, f"{curve.count:,} runs", "end"),
    ]  # fmt: skip
    return (
        f"<figure><svg width='{_WIDE}' height='{_TALL}' font-size='11' fill='{PALE}'>"
        f"<path d='M{_LEFT},8 V{floor} H{right}' fill='none' stroke='{PALE}'/>"
        f"<polyline points='{line}' fill='none' stroke='{_BLUE}' stroke-width='1.5'/>"
        f"{''.join(marks)}</svg><figcaption><b>{escape(tensor.op.name)}</b>: {escape(said)}<br>"
        f"<code>{escape(str(tensor.op.line))}</code></figcaption></figure>"
    )


def _mark(x: float, y: float, text: str, anchor: str) -> str:
    return f"<text x='{x:.0f}' y='{y:.0f}' text-anchor='{anchor}'>{text}</text>"


def _graphs(graphs: list[Graph]) -> Iterator[str]:
    for found in map(graph, graphs):
        if not found.boxes:
            continue
        yield f"<h2>The graph, by its name scopes</h2><p>{escape(found.total())}.</p>"
        drawn = len(found.boxes) <= MOST
        yield f"<div class=drawing>{found.svg()}</div>" if drawn else ""
        yield f"<details><summary>as a table</summary><pre>{escape(str(found))}</pre></details>"


def _programs(watch: Watch) -> Iterator[str]:
    """The lines of NumPy that the runs were, of those that took most time."""
    with_program = [runs for runs in watch.by_time() if runs.program]
    if with_program:
        yield "<h2>The programs that the runs became</h2>"
    for place, runs in enumerate(with_program[:PROGRAMS]):
        fetched, shown = escape(", ".join(runs.fetched)), "" if place else " open"
        yield (f"<details{shown}><summary>{fetched}</summary>"
               f"<pre>{escape(runs.program)}</pre></details>")  # fmt: skip
