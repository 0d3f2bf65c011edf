"""One peer in a process of its own: `python -m benchmarks.worker PEER [CORES]`.

A request is one line, `["time", 0.2]`: the name of a command below and its arguments. An answer is
one line, `{"answer": ...}`, or `{"error": ..., "kind": ...}` with the name of the exception.
"""
import importlib
import json
import os
import platform
import sys
import time
import traceback

MODULES = {
    "minitf": "minitf_session",
    "numpy": "numpy_by_hand",
    "tf1": "tensorflow1",
    "tf2": "tensorflow2",
    "jax": "jax_jit",
    "torch": "torch_eager",
    "minitf_gpu": "minitf_gpu",
    "cupy": "cupy_limits",
    "torch_gpu": "torch_gpu",
    "torch_graphs": "torch_graphs",
    "jax_gpu": "jax_gpu",
}
WARM_UP = 0.3  # seconds


class Worker:
    """The commands: every method without an underscore."""

    def __init__(self, peer):
        self._name = peer
        self._peer = self._training = None
        self._per_step = {}  # seconds, roughly, by the kind of step

    def load(self):
        """The peer's framework, imported: its version, and the process it runs in."""
        self._peer = importlib.import_module("benchmarks.peers." + MODULES[self._name])
        return {"version": self._peer.VERSION, "python": platform.python_version()}

    def build(self, row):
        """Seconds until the step is built, data and weights included, and of its first run."""
        from benchmarks.rows import Row

        row = Row(*row)._replace(sizes=tuple(row[2]))
        self._training = None  # Two large ones may be too much.
        start = time.perf_counter()
        self._training = self._peer.build(row)
        built = time.perf_counter()
        first = self._run(1)
        self._per_step = {"step": first}
        return {"build": built - start, "first": first}

    def warm_up(self, seconds=WARM_UP, kind="step", least=1):
        """Steps for so long, at least so many; `kind` is that of the fields of a Training."""
        start = time.perf_counter()
        count, done = 1, 0
        while done < least or time.perf_counter() - start < seconds:
            self._per_step[kind] = self._run(count, kind) / count
            done += count
            count *= 2

    def time(self, seconds, kind="step"):
        """Seconds per step, the mean of a block that lasts about `seconds`."""
        count = max(1, round(seconds / self._per_step[kind]))
        self._per_step[kind] = self._run(count, kind) / count
        return self._per_step[kind]

    def processor(self, seconds, kind="step"):
        """Processor seconds per step, of all threads: what others take does not count."""
        count = max(1, round(seconds / self._per_step[kind]))
        start = time.process_time()
        self._per_step[kind] = self._run(count, kind) / count
        return (time.process_time() - start) / count

    def losses(self, steps):
        """The loss before each of the next steps."""
        losses = []
        for _ in range(steps):
            losses.append(float(self._training.loss()))
            self._run(1)
        return losses

    def train(self, steps):
        return self._run(steps)

    def plan(self, nodes):
        """Seconds to build a graph of so many nodes, of its first run and of its second."""
        if not hasattr(self._peer, "plan"):
            raise NotImplementedError("it has no graph that is built apart from a run")
        return self._peer.plan(nodes)

    def call(self, function, *arguments):
        """What only this peer can tell, by the name of a function of its module."""
        return getattr(self._peer, function)(*arguments)

    def peak(self):
        """The largest memory that the process has held, in bytes."""
        return int(_status("VmHWM").split()[0]) << 10

    def threads(self):
        return int(_status("Threads"))

    def _run(self, count, kind="step"):
        step = getattr(self._training, kind)
        start = time.perf_counter()
        for _ in range(count):
            step()
        self._training.wait()
        return time.perf_counter() - start


def _status(field):
    if not os.path.exists("/proc/self/status"):
        raise NotImplementedError("this system has no /proc to ask")
    with open("/proc/self/status") as file:
        fields = (line.partition(":") for line in file)
        return next(value.strip() for name, _, value in fields if name == field)


def main():
    if len(sys.argv) > 2:
        os.sched_setaffinity(0, range(int(sys.argv[2])))  # Frameworks count what they may use.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # What a framework prints must not come between the answers.
    worker = Worker(sys.argv[1])
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        try:
            answer = {"answer": getattr(worker, name)(*arguments)}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": str(error), "kind": type(error).__name__}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
