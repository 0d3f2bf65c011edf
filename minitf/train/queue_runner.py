"""tf.train.QueueRunner: threads that fill a queue."""
import threading
import weakref

from minitf import logging
from minitf.core import errors
from minitf.core.graph import (
    add_to_collection,
    get_collection,
    get_default_graph,
    get_default_session,
)
from minitf.core.graph_keys import GraphKeys
from minitf.core.proto.message import Message
from minitf.core.scopes import prepend_name_scope, register_proto_function, strip_name_scope
from minitf.train.turns import short_turns


class QueueRunnerDef(Message):
    """A QueueRunner: the names of the nodes that it runs."""

    PROTO = """
        string queue_name = 1;
        repeated string enqueue_op_name = 2;
        string close_op_name = 3;
        string cancel_op_name = 4;
        enum Code {
            OK = 0;
            CANCELLED = 1;
            UNKNOWN = 2;
            INVALID_ARGUMENT = 3;
            DEADLINE_EXCEEDED = 4;
            NOT_FOUND = 5;
            ALREADY_EXISTS = 6;
            PERMISSION_DENIED = 7;
            RESOURCE_EXHAUSTED = 8;
            FAILED_PRECONDITION = 9;
            ABORTED = 10;
            OUT_OF_RANGE = 11;
            UNIMPLEMENTED = 12;
            INTERNAL = 13;
            UNAVAILABLE = 14;
            DATA_LOSS = 15;
            UNAUTHENTICATED = 16;
        }
        repeated Code queue_closed_exception_types = 5;
    """


class QueueRunner:
    """Runs each of the `enqueue_ops` in a thread of its own, again and again, until an error.

    An error of `queue_closed_exception_types`, by default OutOfRangeError, means that there is no
    more to bring: when all threads have come to that, `close_op` is run. `cancel_op` is run when
    the coordinator is asked to stop; by default both close the `queue`. ValueError without a queue
    or ops, TypeError for types that are no tuple of `tf.errors`.
    """

    def __init__(self, queue=None, enqueue_ops=None, close_op=None, cancel_op=None,
                 queue_closed_exception_types=None, queue_runner_def=None, import_scope=None):
        if queue_runner_def is not None:
            if queue or enqueue_ops:
                raise ValueError("queue_runner_def and queue are mutually exclusive.")
            self._from_def(queue_runner_def, import_scope)
        else:
            if not queue or not enqueue_ops:
                raise ValueError("Must provide queue and enqueue_ops.")
            self._queue, self._enqueue_ops = queue, enqueue_ops
            self._close_op, self._cancel_op = close_op, cancel_op
            self._closed_types = _checked_types(queue_closed_exception_types)
            if close_op is None:
                self._close_op = queue.close()
            if cancel_op is None:
                self._cancel_op = queue.close(cancel_pending_enqueues=True)
        self._lock = threading.Lock()
        self._runs_per_session = weakref.WeakKeyDictionary()  # how many threads run
        self._exceptions_raised = []

    def _from_def(self, given, scope):
        def found(name):
            return get_default_graph().as_graph_element(prepend_name_scope(name, scope))

        self._queue = found(given.queue_name)
        self._enqueue_ops = [found(name) for name in given.enqueue_op_name]
        self._close_op, self._cancel_op = found(given.close_op_name), found(given.cancel_op_name)
        codes = list(given.queue_closed_exception_types)
        self._closed_types = tuple(map(_type_of_code, codes)) or (errors.OutOfRangeError,)

    queue = property(lambda self: self._queue)
    enqueue_ops = property(lambda self: self._enqueue_ops)
    close_op = property(lambda self: self._close_op)
    cancel_op = property(lambda self: self._cancel_op)
    queue_closed_exception_types = property(lambda self: self._closed_types)
    exceptions_raised = property(lambda self: self._exceptions_raised,
                                 doc="Errors of threads that have no coordinator.")  # fmt: skip
    name = property(lambda self: self._queue.name, doc="The name of the queue.")

    # -- threads ---------------------------------------------------------------------------------

    def create_threads(self, sess, coord=None, daemon=False, start=False):
        """A thread for each of the ops, and with a coordinator one more, which waits for the stop.

        No thread where they run for this session already. `daemon` threads do not keep the program
        from ending; `start` starts them.
        """
        with self._lock:
            if self._runs_per_session.get(sess, 0) > 0:
                return []
            self._runs_per_session[sess] = len(self._enqueue_ops)
            self._exceptions_raised = []
        made = [self._thread(self._run, op.name, sess, op, coord) for op in self._enqueue_ops]
        if coord:
            args = "close_on_stop", sess, self._cancel_op, coord
            made.append(self._thread(self._close_on_stop, *args))
        for thread in made:
            if coord:
                coord.register_thread(thread)
            thread.daemon = thread.daemon or daemon
            if start:
                thread.start()
        return made

    def _thread(self, target, name, *args):
        name = f"QueueRunnerThread-{self.name}-{name}"
        return threading.Thread(target=target, args=args, name=name)

    def _run(self, sess, enqueue_op, coord=None):
        """What a thread does: bring until the input is at its end, or somebody stops it."""
        ended = False
        try:
            enqueue = self._enqueuer(sess, enqueue_op)
            with short_turns:
                while not (coord and coord.should_stop()):
                    enqueue()
        except self._closed_types:
            ended = True
        except Exception as error:
            self._failed(error, coord)
        finally:
            self._ended(sess, ended)

    def _enqueuer(self, sess, enqueue_op):
        """What brings one element each time it is called."""
        return sess.make_callable(enqueue_op)

    def _failed(self, error, coord):
        if coord:
            coord.request_stop(error)
            return
        logging.error("Exception in QueueRunner: %s", error)
        with self._lock:
            self._exceptions_raised.append(error)
        raise error

    def _ended(self, sess, closes):
        with self._lock:
            self._runs_per_session[sess] -= 1
            if closes and self._runs_per_session[sess] == 0:
                _run_quietly(sess, self._close_op)

    def _close_on_stop(self, sess, cancel_op, coord):
        coord.wait_for_stop()
        _run_quietly(sess, cancel_op)

    # -- as a message ----------------------------------------------------------------------------

    def to_proto(self, export_scope=None):
        """A QueueRunnerDef; None when it is not in the name scope `export_scope`."""
        if export_scope is not None and not self.name.startswith(export_scope):
            return None

        def stripped(name):
            return strip_name_scope(name, export_scope)

        return QueueRunnerDef(
            queue_name=stripped(self.name),
            enqueue_op_name=[stripped(op.name) for op in self._enqueue_ops],
            close_op_name=stripped(self._close_op.name),
            cancel_op_name=stripped(self._cancel_op.name),
            queue_closed_exception_types=[kind.code for kind in self._closed_types],
        )

    @staticmethod
    def from_proto(queue_runner_def, import_scope=None):
        """The QueueRunner that a QueueRunnerDef describes, of operations in the default graph."""
        return QueueRunner(queue_runner_def=queue_runner_def, import_scope=import_scope)


