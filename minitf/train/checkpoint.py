"""`tf.train.Checkpoint`: the values of objects, by the names of attributes, to files and back."""
import os

from minitf.core.dtypes import int64
from minitf.core.file_errors import path_text
from minitf.core.graph import device, get_default_graph
from minitf.core.proto.checkpoint import TrackableObjectGraph
from minitf.core.trackable import AutoTrackable, NoDependency, is_trackable
from minitf.eager.function import Function
from minitf.lib.checkpoint import opened
from minitf.ops.function import FunctionGraph
from minitf.ops.state.variables import Variable, in_init_scope, init_scope
from minitf.runtime.checksum import crc32c
from minitf.train import object_values
from minitf.train.checkpoint_management import write_state
from minitf.train.load_status import (
    CheckpointLoadStatus,
    InitializationOnlyStatus,
    NameBasedSaverStatus,
)
from minitf.train.object_graph import OBJECT_GRAPH, ObjectGraph
from minitf.train.object_restore import NameRestore, Restore


def write(root, prefix, session=None):
    """Write the values of all that is below `root` into the checkpoint `prefix`."""
    graph, held = ObjectGraph(root).message()
    more = {OBJECT_GRAPH: graph.SerializeToString()}
    object_values.write(path_text(prefix), held, session, more)
    return path_text(prefix)


def record(path):
    """Let `tf.train.latest_checkpoint` of the folder find a checkpoint."""
    write_state(os.path.dirname(path), path, [path], relative=True)


def restore(root, save_path):
    """Restore what is below `root`; the status. NotFoundError when there is no such checkpoint."""
    if save_path is None:
        return InitializationOnlyStatus(root)
    stored = opened(path_text(save_path), crc32c())
    if stored.has(OBJECT_GRAPH):
        message = TrackableObjectGraph.FromString(stored.tensor(OBJECT_GRAPH)[()])
        return CheckpointLoadStatus(Restore(message.nodes, stored, root), root)
    by_name = NameRestore(stored, root) if in_init_scope().eager else None
    return NameBasedSaverStatus(save_path, root, by_name)


class Checkpoint(AutoTrackable):
    """Objects that are saved and restored together: `Checkpoint(model=model, optimizer=optimizer)`.

    The keywords become attributes: variables, layers and models, optimizers, metrics, lists and
    dictionaries of these, other Checkpoints. A value is found again by the names that lead to it,
    `model/dense/kernel`, not by a variable's name. ValueError for what no checkpoint can hold.
    """

    def __init__(self, **kwargs):
        for name, value in sorted(kwargs.items()):
            if not is_trackable(value) and not isinstance(value, Function):
                raise ValueError(
                    "`Checkpoint` was expecting a trackable object (an object derived from "
                    f"`TrackableBase`), got {value} for '{name}'. A checkpoint can hold variables, "
                    "layers, models, optimizers and metrics; lists and dictionaries of these as "
                    "attributes that are set later."
                )
            setattr(self, name, value)
        self._save_counter = None  # made late, so that it starts with the value that is restored

    @property
    def save_counter(self):
        """The variable that counts saves, an int64."""
        if self._save_counter is None:
            with init_scope(), device("/cpu:0"):
                counter = Variable(0, name="save_counter", dtype=int64, trainable=False)
            self._save_counter = NoDependency(counter)
            self._track_trackable(counter, "save_counter")
        return self._save_counter

    def write(self, file_prefix, session=None):
        """Write a checkpoint of this name, which is returned; it is not numbered, and
        `tf.train.latest_checkpoint` does not find it.

        `session`, or the default one, has the values of variables of a graph. Raises
        FailedPreconditionError for a variable without a value, and the errors of files.
        """
        _check_not_traced("write")
        return write(self, file_prefix, session)

    def save(self, file_prefix, session=None):
        """Write the next checkpoint, "file_prefix-1", "file_prefix-2" ..., as `write` does.

        Returns its name, which `tf.train.latest_checkpoint` finds.
        """
        _check_not_traced("save")
        number = self._count(session)
        path = self.write(f"{path_text(file_prefix)}-{number}", session)
        record(path)
        return path

    def _count(self, session):
        """One more save; its number."""
        is_new = self._save_counter is None
        counter = self.save_counter
        if object_values.holds_itself(counter):
            return int(counter.assign_add(1).numpy())
        session = object_values.session_or_default(session)
        number = 1 if is_new else int(session.run(counter)) + 1
        object_values.load([(counter, number)], session)
        return number

    def restore(self, save_path):
        """Restore a checkpoint that `save` or `write` has written: those objects that there are, at
        once or, in a graph, when the status that is returned is told to; others when they are made.

        `status.assert_consumed()` says whether all was restored, `run_restore_ops(session)`
        restores in a graph, `initialize_or_restore(session)` also initializes the rest, or all for
        `restore(None)`. Checkpoints of tf.train.Saver are restored by the variables' names. Raises
        NotFoundError when there is none of this name, ValueError and InvalidArgumentError for
        variables of another shape or type.
        """
        status = restore(self, save_path)
        _ = self.save_counter
        return status


def _check_not_traced(method):
    if isinstance(get_default_graph(), FunctionGraph):
        raise NotImplementedError(
            f"Calling tf.train.Checkpoint.{method}() from a function is not supported: what a "
            "traced function does is done in each of its runs, and files are written in none. Call "
            "it where the function is called."
        )
