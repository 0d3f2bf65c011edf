"""`tf.train.Saver`: the values of variables to files and back."""
import os
import time

import numpy as np

from minitf import logging
from minitf.core.eager import executing_eagerly
from minitf.core.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
)
from minitf.core.file_errors import path_text
from minitf.core.graph import add_to_collection, get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.core.proto.saver import SaverDef
from minitf.core.scopes import register_proto_function
from minitf.session import BaseSession
from minitf.train import checkpoint_management as management
from minitf.train.fitting import check_shapes
from minitf.train.global_step import global_step as step_of
from minitf.train.meta_graph import export_meta_graph
from minitf.train.object_keys import saveables_by_key
from minitf.train.saver_builder import BulkSaverBuilder


class Saver:
    """Saves variables to checkpoints and restores them: `save(sess, path)`, `restore(sess, path)`.

    `var_list` is a list of variables, or a dict of them by the names that they have in files; all
    of the graph, if None. `max_to_keep` checkpoints are kept, and one each
    `keep_checkpoint_every_n_hours`. `reshape` restores what had another shape; `sharded` writes a
    file for each device; `write_version=tf.train.SaverDef.V1` writes TensorFlow's older format.
    `pad_step_number` writes steps with eight digits, `save_relative_paths` the paths in the file
    `checkpoint` so that the folder can be moved. With `defer_build` call `build()` later. Raises
    ValueError when there is nothing to save, unless `allow_empty`, or twice the same; TypeError for
    what is no variable.
    """

    def __init__(
        self,
        var_list=None,
        reshape=False,
        sharded=False,
        max_to_keep=5,
        keep_checkpoint_every_n_hours=10000.0,
        name=None,
        restore_sequentially=False,
        saver_def=None,
        builder=None,
        defer_build=False,
        allow_empty=False,
        write_version=SaverDef.V2,
        pad_step_number=False,
        save_relative_paths=False,
        filename=None,
    ):
        if defer_build and var_list:
            raise ValueError("If `var_list` is provided then build cannot be deferred. Either set "
                             "defer_build=False or var_list=None.")  # fmt: skip
        self._var_list, self._reshape, self._sharded = var_list, reshape, sharded
        self._max_to_keep, self._hours = max_to_keep, keep_checkpoint_every_n_hours
        self._name, self._restore_sequentially = name, restore_sequentially
        self.saver_def, self._builder, self._filename = saver_def, builder, filename
        self._allow_empty, self._write_version = allow_empty, write_version
        self._pad_step_number, self._save_relative_paths = pad_step_number, save_relative_paths
        self._is_built, self._is_empty = False, None
        self._last_checkpoints, self._checkpoints_to_be_deleted = [], []
        if executing_eagerly():
            self._begin_eagerly()
        elif not defer_build:
            self.build()
        if self.saver_def:
            self._check_saver_def()
            self._write_version = self.saver_def.version

    # -- its nodes -------------------------------------------------------------------------------

    def build(self):
        """Add the nodes that save and restore, unless they are there."""
        if executing_eagerly():
            raise RuntimeError("Use save/restore instead of build in eager mode.")
        if self._is_built:
            return
        self._is_built = True
        if not self.saver_def:
            self._build_nodes()
        elif self._name:
            self.saver_def = _within(self.saver_def, self._name)
        if self._is_empty:
            return
        self._check_saver_def()
        self._next_checkpoint_time = time.time() + self._seconds_between()

    def _begin_eagerly(self):
        """Where operations run at once, those that save or restore are called when it is time."""
        if self._var_list is None:
            raise RuntimeError(
                "When eager execution is enabled, `var_list` must specify a list or dict of "
                "variables to save"
            )
        self._is_built, self._is_empty = True, not self._var_list
        self._builder = self._builder or BulkSaverBuilder(self._write_version)
        self.saver_def = SaverDef(
            max_to_keep=self._max_to_keep or 0, keep_checkpoint_every_n_hours=self._hours,
            sharded=self._sharded, version=self._write_version,
        )  # fmt: skip
        self._next_checkpoint_time = time.time() + self._seconds_between()

    def _build_nodes(self):
        if self._var_list is None:
            self._var_list = all_saveable()
        self._is_empty = not self._var_list
        if self._is_empty:
            if not self._allow_empty:
                raise ValueError("No variables to save")
            return
        builder = self._builder = self._builder or BulkSaverBuilder(self._write_version)
        self.saver_def = builder.build(
            self._var_list,
            reshape=self._reshape,
            sharded=self._sharded,
            max_to_keep=self._max_to_keep,
            keep_checkpoint_every_n_hours=self._hours,
            name=self._name,
            restore_sequentially=self._restore_sequentially,
            filename=self._filename or "model",
        )

    def _check_saver_def(self):
        if not isinstance(self.saver_def, SaverDef):
            raise ValueError(f"saver_def must be a saver_pb2.SaverDef: {self.saver_def}")
        for field in () if executing_eagerly() else ("save_tensor_name", "restore_op_name"):
            if not getattr(self.saver_def, field):
                raise ValueError(f"saver_def must specify the {field}: {self.saver_def}")

    def as_saver_def(self):
        """A SaverDef: the names of its nodes, the format, what is kept."""
        return self.saver_def

    def to_proto(self, export_scope=None):
        """The same without the name scope `export_scope`; None when a node is not in that."""
        if export_scope is None:
            return self.saver_def
        names = [getattr(self.saver_def, field) for field in _NAMES]
        if not all(name.startswith(export_scope) for name in names):
            return None
        made = SaverDef()
        made.CopyFrom(self.saver_def)
        for field, name in zip(_NAMES, names):
            setattr(made, field, name.removeprefix(export_scope.rstrip("/") + "/"))
        return made

    @staticmethod
    def from_proto(saver_def, import_scope=None):
        """A Saver whose nodes are in the graph already, below the name scope `import_scope`."""
        return Saver(saver_def=saver_def, name=import_scope)

    # -- which checkpoints are kept --------------------------------------------------------------

    @property
    def last_checkpoints(self):
        """The names of the checkpoints that are kept, oldest first."""
        return [name for name, _ in self._last_checkpoints]

    def set_last_checkpoints(self, last_checkpoints):
        """Take these checkpoints, a list of names, for the last ones; they are never deleted."""
        assert isinstance(last_checkpoints, list)
        self._last_checkpoints = [(name, np.inf) for name in last_checkpoints]

    def set_last_checkpoints_with_time(self, last_checkpoints_with_time):
        """Take these checkpoints, a list of (name, time), for the last ones."""
        assert isinstance(last_checkpoints_with_time, list)
        self._last_checkpoints = last_checkpoints_with_time

    def recover_last_checkpoints(self, checkpoint_paths):
        """Take those of these checkpoints that are there for the last ones: after a crash, say."""
        times = [(path, management.get_checkpoint_mtimes([path])) for path in checkpoint_paths]
        self.set_last_checkpoints_with_time([(path, found[0]) for path, found in times if found])

    def _seconds_between(self):
        return self.saver_def.keep_checkpoint_every_n_hours * 3600

    def _record(self, path):
        if not self.saver_def.max_to_keep:
            return
        kept = [pair for pair in self._last_checkpoints if pair[0] != path]
        self._last_checkpoints = [*kept, (path, time.time())]
        if len(self._last_checkpoints) > self.saver_def.max_to_keep:
            self._checkpoints_to_be_deleted.append(self._last_checkpoints.pop(0))

    def _delete_old(self, meta_graph_suffix):
        if not self._checkpoints_to_be_deleted:
            return
        name, written = self._checkpoints_to_be_deleted.pop(0)
        if written > self._next_checkpoint_time:
            self._next_checkpoint_time += self._seconds_between()
            return
        try:
            management.remove_checkpoint(name, self.saver_def.version, meta_graph_suffix)
        except Exception as error:  # a file of before: the one just written is what matters
            logging.warning("Ignoring: %s", error)

    # -- saving ----------------------------------------------------------------------------------

    def save(
        self,
        sess,
        save_path,
        global_step=None,
        latest_filename=None,
        meta_graph_suffix="meta",
        write_meta_graph=True,
        write_state=True,
        strip_default_attrs=False,
        save_debug_info=False,
    ):
        """Write the variables' values in `sess`, and the graph, into files whose names begin with
        `save_path`, followed by `global_step` (a number or a tensor) where it is given.

        Returns the name of the checkpoint, for `restore`. The checkpoints of before stay whole when
        it raises: TypeError for no Session, ValueError for a folder that is not there, RuntimeError
        before `build`, FailedPreconditionError for a variable without a value, and the errors of
        files.
        """
        if not self._is_built:
            raise RuntimeError("`build()` should be called before save if defer_build==True")
        save_path = path_text(save_path)
        latest_filename = latest_filename or "checkpoint"
        file = self._file(sess, save_path, global_step, latest_filename)
        eagerly = executing_eagerly()
        if not eagerly and not isinstance(sess, BaseSession):
            raise TypeError(f"'sess' must be a Session; {sess}")
        path = None
        if not self._is_empty:
            path = self._save_values(sess, file, save_path)
            if write_state:
                self._record(path)
                management.write_state(
                    os.path.dirname(save_path), path, self.last_checkpoints, latest_filename,
                    self._save_relative_paths,
                )  # fmt: skip
                self._delete_old(meta_graph_suffix)
        if write_meta_graph and not eagerly:
            name = management.meta_graph_filename(file, meta_graph_suffix)
            with sess.graph.as_default():
                self.export_meta_graph(
                    name, strip_default_attrs=strip_default_attrs, save_debug_info=save_debug_info
                )
        return path

    def _file(self, sess, save_path, global_step, latest_filename):
        if os.path.dirname(latest_filename):
            raise ValueError("'latest_filename' must not contain path components")
        if global_step is not None:
            if not isinstance(global_step, (int, np.integer)):
                global_step = step_of(sess, global_step)
            return f"{save_path}-{global_step:08d}" if self._pad_step_number else (
                f"{save_path}-{global_step}"
            )
        if os.path.basename(save_path) == latest_filename and not self._sharded:
            raise ValueError(f"'latest_filename' collides with 'save_path': '{latest_filename}' "
                             f"and '{save_path}'")  # fmt: skip
        return save_path

    def _save_values(self, sess, file, save_path):
        names = self.saver_def
        try:
            if executing_eagerly():
                return self._builder.save_at_once(file, self._var_list, self._sharded)
            return sess.run(names.save_tensor_name, {names.filename_tensor_name: file}).decode()
        except (FailedPreconditionError, NotFoundError) as error:
            if os.path.isdir(os.path.dirname(save_path) or "."):
                raise
            raise ValueError(
                f"Parent directory of {save_path} doesn't exist, can't save."
            ) from error

    def export_meta_graph(
        self,
        filename=None,
        collection_list=None,
        as_text=False,
        export_scope=None,
        clear_devices=False,
        clear_extraneous_savers=False,
        strip_default_attrs=False,
        save_debug_info=False,
    ):
        """A MetaGraphDef of the default graph with this Saver, also written to a file of this name;
        see `tf.train.export_meta_graph`."""
        return export_meta_graph(
            filename, saver_def=self.saver_def, collection_list=collection_list, as_text=as_text,
            export_scope=export_scope, clear_devices=clear_devices,
            clear_extraneous_savers=clear_extraneous_savers,
            strip_default_attrs=strip_default_attrs, save_debug_info=save_debug_info,
        )  # fmt: skip

    # -- restoring -------------------------------------------------------------------------------

    def restore(self, sess, save_path):
        """Give the variables in `sess` the values of a checkpoint: no initializer has to be run.

        ValueError when there is no such checkpoint; NotFoundError for variables that it has not,
        InvalidArgumentError for those that have another shape or type, DataLossError for damaged
        files. No variable has changed then.
        """
        if self._is_empty:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        prefix, names = path_text(save_path), self.saver_def
        if not management.checkpoint_exists(prefix):
            near = management.checkpoints_beside(prefix)
            raise ValueError(f"The passed save_path is not a valid checkpoint: {prefix} ({near})")
        logging.info("Restoring parameters from %s", prefix)
        try:
            if executing_eagerly():
                self._builder.restore_at_once(prefix, self._var_list, self._reshape)
                return
            check_shapes(sess.graph.get_operation_by_name(names.restore_op_name), prefix)
            sess.run(names.restore_op_name, {names.filename_tensor_name: prefix})
        except NotFoundError as error:
            if not self._restore_objects(sess, prefix):
                what = "a Variable name or other graph key that is missing"
                raise _explained(error, what) from None
        except InvalidArgumentError as error:
            raise _explained(error, "a mismatch between the current graph and the graph") from None


    def _restore_objects(self, sess, prefix):
        """Restore a checkpoint of objects, by the variables' names; whether it was one."""
        variables = all_saveable() if self._var_list is None else self._var_list
        found = saveables_by_key(variables, prefix)
        if found is None:
            return False
        logging.warning(
            "Restoring an object-based checkpoint using a name-based saver. This may be somewhat "
            "fragile, and will re-build the Saver. Instead, consider loading object-based "
            "checkpoints using tf.train.Checkpoint()."
        )
        Saver(found).restore(sess, prefix)
        return True


