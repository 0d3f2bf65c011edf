"""`tf.test.Benchmark`: programs that measure, and report what they have measured."""
import inspect
import numbers
import os
import re
import sys
import time

import numpy as np

from minitf import app, logging
from minitf.core.config import ConfigProto, RewriterConfig, RunMetadata, RunOptions
from minitf.core.graph import get_default_session
from minitf.core.proto.message import Message
from minitf.lib.timeline import Timeline

TEST_REPORTER_TEST_ENV = "TEST_REPORT_FILE_PREFIX"
REGISTERED = set()  # the classes that say `benchmark...`


class BenchmarkEntry(Message):
    """What one benchmark has measured."""

    class Value(Message):
        """A number or a text."""

        PROTO = "oneof kind { double double_value = 1; string string_value = 2; }"

    class Bound(Message):
        """A number that may not be there."""

        PROTO = "double value = 1;"

    class MetricEntry(Message):
        """A number with a name, and the bounds that it should lie in."""

        PROTO = """
            string name = 1; double value = 2;
            BenchmarkEntry.Bound min_value = 3; BenchmarkEntry.Bound max_value = 4;
        """

    PROTO = """
        string name = 1; int64 iters = 2; double cpu_time = 3; double wall_time = 4;
        double throughput = 5; map<string, BenchmarkEntry.Value> extras = 6;
        repeated BenchmarkEntry.MetricEntry metrics = 7;
    """


class BenchmarkEntries(Message):
    """What benchmarks have measured."""

    PROTO = "repeated BenchmarkEntry entry = 1;"


def benchmark_config():
    """A ConfigProto without the optimization that a benchmark may lose its operations by."""
    config = ConfigProto()
    config.graph_options.rewrite_options.dependency_optimization = RewriterConfig.OFF
    return config


class Benchmark:
    """A class whose methods `benchmark...` measure: they run when a program that calls
    `tf.test.main()` is started with `--benchmarks=` and a pattern, or all."""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        REGISTERED.add(cls)

    @classmethod
    def is_abstract(cls):
        """Whether it is no benchmark itself."""
        return cls is Benchmark

    def report_benchmark(self, iters=None, cpu_time=None, wall_time=None, throughput=None,
                         extras=None, name=None, metrics=None):
        """Print what was measured, or write it to a file where TEST_REPORT_FILE_PREFIX says.

        `extras` is a dict of numbers and texts, `metrics` a list of dicts with name and value, and
        min_value or max_value. TypeError for others, OSError for a file that is there already.
        """
        entry = BenchmarkEntry(name=f"{type(self).__name__}.{name or self._caller()}")
        for key, value in (("iters", iters), ("cpu_time", cpu_time), ("wall_time", wall_time),
                           ("throughput", throughput)):  # fmt: skip
            if value is not None:
                setattr(entry, key, value)
        _add_extras(entry, extras)
        _add_metrics(entry, metrics)
        logging.info("Benchmark [%s] %s", entry.name, str(entry).replace("\n", " "))
        _report(entry)

    def _caller(self):
        """The name of the method, the outermost one of the calls."""
        for frame in reversed(inspect.stack(0)):
            if isinstance(frame.frame.f_locals.get("self"), Benchmark):
                return frame.function
        raise ValueError("Unable to determine calling Benchmark class.")

    def run_op_benchmark(self, sess, op_or_tensor, feed_dict=None, burn_iters=2, min_iters=10,
                         store_trace=False, store_memory_usage=True, name=None, extras=None,
                         mbs=0):
        """Run something so many times and report the median time in seconds; a dict of it.

        `mbs` megabytes are what a run goes through, for the throughput. With `store_trace` the dict
        has a trace for chrome://tracing among its extras.
        """
        for _ in range(burn_iters):
            sess.run(op_or_tensor, feed_dict)
        times = []
        for _ in range(min_iters):
            start = time.time()
            sess.run(op_or_tensor, feed_dict)
            times.append(time.time() - start)
        extras, more = {} if extras is None else extras, {}
        if store_trace or store_memory_usage:
            metadata = RunMetadata()
            sess.run(op_or_tensor, feed_dict, RunOptions(trace_level=RunOptions.FULL_TRACE),
                     metadata)  # fmt: skip
            timeline = Timeline(metadata.step_stats)
            if store_trace:
                more["full_trace_chrome_format"] = timeline.generate_chrome_trace_format()
            if store_memory_usage:
                found = timeline.analyze_step_stats(show_memory=True).allocator_maximums
                extras.update({f"allocator_maximum_num_bytes_{key}": value.num_bytes
                               for key, value in found.items()})  # fmt: skip
        wall_time = float(np.median(times)) if times else -1
        values = {"iters": min_iters, "wall_time": wall_time, "extras": extras, "name": name,
                  "throughput": mbs / wall_time}  # fmt: skip
        self.report_benchmark(**values)
        extras.update(more)
        return values

    def evaluate(self, tensors):
        """The values of tensors in the default session. ValueError without one."""
        sess = get_default_session()
        if sess is None:
            raise ValueError("Benchmark.evaluate: there is no default session; use it in a `with "
                             "tf.Session():` block")  # fmt: skip
        return sess.run(tensors)


def _add_extras(entry, extras):
    if extras is not None and not isinstance(extras, dict):
        raise TypeError("extras must be a dict")
    for key, value in (extras or {}).items():
        if isinstance(value, numbers.Number):
            entry.extras[key].double_value = value
        else:
            entry.extras[key].string_value = str(value)


def _add_metrics(entry, metrics):
    if metrics is not None and not isinstance(metrics, list):
        raise TypeError("metrics must be a list")
    for metric in metrics or ():
        for key in ("name", "value"):
            if key not in metric:
                raise TypeError(f"metric must has a '{key}' field")
        added = entry.metrics.add()
        added.name, added.value = metric["name"], metric["value"]
        for key in ("min_value", "max_value"):
            if key in metric:
                getattr(added, key).value = metric[key]


def _report(entry):
    entries, prefix = BenchmarkEntries(entry=[entry]), os.environ.get(TEST_REPORTER_TEST_ENV)
    if prefix is None:
        print(entries)
        return
    path = prefix + entry.name.replace("/", "__")
    if os.path.exists(path):
        raise OSError(f"File already exists: {path}")
    with open(path, "wb") as file:
        file.write(entries.SerializeToString())


def benchmarks_main(true_main, argv=None):
    """Run the benchmarks that `--benchmarks=` asks for, or else `true_main()`."""
    argv = sys.argv if argv is None else argv
    asked = [each for each in argv if re.match("--?benchmarks=", each)]
    if not asked:
        true_main()
        return
    argv.remove(asked[0])
    pattern = asked[0].split("=", 1)[1]
    app.run(lambda _: _run(pattern), argv=argv)


def _run(pattern):
    for kind in sorted(REGISTERED, key=lambda kind: (kind.__module__, kind.__qualname__)):
        whole = f"{kind.__module__}.{kind.__name__}"
        names = [name for name in dir(kind) if name.startswith("benchmark")
                 and callable(getattr(kind, name))
                 and (pattern == "all" or re.search(pattern, f"{whole}.{name}"))]  # fmt: skip
        made = kind() if names else None
        for name in names:
            getattr(made, name)()
