"""The section on GPUs of RESULTS.md, from what `benchmarks.cpu_vs_gpu` has recorded."""
from __future__ import annotations

import json
import re
import statistics
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.gpu_rows import BATCHES, DEPTHS, LABELS, LARGE, OTHERS, STEPS, Aim, flops, moved
from benchmarks.rows import Row

CHART = "cpu_vs_gpu.png"
UNLIKE = 1e-3  # relative: losses of float32, summed in another order
NONE_YET = " GPU figures: none yet."
COLUMNS = [("cpu", "step"), ("gpu", "step"), ("gpu", "step_and_loss"), ("gpu32", "step"),
           *((peer.name, "step") for peer in OTHERS)]  # fmt: skip
AGAINST = {"captured": ("graphs", "jax"), "torch": ("torch", "graphs")}
INTRODUCTION = """\
`python -m benchmarks.cpu_vs_gpu`: medians; every step is fed from the host's memory, and the device
is waited for at the end of a block of steps; float32, TF32 off unless a column says so (PyTorch's
convolutions take it by default). PyTorch's feeds lie in pinned memory from the start.
"""
SWEPT = """\
784-depth x width-10, relu, SGD: microseconds of a step on the CPU / on the GPU. What would have
taken the CPU a second or more was not measured there."""

Records = list[dict[str, Any]]
Medians = dict[tuple[str, str], float]


def read(path: Path) -> Records:
    """What was written; a last line that was cut off is left out."""
    *lines, last = path.read_text().split("\n")
    if last:
        print(f"left out, for it is cut off: {last[:80]}", file=sys.stderr)
    return [json.loads(line) for line in lines]


def write(folder: Path, records: Records, chart: bool = False) -> str:
    """GPU.md in the folder, and the chart if it is asked for and can be drawn."""
    if chart and any(r["kind"] == "sweep" for r in records):
        try:
            draw(records, folder / CHART)
        except ImportError:
            print("no chart: the extra `plot` has matplotlib", file=sys.stderr)
    text = section(records, (folder / CHART).exists())
    (folder / "GPU.md").write_text(text)
    return text


def update(results: Path, folder: Path, records: Records) -> None:
    """Put the section into RESULTS.md in place of the last one, and the chart beside it."""
    if not one(records, "about").get("cards") or one(records, "about").get("small"):
        raise SystemExit("RESULTS.md stays as it is: these are no figures of a GPU.")
    text = results.read_text().replace(NONE_YET, "")
    text = re.sub(r"\n## GPU\n.*?(?=\n## |\Z)", "", text, flags=re.DOTALL)
    results.write_text(text.rstrip("\n") + "\n\n" + section(records, (folder / CHART).exists()))
    if (folder / CHART).exists():
        results.with_name(CHART).write_bytes((folder / CHART).read_bytes())


# -- records ---------------------------------------------------------------------------------------


def of(records: Records, kind: str, **fields: Any) -> Records:
    return [
        r for r in records
        if r["kind"] == kind and all(r.get(name) == value for name, value in fields.items())
    ]  # fmt: skip


def one(records: Records, kind: str, **fields: Any) -> dict[str, Any]:
    """The last one of a kind; empty when there is none."""
    found = of(records, kind, **fields)
    return found[-1] if found else {}


def medians(records: Records, row: str) -> Medians:
    return {
        (r["peer"], r["fetches"]): statistics.median(r["samples"])
        for r in of(records, "step", row=row)
    }


# -- the section -----------------------------------------------------------------------------------


def section(records: Records, chart: bool = False) -> str:
    parts = [("## GPU", header(records)), ("### One training step, feeds included", steps(records)),
             ("### What the card reaches", reached(records)),
             ("### From which size on the GPU is faster", sweep(records, chart)),
             ("### What a step moves", moves(records)), ("### Memory", memory(records)),
             ("### What did not work", failures(records))]  # fmt: skip
    return "\n\n".join(f"{title}\n\n{text}" for title, text in parts if text) + "\n"


