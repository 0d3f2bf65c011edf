"""Where the time of a captured training step goes: `python -m benchmarks.gpu_profile [ROW ...]`.

Each launch of a row is timed on the card, behind work that keeps the card busy while the host sets
it up, so that nothing but the launch lies between two events; then the whole graph, and what the
host does in a step. Numbers are those of benchmarks.gpu_rows.STEPS. It needs a GPU.
"""
from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.gpu_rows import STEPS
from benchmarks.peers import minitf_gpu
from minitf.backend.gpu import Gpu
from minitf.core.kernel import Launch
from minitf.runtime.cuda.graphs import Graphed
from minitf.runtime.cuda.lowering import launches_of

REPEATS = 9
SPIN = """
extern "C" __global__ void NAME(int64_t cycles) {
  const long long start = clock64();
  while (clock64() - start < cycles);
}
"""
CYCLES = 1_000_000  # half a millisecond


def main(argv: list[str]) -> None:
    for number in map(int, argv or map(str, range(len(STEPS)))):
        row, _ = STEPS[number]
        training = minitf_gpu.build(row)
        found = minitf_gpu.moved(False)
        print(f"\n== {row.name}: {found}", flush=True)
        for graphed in graphs():
            for line in profile(graphed):
                print(line)
        print(host(training), flush=True)


def graphs() -> list[Graphed]:
    """The regions of the step that ran last."""
    session, train, _, feeds = minitf_gpu._last
    frame = session._signature(train, feeds).plan_for(feeds).frames[-1]
    names = getattr(frame, "__wrapped__", frame).__globals__
    return [value for value in names.values() if isinstance(value, Graphed)]


def profile(graphed: Graphed) -> Iterator[str]:
    """The launches of a region, with microseconds each."""
    gpu, pointers = graphed.gpu, next(reversed(graphed.graphs.items), None)
    captured = minitf_gpu.latest(graphed)
    if pointers is None or captured is None:
        return
    yield f"whole graph: {timed(gpu, lambda: captured.launch(gpu.stream)):.1f} us"
    arguments, total = graphed._arguments(*pointers), 0.0
    for number, (kernel, places) in enumerate(graphed.calls):
        if number in graphed.copies:
            continue
        addresses = tuple(graphed._address(place, arguments) for place in places)
        for each in launches_of(kernel):
            took = timed(gpu, launcher(graphed, each, addresses))
            total += took
            yield f"{took:9.1f} us  {described(each)}"
    yield f"{total:9.1f} us in all"


def launcher(graphed: Graphed, each: Any, addresses: tuple[int, ...]) -> Callable[[], None]:
    gpu = graphed.gpu
    if isinstance(each, Launch):
        return lambda: gpu.launch(each, addresses, graphed.launch.work)
    product = graphed.launch._product(each, addresses)
    return lambda: product(gpu.stream)


def timed(gpu: Gpu, function: Callable[[], Any]) -> float:
    """Microseconds on the card, the median of some."""
    spin = Launch(SPIN, (CYCLES,), (1,), (1,))
    gpu.compile([spin])
    taken = []
    with gpu.device, gpu.stream:
        for _ in range(REPEATS):
            before, after = gpu.xp.cuda.Event(), gpu.xp.cuda.Event()
            gpu.launch(spin, (), gpu.work([]))
            before.record(gpu.stream)
            function()
            after.record(gpu.stream)
            after.synchronize()
            taken.append(1e3 * gpu.xp.cuda.get_elapsed_time(before, after))
    return statistics.median(taken)


def described(each: Any) -> str:
    if not isinstance(each, Launch):
        return (f"product {each.dtype} {each.sizes} turned {each.turned} batch {each.batch} "
                f"beta {each.beta}")  # fmt: skip
    lines = [line.strip() for line in each.source.splitlines() if "=" in line]
    return f"grid {each.grid} block {each.block} sizes {each.sizes[:8]}  {' '.join(lines)[-90:]}"


def host(training: Any) -> str:
    """Microseconds of the host for a step, and of a step when one waits for none."""
    for _ in range(20):
        training.step()
    training.wait()
    taken = []
    for _ in range(200):
        start = time.perf_counter()
        training.step()
        taken.append(time.perf_counter() - start)
        if len(taken) % 10 == 0:
            training.wait()
    start = time.perf_counter()
    for _ in range(100):
        training.step()
    training.wait()
    each = (time.perf_counter() - start) / 100
    return f"host {1e6 * statistics.median(taken):.1f} us, step {1e6 * each:.1f} us"


if __name__ == "__main__":
    main(sys.argv[1:])