def all_saveable():
    """What a Saver saves that is not told what."""
    keys = (GraphKeys.GLOBAL_VARIABLES, GraphKeys.SAVEABLE_OBJECTS)
    return [item for key in keys for item in get_collection(key)]


register_proto_function(GraphKeys.SAVERS, SaverDef, Saver.to_proto, Saver.from_proto)
_NAMES = ("filename_tensor_name", "save_tensor_name", "restore_op_name")


def _within(saver_def, scope):
    """The same nodes below a name scope."""
    made = SaverDef()
    made.CopyFrom(saver_def)
    for field in _NAMES:
        setattr(made, field, f"{scope.rstrip('/')}/{getattr(saver_def, field)}")
    return made


def _explained(error, what):
    message = (
        f"Restoring from checkpoint failed. This is most likely due to {what} from the checkpoint. "
        "Please ensure that you have not altered the graph expected based on the checkpoint. "
        f"Original error:\n\n{error.message}"
    )
    return type(error)(error.node_def, error.op, message)


def _get_saver_or_default():
    """The Saver of the collection "savers", or a new one, put there. RuntimeError for several."""
    savers = get_collection(GraphKeys.SAVERS)
    if len(savers) > 1:
        raise RuntimeError(
            f"More than one item in collection {GraphKeys.SAVERS}. Please indicate which one to "
            "use by passing it to the constructor."
        )
    if not savers:
        savers = [Saver(sharded=True, allow_empty=True)]
        add_to_collection(GraphKeys.SAVERS, savers[0])
    return savers[0]