def header(records: Records) -> str:
    about, versions = one(records, "about"), dict(one(records, "versions"))
    lines = [INTRODUCTION]
    if about.get("small"):
        lines.append("**Tiny sizes, to see whether it runs: the figures mean nothing.**\n")
    lines.append(f"- {about.get('today')}, {about.get('machine')}, load {about.get('load')}, "
                 f"{about.get('compiler')}")  # fmt: skip
    if about.get("missing"):
        lines.append(f"- **no GPU: {about['missing']}**; the CPU's half was measured")
    lines += [f"- {card}" for card in about.get("cards", ())]
    if about.get("smi"):
        lines.append(f"- nvidia-smi: {about['smi']}")
    versions.pop("kind", None)
    versions.pop("memory", None)
    if versions:
        lines.append("- " + ", ".join(f"{name} {value}" for name, value in versions.items()))
    if products := one(records, "products"):
        lines.append(f"- minitf's matrix products on the GPU: {products['by']}")
    lines += [f"- {LABELS[r['peer']]}: {r['version']}, Python {r['python']}"
              for r in of(records, "worker")]  # fmt: skip
    return "\n".join(lines)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    lines += ["| " + " | ".join(cells) + " |" for cells in rows]
    return "\n".join(lines)


def microseconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1e6:,.{1 if seconds < 1e-4 else 0}f}"


def steps(records: Records) -> str:
    found = {row.name: medians(records, row.name) for row, _ in STEPS}
    there = [c for c in COLUMNS if any(c in times for times in found.values())]
    if not there:
        return ""
    heads = ["microseconds", *(head(column) for column in there)]
    on_gpu = any(peer != "cpu" for peer, _ in there)
    heads += ["compared", "aim", "met"] * on_gpu
    rows = []
    for row, aim in STEPS:
        times = found[row.name]
        if times:
            cells = [microseconds(times.get(column)) for column in there]
            rows.append([row.name, *cells, *compared(records, row, aim, times) * on_gpu])
    return table(heads, rows)


def head(column: tuple[str, str]) -> str:
    peer, fetches = column
    return LABELS[peer] + (", loss fetched" if fetches == "step_and_loss" else "")


def compared(
    records: Records, row: Row, aim: Aim | None, times: Medians
) -> tuple[str, str, str]:
    """A ratio and to what, the aim, and whether it is met."""
    ours = times.get(("gpu", "step"))
    if aim is None or ours is None:
        others = {peer.name: times[peer.name, "step"] for peer in OTHERS
                  if (peer.name, "step") in times}  # fmt: skip
        if not others or ours is None:
            return "", "", ""
        best = min(others, key=others.__getitem__)
        return f"{ours / others[best]:.2f} of {LABELS[best]}", "", ""
    if aim.against in AGAINST:
        found = {name: times[name, "step"] for name in AGAINST[aim.against]
                 if (name, "step") in times}  # fmt: skip
        wanted = f"<= {aim.limit:g} of the faster of " + " and ".join(
            LABELS[name] for name in AGAINST[aim.against]
        )
        if not found:
            return "", wanted, "not measured"
        best = min(found, key=found.__getitem__)
        ratio = ours / found[best]
        missing = set(AGAINST[aim.against]) - set(found)
        note = f" ({', '.join(LABELS[name] for name in sorted(missing))} missing)" * bool(missing)
        met = ("yes" if ratio <= aim.limit else "**no**") + note
        return f"{ratio:.2f} of {LABELS[best]}", wanted, met
    share = share_of_limit(records, row, aim.against, ours)
    what = {"product": "the BLAS's rate", "copy": "the copy's rate"}[aim.against]
    wanted = f">= {aim.limit:.0%} of {what}"
    if share is None:
        return "", wanted, "not measured"
    return f"{share:.0%} of {what}", wanted, "yes" if share >= aim.limit else "**no**"


def share_of_limit(
    records: Records, row: Row, against: str, seconds: float, peer: str = "cupy"
) -> float | None:
    """The rate of the step, divided by that of the plain product, or the plain copy."""
    if against == "product":
        limit = one(records, "product", peer=peer)
        return flops(row) / seconds / limit["flops"] if limit else None
    limit = one(records, "copy")
    return moved(row) / seconds / limit["rate"] if limit else None