register_proto_function(GraphKeys.QUEUE_RUNNERS, QueueRunnerDef, QueueRunner.to_proto,
                        QueueRunner.from_proto)  # fmt: skip


def _checked_types(types):
    if types is None:
        return (errors.OutOfRangeError,)
    if not isinstance(types, tuple) or not types or not all(
        isinstance(kind, type) and issubclass(kind, errors.OpError) for kind in types
    ):
        raise TypeError("queue_closed_exception_types, when provided, must be a tuple of tf.error "
                        f"types, but saw: {types}")  # fmt: skip
    return types


def _type_of_code(code):
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    return next(kind for kind in kinds if issubclass(kind, errors.OpError) and kind.code == code)


def _run_quietly(sess, op):
    """Run what closes a queue: that it is closed already, or the session, is as good."""
    try:
        sess.run(op)
    except (errors.OpError, RuntimeError) as error:
        logging.debug("Ignored exception: %s", error)


def add_queue_runner(qr, collection=GraphKeys.QUEUE_RUNNERS):
    """Put a QueueRunner where `start_queue_runners` looks for it."""
    add_to_collection(collection, qr)


def start_queue_runners(
    sess=None, coord=None, daemon=True, start=True, collection=GraphKeys.QUEUE_RUNNERS
):
    """Start the threads of all QueueRunners of the graph; the list of the threads.

    ValueError without a session, TypeError for what is no session.
    """
    sess = get_default_session() if sess is None else sess
    if sess is None:
        raise ValueError(
            "Cannot start queue runners: No default session is registered. Use `with "
            "sess.as_default()` or pass an explicit session to tf.start_queue_runners(sess=sess)"
        )
    if type(sess).__name__ in ("MonitoredSession", "SingularMonitoredSession"):
        return []  # it has started them
    if not hasattr(sess, "make_callable"):
        raise TypeError(f"sess must be a `tf.Session` object. Given class: {type(sess)}")
    with sess.graph.as_default():
        runners = get_collection(collection)
        if not runners:
            logging.warning(
                "`tf.train.start_queue_runners()` was called when no queue runners were defined. "
                "You can safely remove the call to this deprecated function."
            )
        started = [qr.create_threads(sess, coord, daemon, start) for qr in runners]
    return [thread for threads in started for thread in threads]
