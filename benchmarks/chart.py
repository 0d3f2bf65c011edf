"""The bar chart of the training steps: one small panel per row."""
from __future__ import annotations

from pathlib import Path

from benchmarks.measure import Samples, Table
from benchmarks.processes import PEERS
from benchmarks.report import medians

COLUMNS = 3
OURS, OTHERS = "#d55e00", "#9aa5b1"


def draw(table: Table, samples: Samples, path: Path) -> None:
    """Medians as horizontal bars, shortest first; needs matplotlib."""
    try:
        import matplotlib
    except ImportError as error:
        raise SystemExit("The chart needs matplotlib: the extra `plot` has it.") from error
    matplotlib.use("Agg")
    from matplotlib import pyplot

    shown = {row: medians(by_peer) for row, by_peer in samples.items() if by_peer}
    lines = -(-len(shown) // COLUMNS)
    figure, axes = pyplot.subplots(
        lines, min(COLUMNS, len(shown)), figsize=(14, 2.3 * lines + 0.6), squeeze=False
    )
    for panel in axes.flat[len(shown) :]:
        panel.axis("off")
    for panel, (row, values) in zip(axes.flat, shown.items()):
        bars(panel, row, values, table)
    figure.suptitle(f"{table.title}, {table.unit}, medians")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


def bars(panel, row: str, values: dict[str, float], table: Table) -> None:
    names = sorted(values, key=lambda name: values[name], reverse=True)
    heights = [values[name] for name in names]
    colours = [OURS if name == "minitf" else OTHERS for name in names]
    drawn = panel.barh([PEERS[name].label for name in names], heights, color=colours)
    panel.bar_label(drawn, [table.show(height) for height in heights], padding=3, fontsize=8)
    panel.set_title(row, fontsize=9)
    panel.set_xlim(0, 1.25 * max(heights))
    panel.tick_params(labelsize=8)
    panel.xaxis.set_visible(False)
    panel.spines[["top", "right", "bottom"]].set_visible(False)