def reached(records: Records) -> str:
    lines = []
    for r in of(records, "product"):
        tf32 = " with TF32 (CUPY_TF32=1)" if r["peer"] == "cupy32" else ""
        lines.append(f"- a product of {r['side']:,} x {r['side']:,} matrices by cuBLAS through CuPy"
                     f"{tf32}: {r['flops'] / 1e12:,.1f} TFLOP/s")  # fmt: skip
    if copy := one(records, "copy"):
        lines.append(f"- a copy within the device, {copy['size'] / 2**20:,.3g} MiB: "
                     f"{copy['rate'] / 1e9:,.0f} GB/s, read and written")  # fmt: skip
    for row, aim in STEPS:
        times = medians(records, row.name)
        for peer, limit in (("gpu", "cupy"), ("gpu32", "cupy32")):
            ours = times.get((peer, "step"))
            if ours is None:
                continue
            if row.model == "dense" and (row == LARGE or (aim and peer == "gpu")):
                share = share_of_limit(records, row, "product", ours, limit)
                of_limit = "" if share is None else f", {share:.0%} of the product's"
                lines.append(f"- {row.name}, {LABELS[peer]}: {flops(row) / ours / 1e12:,.2f} "
                             f"TFLOP/s{of_limit}")  # fmt: skip
            elif row.model == "chain" and peer == "gpu":
                share = share_of_limit(records, row, "copy", ours)
                of_limit = "" if share is None else f", {share:.0%} of the copy's"
                lines.append(f"- {row.name}: {moved(row) / ours / 1e9:,.0f} GB/s, counting the "
                             f"variable read and written once{of_limit}")  # fmt: skip
    return "\n".join(lines)


# -- the sweep -------------------------------------------------------------------------------------


def points(records: Records, depth: int) -> dict[tuple[int, int], dict[str, float]]:
    return {(r["batch"], r["width"]): r["seconds"] for r in of(records, "sweep", depth=depth)}


def sweep(records: Records, chart: bool) -> str:
    depths = sorted({r["depth"] for r in of(records, "sweep")})
    if not depths:
        return ""
    both = any({"cpu", "gpu"} <= r["seconds"].keys() for r in of(records, "sweep"))
    parts = [f"![How many times faster a step is on the GPU, by width and batch]({CHART})"] * (
        chart and both
    )
    parts.append(SWEPT)
    for depth in depths:
        found = points(records, depth)
        widths = sorted({width for _, width in found})
        batches = sorted({batch for batch, _ in found})
        heads = [f"{depth} layers, batch", *(f"width {width}" for width in widths)]
        heads += ["the GPU is faster"] * both
        rows = [
            [str(batch), *(pair(found.get((batch, width), {})) for width in widths),
             *[crossover(found, batch)] * both]
            for batch in batches
        ]  # fmt: skip
        parts.append(table(heads, rows))
    return "\n\n".join(parts)


def pair(seconds: dict[str, float]) -> str:
    if not seconds:
        return ""
    times = [microseconds(seconds.get(name)) or "-" for name in ("cpu", "gpu")]
    text = " / ".join(times)
    if {"cpu", "gpu"} <= seconds.keys():
        text += f" ({seconds['cpu'] / seconds['gpu']:,.2g} x)"
    return text


def crossover(found: dict[tuple[int, int], dict[str, float]], batch: int) -> str:
    """From which measured width on the GPU is faster, for this batch."""
    pairs = sorted(
        (width, seconds) for (b, width), seconds in found.items()
        if b == batch and {"cpu", "gpu"} <= seconds.keys()
    )  # fmt: skip
    slower = [width for width, seconds in pairs if seconds["gpu"] >= seconds["cpu"]]
    faster = [width for width, _ in pairs if not slower or width > slower[-1]]
    if not pairs:
        return ""
    if not faster:
        return "at no width measured on both"
    return f"from width {faster[0]} on" if slower else "at every width"


