"""tf.train.Scaffold: the nodes that a monitored session needs; and what makes sessions of them."""
from minitf import logging
from minitf.core.graph import add_to_collection, get_collection, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.control import group
from minitf.ops.state import resources
from minitf.ops.state.variable_lists import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from minitf.summary.merge import merge_all
from minitf.train.saver import _get_saver_or_default
from minitf.train.session_manager import SessionManager


class Scaffold:
    """What initializes a graph, says whether it is ready, merges its summaries, and saves it.

    What is not given is found in the graph's collections or made when it is finalized.
    `init_fn(scaffold, session)` is called after `init_op`; `copy_from_scaffold` is where all else
    comes from: TypeError if that is no Scaffold.
    """

    NAMES = ("init_op", "init_feed_dict", "ready_op", "ready_for_local_init_op", "local_init_op",
             "summary_op", "saver")  # fmt: skip

    def __init__(self, init_op=None, init_feed_dict=None, init_fn=None, ready_op=None,
                 ready_for_local_init_op=None, local_init_op=None, summary_op=None, saver=None,
                 copy_from_scaffold=None):
        if not isinstance(copy_from_scaffold, (Scaffold, type(None))):
            raise TypeError("copy_from_scaffold is not a Scaffold instance.")
        given = (init_op, init_feed_dict, ready_op, ready_for_local_init_op, local_init_op,
                 summary_op, saver)  # fmt: skip
        for name, value in zip(self.NAMES, given):
            if value is None and copy_from_scaffold is not None:
                value = getattr(copy_from_scaffold, name)
            setattr(self, f"_{name}", value)
        if init_fn is None and copy_from_scaffold is not None:
            init_fn = copy_from_scaffold._user_init_fn
        self._user_init_fn = init_fn

    init_op = property(lambda self: self._init_op)
    init_feed_dict = property(lambda self: self._init_feed_dict)
    ready_op = property(lambda self: self._ready_op)
    ready_for_local_init_op = property(lambda self: self._ready_for_local_init_op)
    local_init_op = property(lambda self: self._local_init_op)
    summary_op = property(lambda self: self._summary_op)
    saver = property(lambda self: self._saver)

    @property
    def init_fn(self):
        """A function of the session, or None."""
        function = self._user_init_fn
        return None if function is None else lambda session: function(self, session)

    def finalize(self):
        """Make what is missing, and finalize the graph."""
        for name, make in (
            ("init_op", _global_init_op),
            ("ready_op", _all_uninitialized),
            ("ready_for_local_init_op", _global_uninitialized),
            ("local_init_op", Scaffold.default_local_init_op),
            ("summary_op", merge_all),
        ):  # fmt: skip
            if getattr(self, f"_{name}") is None:
                key = getattr(GraphKeys, name.upper())
                setattr(self, f"_{name}", Scaffold.get_or_default(name, key, make))
        if self._saver is None:
            self._saver = _get_saver_or_default()
        self._saver.build()
        get_default_graph().finalize()
        logging.info("Graph was finalized.")
        return self

    @staticmethod
    def get_or_default(arg_name, collection_key, default_constructor):
        """The one item of a collection, or a new one, put there. RuntimeError for several."""
        found = get_collection(collection_key)
        if len(found) > 1:
            raise RuntimeError(
                f'More than one item in the collection "{collection_key}". Please indicate which '
                f"one to use by passing it to the tf.Scaffold constructor as:  "
                f"tf.Scaffold({arg_name}=item to use)"
            )
        if found:
            return found[0]
        made = default_constructor()
        if made is not None:
            add_to_collection(collection_key, made)
        return made

    @staticmethod
    def default_local_init_op():
        """An operation that initializes local variables, tables and local resources."""
        made = [each.create for each in resources.local_resources()]
        tables = get_collection(GraphKeys.TABLE_INITIALIZERS)
        return group(local_variables_initializer(), *tables, *made)


def _global_init_op():
    made = [each.create for each in resources.shared_resources()]
    return group(global_variables_initializer(), *made)


def _all_uninitialized():
    listed = resources.shared_resources() + resources.local_resources()
    return _with_resources(report_uninitialized_variables(), listed)


def _global_uninitialized():
    names = report_uninitialized_variables(global_variables())
    return _with_resources(names, resources.shared_resources())


def _with_resources(names, listed):
    """The names of what is missing, with those of resources, where the graph has any."""
    if not listed:
        return names
    return concat([names, resources.report_uninitialized_resources(listed)], 0)


class SessionCreator:
    """What makes sessions: `create_session()`."""

    def create_session(self):
        """A session. Each kind says how."""
        raise NotImplementedError(f"create_session is not implemented for {self}.")


class ChiefSessionCreator(SessionCreator):
    """Makes sessions that are restored from a checkpoint, or initialized."""

    def __init__(self, scaffold=None, master="", config=None, checkpoint_dir=None,
                 checkpoint_filename_with_path=None):
        self._scaffold, self._master, self._config = scaffold or Scaffold(), master, config
        self._checkpoint_dir = checkpoint_dir
        self._checkpoint_filename_with_path = checkpoint_filename_with_path

    def create_session(self):
        """A session that is ready; the graph is finalized."""
        scaffold = self._scaffold.finalize()
        return _manager(scaffold).prepare_session(
            self._master, saver=scaffold.saver, checkpoint_dir=self._checkpoint_dir,
            checkpoint_filename_with_path=self._checkpoint_filename_with_path,
            config=self._config, init_op=scaffold.init_op,
            init_feed_dict=scaffold.init_feed_dict, init_fn=scaffold.init_fn,
        )  # fmt: skip


class WorkerSessionCreator(SessionCreator):
    """Makes sessions that wait until another process has initialized the variables."""

    def __init__(self, scaffold=None, master="", config=None, max_wait_secs=1800):
        self._scaffold, self._master, self._config = scaffold or Scaffold(), master, config
        self._max_wait_secs = max_wait_secs

    def create_session(self):
        """A session that is ready. DeadlineExceededError if it does not become so."""
        scaffold = self._scaffold.finalize()
        return _manager(scaffold).wait_for_session(
            self._master, config=self._config, max_wait_secs=self._max_wait_secs
        )


def _manager(scaffold):
    return SessionManager(
        local_init_op=scaffold.local_init_op, ready_op=scaffold.ready_op,
        ready_for_local_init_op=scaffold.ready_for_local_init_op, graph=get_default_graph(),
    )  # fmt: skip
