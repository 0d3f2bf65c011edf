"""What Keras keeps for each graph: its session, the learning phase, names, variables."""
import collections
import contextlib

import minitf as tf


class _Kept:
    """What Keras keeps for one graph."""

    def __init__(self):
        self.learning_phase = None
        self.counts = collections.defaultdict(int)  # of names, by prefix
        self.names = collections.defaultdict(int)  # of layers, by (namespace, name)
        self.uninitialized = []  # variables that no session has been seen to hold
        self.optimizers = []  # of tf.train


_global = {"session": None, "manual": False}


def kept(graph=None):
    """What Keras keeps for `graph`, the default one unless given."""
    graph = graph or tf.get_default_graph()
    return graph._scope_store.setdefault("keras", _Kept())


def get_graph():
    """The graph that Keras builds in: the default one."""
    return tf.get_default_graph()


name_scope = tf.name_scope

# -- sessions -------------------------------------------------------------------------------------


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
    graph = graphs[0] if graphs else tf.get_default_graph()
    own = _global["session"]
    if own is None or own.graph is not graph:
        own = _global["session"] = tf.Session(graph=graph)
    return own


def set_session(session):
    """Make `session` the one that Keras uses."""
    _global["session"] = session


def initialize_variables(session):
    """Run the initializers of Keras's variables that have no value in `session`."""
    graph_kept = kept(session.graph)
    pending = graph_kept.uninitialized
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
    kept(variable.graph).uninitialized.append(variable)


def track_tf_optimizer(optimizer):
    """Note an optimizer of tf.train, whose variables get_session is to initialize."""
    kept().optimizers.append(optimizer)


def clear_session():
    """Start over: an empty default graph, another session, names from the beginning."""
    tf.reset_default_graph()
    _global["session"] = None
    kept().learning_phase = _new_phase()


# -- the learning phase ---------------------------------------------------------------------------


def _new_phase():
    with tf.init_scope(), tf.name_scope(None):
        return tf.placeholder_with_default(False, shape=(), name="keras_learning_phase")


def learning_phase():
    """Whether this is training: a bool Tensor that runs may feed, or the 0 or 1 that was set."""
    graph_kept = kept()
    if graph_kept.learning_phase is None:
        graph_kept.learning_phase = _new_phase()
    return graph_kept.learning_phase


symbolic_learning_phase = learning_phase


def global_learning_phase_is_set():
    """Whether there is a learning phase for the default graph: set, or made by learning_phase."""
    return kept().learning_phase is not None


def set_learning_phase(value):
    """Set the learning phase of the default graph. ValueError for anything but 0 and 1."""
    if value not in {0, 1}:
        raise ValueError("Expected learning phase to be 0 or 1.")
    kept().learning_phase = value


@contextlib.contextmanager
def learning_phase_scope(value):
    """Set the learning phase in a `with` block. ValueError for anything but 0 and 1."""
    if value not in {0, 1}:
        raise ValueError("Expected learning phase to be 0 or 1.")
    graph_kept = kept()
    before = graph_kept.learning_phase
    try:
        graph_kept.learning_phase = value
        yield
    finally:
        graph_kept.learning_phase = before


# -- names ----------------------------------------------------------------------------------------


def get_uid(prefix=""):
    """1, 2, ...: how often it was asked for this prefix in the default graph."""
    counts = kept().counts
    counts[prefix] += 1
    return counts[prefix]


def reset_uids():
    """Begin names anew."""
    graph_kept = kept()
    graph_kept.counts.clear()
    graph_kept.names.clear()


def unique_object_name(name, avoid=(), namespace="", zero_based=False):
    """`name`, or it with a number, so that no layer of the graph has it yet."""
    names = kept().names
    while True:
        number = names[namespace, name]
        names[namespace, name] += 1
        if not zero_based:
            number += 1
        proposed = f"{name}_{number}" if number else name
        if proposed not in avoid:
            return proposed
