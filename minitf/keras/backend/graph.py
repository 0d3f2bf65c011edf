"""What Keras keeps for each graph: its session, the learning phase, names, variables."""
import collections
import contextlib
import functools

import minitf as tf
from minitf.core.eager_tensor import EagerTensor
from minitf.layers.choice import PHASES
from minitf.layers.made import made_in, name_counts
from minitf.ops.function import FuncGraph
from minitf.ops.state.captured import captured
from minitf.ops.state.variables import in_init_scope
from minitf.train.object_values import finds_session


class _Kept:
    """What Keras keeps for one graph."""

    def __init__(self):
        self.learning_phase = None
        self.phase_now = None  # that of layers which run at once
        self.graph = None  # where models are built, while other operations run at once
        self.counts = collections.defaultdict(int)  # of names, by prefix
        self.uninitialized = []  # variables that no session has been seen to hold
        self.optimizers = []  # of tf.train
        self.tables = 0  # how many have been filled


_global = {"session": None, "manual": False}


def kept(graph=None):
    """What Keras keeps for `graph`, the default one unless given."""
    graph = graph or tf.get_default_graph()
    return graph._scope_store.setdefault("keras", _Kept())


class KerasGraph(FuncGraph):
    """Where models are built though operations run at once elsewhere: of what has a value already,
    the value is a part of it, and variables go on holding theirs."""

    builds_on = True

    def _captured(self, tensor):
        if isinstance(tensor, EagerTensor) and not tensor.dtype._is_ref_dtype:
            with self.as_default():
                return captured(tensor)
        return super()._captured(tensor)


def get_graph():
    """The graph that Keras builds in: the default one, or its own where operations run at once."""
    graph = tf.get_default_graph()
    if not graph.eager:
        return graph
    own = kept(graph)
    if own.graph is None:
        own.graph = KerasGraph("keras_graph")
    return own.graph


def in_graph(*tensors):
    """`with in_graph():` builds a graph, also where operations run at once elsewhere; given
    tensors, only if some are of a graph."""
    if not tf.executing_eagerly():
        return contextlib.nullcontext()
    flat = tf.nest.flatten(tensors, expand_composites=True)
    if tensors and not any(isinstance(x, tf.Tensor) and not x.graph.eager for x in flat):
        return contextlib.nullcontext()
    return get_graph().as_default()


def builds_graph(method):
    """Decorates a method that builds, or runs, a graph."""

    @functools.wraps(method)
    def in_its_graph(*args, **kwargs):
        with in_graph():
            return method(*args, **kwargs)

    return in_its_graph


def outside_graph():
    """`with outside_graph():` is where a program is that calls a model: operations run at once
    there, if they do in the program, though the model is in a graph."""
    is_own = isinstance(tf.get_default_graph(), KerasGraph)
    return tf.init_scope() if is_own else contextlib.nullcontext()


def top_scope():
    """As tf.init_scope, but within the graph that Keras builds in."""
    if isinstance(tf.get_default_graph(), KerasGraph):
        return tf.control_dependencies(None)
    return tf.init_scope()


name_scope = tf.name_scope

# -- sessions -------------------------------------------------------------------------------------


@finds_session
def get_session(op_input_list=()):
    """The default session, or else Keras's own; variables without a value are initialized in it."""
    session = _session(op_input_list)
    if not _global["manual"]:
        initialize_variables(session)
    return session


def _session(op_input_list=()):
    default = tf.get_default_session()
    if default is not None:
        return default
    graphs = [item.graph for item in tf.nest.flatten(op_input_list) if hasattr(item, "graph")]
    graph = graphs[0] if graphs else get_graph()
    own = _global["session"]
    if own is None or own.graph is not graph:
        # Variables that hold their values themselves hold them in the memory of the CPU.
        config = tf.ConfigProto(device_count={"GPU": 0}) if type(graph) is KerasGraph else None
        own = _global["session"] = tf.Session(graph=graph, config=config)
    return own


def set_session(session):
    """Make `session` the one that Keras uses."""
    _global["session"] = session


