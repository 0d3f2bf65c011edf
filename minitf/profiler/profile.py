"""`tf.profiler.profile` and `tf.profiler.Profiler`."""
from minitf.core import errors
from minitf.core.graph import get_default_graph
from minitf.profiler import report
from minitf.profiler.model import nodes_of
from minitf.profiler.options import ProfileOptionBuilder, options_or_defaults
from minitf.profiler.tree import View, scopes

DEFAULT = 0  # as the default of `options`: those that count the trainable parameters


def profile(graph=None, run_meta=None, op_log=None, cmd="scope", options=DEFAULT):
    """What the nodes of a graph cost, by name scopes: prints it, and returns a GraphNodeProto.

    `options` come from `ProfileOptionBuilder`; by default they count the parameters of the
    trainable variables. `run_meta`, of a traced run, is needed for time and memory, and tells
    shapes that the graph leaves open: float operations are counted of known shapes alone. `op_log`,
    an OpLogProto, says types and float operations of nodes. InvalidArgumentError for an unknown
    `cmd`, NotImplementedError for the views "op", "graph" and "code".
    """
    _check_view(cmd)
    if options == DEFAULT:
        options = ProfileOptionBuilder.trainable_variables_parameter()
    runs = [] if run_meta is None else [run_meta]
    return _profiled(graph or get_default_graph(), op_log, runs, options)


def _check_view(cmd):
    if cmd in ("op", "graph", "code"):
        raise NotImplementedError(
            f"tf.profiler: the view {cmd!r} is not there, only 'scope'; minitf.explain.profile "
            "tells the time of each line that a run is."
        )
    if cmd != "scope":
        raise errors.InvalidArgumentError(None, None, f"unknown cmd: {cmd}\n")


def _profiled(graph, op_log, runs, options):
    options = options_or_defaults(options)
    report.check(options)
    shown = View(options).of(scopes(nodes_of(graph, op_log, runs)))
    report.put(shown, options)
    return report.message(shown)


class Profiler:
    """Profiles several steps of one graph: `add_step(step, run_metadata)` for each that is traced.

    Options may say which of them (`with_step`); -1 means all, on average.
    """

    def __init__(self, graph=None, op_log=None):
        self._graph, self._op_log = graph or get_default_graph(), op_log
        self._steps = {}

    def add_step(self, step, run_meta):
        """Take note of what a traced run told."""
        self._steps[step] = run_meta

    def profile_name_scope(self, options):
        """As `tf.profiler.profile`, of the steps that there are."""
        step = options.get("step", -1)
        if step >= 0 and step not in self._steps:
            raise ValueError(f"Profiler has no step {step}; it has {sorted(self._steps)}")
        runs = list(self._steps.values()) if step < 0 else [self._steps[step]]
        return _profiled(self._graph, self._op_log, runs, options)

    def profile_operations(self, options):
        """NotImplementedError, as for the view "op"."""
        _check_view("op")

    def profile_graph(self, options):
        """NotImplementedError, as for the view "graph"."""
        _check_view("graph")

    def profile_python(self, options):
        """NotImplementedError, as for the view "code"."""
        _check_view("code")

    def advise(self, options):
        """NotImplementedError: there are no checkers here."""
        raise NotImplementedError("tf.profiler: there is no advice here; minitf.explain tells "
                                  "what a run does and where its time goes.")  # fmt: skip