def draw(records: Records, path: Path) -> None:
    """How many times faster the GPU is, by width; a line for each batch, a panel for each depth."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    depths = sorted({r["depth"] for r in of(records, "sweep")}) or list(DEPTHS)
    figure, axes = pyplot.subplots(1, len(depths), figsize=(12, 4.6), sharey=True, squeeze=False)
    batches = sorted({r["batch"] for r in of(records, "sweep")} | set(BATCHES))
    colours = pyplot.get_cmap("viridis")([k / len(batches) for k in range(len(batches))])
    for panel, depth in zip(axes.flat, depths):
        found = points(records, depth)
        for batch, colour in zip(batches, colours):
            line = sorted(
                (width, seconds["cpu"] / seconds["gpu"]) for (b, width), seconds in found.items()
                if b == batch and {"cpu", "gpu"} <= seconds.keys()
            )  # fmt: skip
            if line:
                panel.plot(*zip(*line), marker="o", markersize=4, color=colour, label=f"{batch}")
        panel.axhline(1, color="#d55e00", linewidth=1)
        panel.set(title=f"{depth} hidden layers", xlabel="width", xscale="log", yscale="log")
        widths = sorted({width for _, width in found})
        panel.set_xticks(widths, [str(width) for width in widths])
        panel.minorticks_off()
        panel.yaxis.set_major_formatter("{x:g}")
        panel.grid(True, alpha=0.3)
    axes.flat[0].set_ylabel("CPU's time / GPU's time of a step")
    if axes.flat[0].has_data() and axes.flat[0].get_legend_handles_labels()[0]:
        axes.flat[0].legend(title="batch", frameon=False)
    figure.suptitle("Above the line the GPU is faster")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


# -- the rest --------------------------------------------------------------------------------------


def moves(records: Records) -> str:
    found = of(records, "moved")
    if not found:
        return ""
    heads = ["one step", "to the device", "to the host", "launches", "graphs", "their nodes",
             "copies outside graphs"]  # fmt: skip
    rows = [
        [r["row"] + ", loss fetched" * r["with_loss"], copies(r["up"], r["up_bytes"]),
         copies(r["down"], r["down_bytes"]), str(r["launches"]), str(r["graphs"]),
         "; ".join(map(nodes, r["nodes"])), str(r["copies outside graphs"])]
        for r in found
    ]  # fmt: skip
    return table(heads, rows)


def copies(count: int, size: int) -> str:
    return f"{count} x, {size:,} bytes" if count else "0"


def nodes(kinds: dict[str, int] | None) -> str:
    return ", ".join(f"{n} {kind}" for kind, n in kinds.items()) if kinds else "not known"


def memory(records: Records) -> str:
    lines = []
    if found := one(records, "memory"):
        grown = found["after"]["device"] - found["before"]["device"]
        held = found["after"]["pool"] - found["before"]["pool"]
        verdict = "flat" if grown <= 0 and held <= 0 else "**not flat**"
        lines.append(f"- {found['steps']:,} captured steps of {found['row']}: {verdict}; "
                     f"{found['before']['device']:,} bytes of the device in use before, "
                     f"{found['after']['device']:,} after; CuPy's pool {found['before']['pool']:,} "
                     f"and {found['after']['pool']:,}")  # fmt: skip
    if found := one(records, "exhausted"):
        right = found["right before"] and found["right after"]
        goes_on = "goes on" if right else "**does not go on as it should**"
        lines.append(f"- a product of {found['side']:,} x {found['side']:,} numbers asked for: "
                     f"{found['came']}; the session {goes_on}")  # fmt: skip
    return "\n".join(lines)


def failures(records: Records) -> str:
    lines = [f"- {what}" for what in unlike(records)]
    for r in of(records, "failure"):
        text = r["error"].strip().splitlines() or [""]
        last = f" ... {text[-1]}" if len(text) > 1 else ""
        lines.append(f"- {r['what']}: {text[0][:300]}{last[:300]}")
    return "\n".join(dict.fromkeys(lines))


def unlike(records: Records) -> list[str]:
    """Rows whose losses on the GPU are not those on the CPU."""
    found = []
    for r in of(records, "losses", peer="gpu"):
        other = one(records, "losses", peer="cpu", row=r["row"])
        if other and not all(map(close, r["losses"], other["losses"])):
            found.append(f"{r['row']}: the first losses are {r['losses']} on the GPU and "
                         f"{other['losses']} on the CPU")  # fmt: skip
    return found


def close(one: float, other: float) -> bool:
    return abs(one - other) <= UNLIKE * max(abs(other), 1e-3)