def initialize_variables(session):
    """Run the initializers of Keras's variables that have no value in `session`, and of tables in
    a graph that a program does not see."""
    graph_kept = kept(session.graph)
    if isinstance(session.graph, KerasGraph):
        tables = session.graph.get_collection(tf.GraphKeys.TABLE_INITIALIZERS)
        new, graph_kept.tables = tables[graph_kept.tables :], len(tables)
        if new:
            session.run(new)
    of_layers = made_in(session.graph)
    pending, of_layers[:] = graph_kept.uninitialized + of_layers, []
    for optimizer in graph_kept.optimizers:
        pending += [v for v in optimizer.variables() if not hasattr(v, "_keras_initialized")]
    if not pending:
        return
    graph_kept.uninitialized = []
    for variable in pending:
        variable._keras_initialized = True
    missing = [v.initializer for v in pending if session.slot(v.op).value is None]
    if missing:
        session.run(missing)


def manual_variable_initialization(value):
    """Whether it is left to the program to initialize variables."""
    _global["manual"] = value


def track_variable(variable):
    """Note a variable, which get_session is to initialize."""
    if variable.graph.eager:
        return
    kept(variable.graph).uninitialized.append(variable)


def track_tf_optimizer(optimizer):
    """Note an optimizer of tf.train, whose variables get_session is to initialize."""
    if in_init_scope().eager:
        return
    kept().optimizers.append(optimizer)


def clear_session():
    """Start over: an empty default graph, another session, names from the beginning."""
    tf.reset_default_graph()
    _global["session"] = None
    if not tf.executing_eagerly():
        kept().learning_phase = _new_phase()


# -- the learning phase ---------------------------------------------------------------------------


def _new_phase():
    with top_scope(), tf.name_scope(None):
        return tf.placeholder_with_default(False, shape=(), name="keras_learning_phase")


def learning_phase():
    """Whether this is training: a bool Tensor that runs may feed, or the 0 or 1 that was set. 0
    where operations run at once."""
    graph_kept = kept()
    if runs_at_once():
        return graph_kept.phase_now or 0
    if graph_kept.learning_phase is None:
        graph_kept.learning_phase = _new_phase()
    return graph_kept.learning_phase


PHASES.append(learning_phase)


def symbolic_learning_phase():
    """The learning phase of the graph that Keras builds in."""
    with in_graph():
        return learning_phase()


def global_learning_phase_is_set():
    """Whether it was set for layers which run at once. Of a graph that is built and then run, it
    is not told."""
    return in_init_scope().eager and kept().phase_now is not None


def set_learning_phase(value):
    """Set the learning phase of the default graph. ValueError for anything but 0 and 1."""
    if value not in {0, 1}:
        raise ValueError("Expected learning phase to be 0 or 1.")
    kept().learning_phase = kept().phase_now = value


@contextlib.contextmanager
def learning_phase_scope(value):
    """Set the learning phase in a `with` block. ValueError for anything but 0 and 1."""
    if value not in {0, 1}:
        raise ValueError("Expected learning phase to be 0 or 1.")
    graph_kept = kept()
    before = graph_kept.learning_phase, graph_kept.phase_now
    try:
        graph_kept.learning_phase = graph_kept.phase_now = value
        yield
    finally:
        graph_kept.learning_phase, graph_kept.phase_now = before


def runs_at_once(tensor=None):
    """Whether layers do, here or in the function that is traced here; or what gave a tensor."""
    graph = tf.get_default_graph() if tensor is None else tensor.graph
    return in_init_scope().eager and not isinstance(graph, KerasGraph)


# -- names ----------------------------------------------------------------------------------------


def get_uid(prefix=""):
    """1, 2, ...: how often it was asked for this prefix in the default graph."""
    counts = kept().counts
    counts[prefix] += 1
    return counts[prefix]


def reset_uids():
    """Begin names anew."""
    kept().counts.clear()
    name_counts().clear()


def unique_object_name(name, avoid=(), namespace="", zero_based=False):
    """`name`, or it with a number, so that no layer of the graph has it yet."""
    names = name_counts()
    while True:
        number = names[namespace, name]
        names[namespace, name] += 1
        if not zero_based:
            number += 1
        proposed = f"{name}_{number}" if number else name
        if proposed not in avoid:
            return proposed
