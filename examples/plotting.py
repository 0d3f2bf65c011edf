"""What the examples' pictures share: a colour-blind-safe palette and where the PNG goes."""
from pathlib import Path

# Okabe and Ito's palette, told apart under every common colour-vision deficiency.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9")


def pyplot():
    """matplotlib.pyplot drawing to files, with text large enough to read on a slide."""
    try:
        import matplotlib
    except ImportError as error:
        raise SystemExit("The pictures need matplotlib: install the extra minitf-tf1[plot], "
                         "or pass --no-plot for the numbers alone.") from error
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt
    plt.rcParams.update({"font.size": 12, "axes.spines.top": False, "axes.spines.right": False,
                         "axes.axisbelow": True, "grid.color": "#dddddd"})
    return plt


def save(figure, folder, name):
    """Write the figure as folder/name and return that path."""
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(str(path), dpi=110)
    return str(path)
