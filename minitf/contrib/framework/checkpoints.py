"""Variables from checkpoints: `tf.contrib.framework.assign_from_checkpoint_fn`, ..."""
from minitf import logging
from minitf.contrib.framework.variables import get_variable_full_name
from minitf.core.proto.saver import SaverDef
from minitf.ops.control_flow.control import group
from minitf.ops.state.placeholder import placeholder
from minitf.train import checkpoint_utils
from minitf.train.checkpoint_reader import NewCheckpointReader
from minitf.train.saver import Saver


def load_checkpoint(filepattern):
    """A CheckpointReader of a checkpoint, or of the newest one of a folder. ValueError for a folder
    without one."""
    return checkpoint_utils.load_checkpoint(filepattern)


def load_variable(checkpoint_dir, name):
    """The value that a checkpoint has for a variable, an array."""
    return checkpoint_utils.load_variable(checkpoint_dir, name)


def list_variables(checkpoint_dir):
    """[(name, shape)] of the variables in a checkpoint, sorted by the names."""
    return checkpoint_utils.list_variables(checkpoint_dir)


def init_from_checkpoint(checkpoint_dir, assignment_map):
    """`tf.train.init_from_checkpoint`."""
    checkpoint_utils.init_from_checkpoint(checkpoint_dir, assignment_map)


def assign_from_checkpoint(model_path, var_list, ignore_missing_vars=False):
    """(operation, feed_dict) that give variables the values of a checkpoint.

    `var_list` is a list of variables, or a dict of variables, or of lists of the parts of one, by
    the names that they have there. ValueError for another shape, and for a name that is not there,
    unless `ignore_missing_vars`.
    """
    reader, feed_dict, assigned = NewCheckpointReader(model_path), {}, []
    for name, variables in _by_name(var_list).items():
        if not reader.has_tensor(name):
            if not ignore_missing_vars:
                raise ValueError(f"Checkpoint is missing variable [{name}]")
            logging.warning("Checkpoint is missing variable [%s]", name)
            continue
        value = reader.get_tensor(name)
        for variable in variables:
            fed = placeholder(
                variable.dtype.base_dtype, variable.get_shape(), f"placeholder/{variable.op.name}"
            )
            assigned.append(variable.assign(fed))
            feed_dict[fed] = _for(variable, name, value)
    return group(*assigned), feed_dict


def _by_name(var_list):
    """{name in the checkpoint: its variable, or parts of it}."""
    if isinstance(var_list, dict):
        return {
            name: list(value) if isinstance(value, (list, tuple)) else [value]
            for name, value in var_list.items()
        }
    found = {}
    for variable in var_list:
        found.setdefault(get_variable_full_name(variable), []).append(variable)
    return found


def _for(variable, name, value):
    part = variable._save_slice_info
    if part is not None:
        places = zip(part.var_offset, part.var_shape)
        return value[tuple(slice(start, start + size) for start, size in places)]
    if not variable.get_shape().is_compatible_with(value.shape):
        raise ValueError(
            f"Total size of new array must be unchanged for {name} lh_shape: [{value.shape}], "
            f"rh_shape: [{variable.get_shape()}]"
        )
    return value


def assign_from_checkpoint_fn(
    model_path, var_list, ignore_missing_vars=False, reshape_variables=False
):
    """A function of a session that gives variables, a list or a dict by names, the values of a
    checkpoint; with `reshape_variables` also those of another shape.

    With `ignore_missing_vars` those that it has not keep theirs, and without any the result is
    None. ValueError for no variables.
    """
    if not var_list:
        raise ValueError("var_list cannot be empty")
    if ignore_missing_vars:
        var_list = _there(model_path, var_list)
    if not var_list:
        logging.warning("No Variables to restore")
        return None
    saver = Saver(var_list, reshape=reshape_variables, write_version=SaverDef.V1)
    return lambda session: saver.restore(session, model_path)


def _there(model_path, var_list):
    reader = NewCheckpointReader(model_path)
    named = var_list if isinstance(var_list, dict) else {var.op.name: var for var in var_list}
    for name in named:
        if not reader.has_tensor(name):
            logging.warning("Variable %s missing in checkpoint %s", name, model_path)
    return {name: variable for name, variable in named.items() if reader.has_tensor(name)}
