"""What folding and quantizing have in common."""
from minitf.core.dtypes import int64
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import identity
from minitf.ops.state.assign import assign_add
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable

SKIPPED_PREFIXES = ("gradients/", "RMSProp/", "Adagrad/", "Const_", "HistogramSummary",
                    "ScalarSummary")  # fmt: skip


def quantization_step():
    """The number of the run, counted by a variable of the graph."""
    name, graph = "fake_quantization_step", get_default_graph()
    try:
        return graph.get_tensor_by_name(f"{name}/Identity:0")
    except KeyError:
        with name_scope(None):
            counter = get_variable(name, [], int64, Zeros(), trainable=False,
                                   collections=[GraphKeys.GLOBAL_VARIABLES])
            with name_scope(f"{counter.op.name}/"):
                return identity(assign_add(counter, 1))


def reroute(new, old, consumers=None):
    """Let those that read `old`, or some of them, read `new`; how many inputs that were."""
    readers = [op for op in dict.fromkeys(old.consumers()) if consumers is None or op in consumers]
    count = 0
    for op in readers:
        for i, tensor in enumerate(op.inputs):
            if tensor is old:
                op._update_input(i, new)
                count += 1
    return count


class Consumers:
    """Which operations read what, before the graph is changed."""

    def __init__(self, graph):
        self._readers = {}
        for op in graph.get_operations():
            for tensor in () if op.name.startswith(SKIPPED_PREFIXES) else op.inputs:
                self._readers.setdefault(tensor, {})[op] = True

    def of(self, op):
        """Those that read an operation's outputs."""
        return list(dict.fromkeys(reader for tensor in op.outputs
                                  for reader in self._readers.get(tensor, ())))  # fmt: skip


def parent(name):
    """The name without its last part, or ""."""
    return name.rpartition("/")[0]
