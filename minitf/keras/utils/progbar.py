"""`tf.keras.utils.Progbar`: how far a loop has come, in one line."""
import os
import sys
import time

import numpy as np


class Progbar:
    """Prints how many of `target` steps (None if unknown) are done, and means of values.

    `verbose` 1 is a bar, 2 one line at the end, 0 nothing. Values in `stateful_metrics` are shown
    as they come, of others the mean.
    """

    def __init__(
        self, target, width=30, verbose=1, interval=0.05, stateful_metrics=None, unit_name="step"
    ):
        self.target, self.width, self.verbose = target, width, verbose
        self.interval, self.unit_name = interval, unit_name
        self.stateful_metrics = set(stateful_metrics or ())
        self._dynamic_display = (
            (hasattr(sys.stdout, "isatty") and sys.stdout.isatty())
            or "ipykernel" in sys.modules or "posix" in sys.modules
            or "PYCHARM_HOSTED" in os.environ
        )  # fmt: skip
        self._total_width = self._seen_so_far = 0
        self._values = {}  # name -> [sum, number of steps], in the order they came
        self._start, self._last_update = time.time(), 0

    def update(self, current, values=None):
        """Say that `current` steps are done; `values` are pairs (name, value) of the last ones."""
        steps = current - self._seen_so_far
        for name, value in values or ():
            if name in self.stateful_metrics:
                self._values[name] = [value, 1]
            else:
                kept = self._values.setdefault(name, [0.0, 0])
                kept[0] += value * steps
                kept[1] += steps
        self._seen_so_far = current
        now = time.time()
        if self.verbose == 1 and not self._too_early(now, current):
            self._draw(now, current)
            self._last_update = now
        elif self.verbose == 2 and self._is_done(current):
            count = f"{current:{int(np.log10(self.target)) + 1}d}/{self.target}"
            elapsed = f" - {now - self._start:.0f}s"
            sys.stdout.write(f"{count}{elapsed}{self._shown(lambda mean: mean > 0.001)}\n")
            sys.stdout.flush()

    def add(self, n, values=None):
        """Say that n more steps are done."""
        self.update(self._seen_so_far + n, values)

    def _too_early(self, now, current):
        early = now - self._last_update < self.interval
        return early and self.target is not None and current < self.target

    def _is_done(self, current):
        return self.target is not None and current >= self.target

    def _draw(self, now, current):
        before = self._total_width
        start = "\b" * before + "\r" if self._dynamic_display else "\n"
        bar = self._bar(current)
        info = self._time(now, current) + self._shown(lambda mean: abs(mean) > 0.001)
        self._total_width = len(bar) + len(info)
        info += " " * (before - self._total_width)
        end = "\n" if self._is_done(current) else ""
        sys.stdout.write(start + bar + info + end)
        sys.stdout.flush()

    def _bar(self, current):
        if self.target is None:
            return f"{current:7d}/Unknown"
        digits = int(np.log10(self.target)) + 1
        done = int(self.width * (float(current) / self.target))
        bar = f"{current:{digits}d}/{self.target} ["
        if done > 0:
            bar += "=" * (done - 1) + (">" if current < self.target else "=")
        return bar + "." * (self.width - done) + "]"

    def _time(self, now, current):
        elapsed = now - self._start
        per_unit = elapsed / current if current else 0
        if self.target is not None and current < self.target:
            return f" - ETA: {_duration(per_unit * (self.target - current))}"
        if per_unit >= 1 or per_unit == 0:
            rate = f"{per_unit:.0f}s"
        elif per_unit >= 1e-3:
            rate = f"{per_unit * 1e3:.0f}ms"
        else:
            rate = f"{per_unit * 1e6:.0f}us"
        return f" - {elapsed:.0f}s {rate}/{self.unit_name}"

    def _shown(self, plain):
        text = ""
        for name, (total, count) in self._values.items():
            mean = np.mean(total / max(1, count))
            text += f" - {name}: " + (f"{mean:.4f}" if plain(mean) else f"{mean:.4e}")
        return text


def _duration(seconds):
    seconds = int(seconds)
    if seconds > 3600:
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    return f"{seconds // 60}:{seconds % 60:02d}" if seconds > 60 else f"{seconds}s"
