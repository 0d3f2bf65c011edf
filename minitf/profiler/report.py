"""A profile as text, as TensorFlow prints it, and as a message."""
import sys

from minitf.core.tensor_shape import TensorShape
from minitf.profiler.messages import GraphNodeProto
from minitf.profiler.tree import COUNTS

# By what is selected: the heading of the column, its explanation, in the order of columns.
COLUMNS = {
    "params": ("# parameters", "param: Number of parameters (in the Variable)."),
    "float_ops": ("# float_ops", "flops: Number of float operations. Note: Please read the "
                  "implementation for the math behind it."),
    "bytes": ("requested bytes", "requested bytes: The memory requested by the operation, "
              "accumulatively."),
    "output_bytes": ("output bytes", "output bytes: The memory that is output from the operation "
                     "(not necessarily allocated by the operation)"),
    "micros": ("total execution time", "total execution time: Sum of accelerator execution time "
               "and cpu execution time."),
    "accelerator_micros": ("accelerator execution time", "accelerator execution time: Time spent "
                           "executing on the accelerator. This is normally measured by the actual "
                           "hardware library."),
    "cpu_micros": ("cpu execution time", "cpu execution time: The time from the start to the end "
                   "of the operation. It's the sum of actual cpu run time plus the time that it "
                   "spends waiting if part of computation is launched asynchronously."),
    "occurrence": ("op count (run|defined)", "occurrence: The number of times it occurs"),
}  # fmt: skip
_SCOPE = ("scope: The nodes in the model graph are organized by their names, which is hierarchical "
          "like filesystem.")  # fmt: skip


def check(options):
    """NotImplementedError for what cannot be shown or written here."""
    wrong = [each for each in options["select"] if each not in COLUMNS]
    if wrong:
        raise NotImplementedError(f"tf.profiler: select takes {', '.join(COLUMNS)} here, not "
                                  f"{', '.join(wrong)}")  # fmt: skip
    kind = options["output"].partition(":")[0]
    if kind not in ("stdout", "file", "none"):
        raise NotImplementedError(
            f"tf.profiler: output {options['output']!r} is not there; with_stdout_output, "
            "with_file_output and with_empty_output are, and tensorflow.python.client.timeline "
            "draws a run."
        )


def put(root, options):
    """Print the profile, or write it into the file that the options say."""
    kind, _, rest = options["output"].partition(":")
    if kind == "none":
        return
    text = report(root, options)
    if kind == "file":
        with open(rest.removeprefix("outfile="), "w", encoding="utf-8") as file:
            file.write(text)
        return
    head = "".join(f"-{name:<26} {_shown(value)}\n" for name, value in _listed(options))
    print(f"{'Options':=^67}\n{head}\n{'Model Analysis Report':=^61}\n\n{text}\n"
          f"{'End of Report':=^62}", file=sys.stdout, flush=True)  # fmt: skip


def _listed(options):
    return [(name, value) for name, value in options.items() if name != "output"]


def _shown(value):
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, (list, tuple)) else value


def report(root, options):
    """The lines of the profile."""
    columns = [name for name in COLUMNS if name in options["select"]]
    explained = "\n".join([_SCOPE, *sorted(COLUMNS[name][1] for name in columns)])
    heading = " | ".join(["node name", *(COLUMNS[name][0] for name in columns)])
    lines = "".join(f"{line}\n" for line in _lines(root, columns, 0))
    return f"\nDoc:\n{explained}\n\nProfile:\n{heading}\n{lines}"


def _lines(node, columns, indent):
    values = [text for name in columns for text in _VALUES[name](node)]
    yield f"{' ' * indent}{node.name} ({', '.join(values)})"
    for child in node.children:
        yield from _lines(child, columns, indent + 2)


def _parameters(node):
    shape = ["x".join(map(str, node.shape))] if node.shape else []
    return [*shape, f"{_pair(node, 'parameters', number)} params"]


def _pair(node, name, text):
    own = text(node.own.get(name, 0)) if node.counts else "--"
    return f"{own}/{text(node.total[name])}"


def number(value):
    """1234 as 1.23k."""
    return _scaled(value, ((1e3, ""), (1e6, "k"), (1e9, "m"), (1e12, "b"), (1e99, "t")))


def memory(value):
    """1234 as 1.23KB."""
    return _scaled(value, ((1e3, "B"), (1e6, "KB"), (1e99, "MB")))


def duration(value):
    """Microseconds as 1.23ms."""
    return _scaled(value, ((1e3, "us"), (1e6, "ms"), (6e7, "sec"))) if value < 6e7 else (
        f"{value / 6e7:.2f}min" if value < 3.6e9 else f"{value / 3.6e9:.2f}hr")  # fmt: skip


def _scaled(value, units):
    for n, (limit, unit) in enumerate(units):
        if value < limit:
            return f"{value / 1e3**n:.2f}{unit}" if n else f"{int(value)}{unit}"
    return str(value)


def _occurrence(node):
    own = (node.own.get("run_count", 0), 1) if node.counts else ("--", "--")
    return [f"{own[0]}/{node.total['run_count']}|{own[1]}/{node.definitions}"]


_VALUES = {
    "params": _parameters,
    "float_ops": lambda node: [f"{_pair(node, 'float_ops', number)} flops"],
    "bytes": lambda node: [_pair(node, "requested_bytes", memory)],
    "output_bytes": lambda node: [_pair(node, "output_bytes", memory)],
    "micros": lambda node: [_pair(node, "exec_micros", duration)],
    "accelerator_micros": lambda node: [_pair(node, "accelerator_exec_micros", duration)],
    "cpu_micros": lambda node: [_pair(node, "cpu_exec_micros", duration)],
    "occurrence": _occurrence,
}


def message(node):
    """The profile as a GraphNodeProto."""
    made = GraphNodeProto(name=node.name, total_definition_count=node.definitions)
    for name in COUNTS:
        if node.counts:
            setattr(made, name, node.own.get(name, 0))
        setattr(made, f"total_{name}", node.total[name])
    made.devices.extend(node.devices)
    for index, shape in node.input_shapes.items():
        made.input_shapes[index].CopyFrom(TensorShape(shape).as_proto())
    for child in node.children:
        made.children._put(message(child))
    return made
