"""What can be said of the elements of one array."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

BINS = 24
FEW = 4  # elements that are shown one by one
_BARS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Statistics:
    """Shape and type of an array, and of its finite elements the mean, the standard deviation, the
    root of the mean square, the least and the largest, and a histogram.

    `zeros` is the share of elements that are 0; `wrong` is how many are NaN or infinite. `few` are
    the elements themselves where there are at most four.
    """

    shape: tuple[int, ...]
    dtype: str
    mean: float
    std: float
    rms: float
    least: float
    largest: float
    zeros: float
    wrong: int
    counts: tuple[int, ...]
    few: tuple[float, ...]

    @classmethod
    def of(cls, value: Any) -> Statistics:
        """Of numbers or truth values; the sums are float64."""
        array = np.asarray(value)
        flat = np.abs(array).ravel() if array.dtype.kind == "c" else array.ravel()
        flat = flat.astype(np.float64)
        few = tuple(flat.tolist()) if flat.size <= FEW else ()
        finite = flat[np.isfinite(flat)]
        wrong, zeros = flat.size - finite.size, np.count_nonzero(flat == 0) / max(flat.size, 1)
        if not finite.size:
            none = float("nan")
            return cls(array.shape, str(array.dtype), none, none, none, none, none, zeros, wrong,
                       (0,) * BINS, few)  # fmt: skip
        low, high = float(finite.min()), float(finite.max())
        return cls(
            array.shape, str(array.dtype), float(finite.mean()), float(finite.std()),
            float(np.sqrt(np.mean(finite * finite))), low, high, zeros, wrong,
            _histogram(finite, low, high), few,
        )  # fmt: skip

    def bars(self) -> str:
        """The histogram as one line of text, from the least to the largest element."""
        most = max(self.counts)
        if not most or self.least == self.largest:
            return ""
        top = len(_BARS) - 1
        pairs = [a + b for a, b in zip(self.counts[::2], self.counts[1::2])]
        most = max(pairs)
        return "".join(_BARS[-(-top * count // most)] for count in pairs)


def _histogram(finite: np.ndarray, low: float, high: float) -> tuple[int, ...]:
    width = high - low
    if not np.isfinite(width) or width <= 0:
        return (finite.size, *(0,) * (BINS - 1))
    places = np.minimum((finite - low) * (BINS / width), BINS - 1).astype(np.intp)
    return tuple(int(n) for n in np.bincount(places, minlength=BINS))
