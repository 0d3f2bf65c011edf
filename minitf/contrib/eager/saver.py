"""`tfe.Saver`: variables by their names to files and back, where operations run at once."""
from contextlib import contextmanager

from minitf.core.eager import executing_eagerly
from minitf.core.errors import NotFoundError
from minitf.ops.state.eager_variable import told_of_variables
from minitf.train import object_values
from minitf.train.checkpoint_reader import NewCheckpointReader
from minitf.train.saver import Saver as GraphSaver


class Saver:
    """Saves variables, a list or a dict of them by names: `save(prefix)`, `restore(path)`.

    RuntimeError where a graph is built: tf.train.Saver is for that.
    """

    def __init__(self, var_list):
        if not executing_eagerly():
            raise RuntimeError(
                "tfe.Saver can only be used when eager execution is enabled. Use tf.train.Saver "
                "when building graphs."
            )
        self._saver = GraphSaver(var_list=var_list)

    def save(self, file_prefix, global_step=None):
        """Write a checkpoint, whose name is returned: `file_prefix`, followed by the step."""
        return self._saver.save(None, file_prefix, write_meta_graph=False, global_step=global_step)

    def restore(self, file_prefix):
        """Give the variables the values of a checkpoint. Errors as tf.train.Saver has them."""
        self._saver.restore(None, file_prefix)


@contextmanager
def restore_variables_on_create(save_path, map_func=None):
    """Variables made in the `with` block start with the values of a checkpoint, if `save_path` is
    not None.

    `map_func(name)` is the name that a variable has in it. Raises ValueError where a graph is built
    or for a `map_func` that cannot be called; NotFoundError where a variable is made that is not
    in the checkpoint.
    """
    if not executing_eagerly():
        raise ValueError(
            "Currently, restore_variables_on_create can only be used with eager execution enabled."
        )
    if not save_path:
        yield
        return
    if map_func is not None and not callable(map_func):
        raise ValueError("map_func must be callable.")
    reader, done = NewCheckpointReader(save_path), set()

    def restore(variable):
        name = variable.op.name if map_func is None else map_func(variable.op.name)
        if not reader.has_tensor(name):
            raise NotFoundError(None, None, f"{name} not found in checkpoint")
        if name not in done:  # the first one of this name has its value
            done.add(name)
            object_values.give(variable, reader.get_tensor(name))

    with told_of_variables(restore):
        yield
