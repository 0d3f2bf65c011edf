"""Looking into checkpoints, waiting for them, and starting variables from them."""
import os
import time

from minitf import logging
from minitf.core.file_errors import path_text
from minitf.core.graph import device
from minitf.ops.io.checkpoints import restore_v2
from minitf.ops.state import variable_store
from minitf.ops.state.variables import Variable
from minitf.train.checkpoint_management import latest_checkpoint
from minitf.train.checkpoint_reader import NewCheckpointReader
from minitf.train.saveables import op_list_to_dict, saveable_objects_for_op

# -- looking --------------------------------------------------------------------------------------


def _name(folder_or_file):
    path = path_text(folder_or_file)
    return latest_checkpoint(path) if os.path.isdir(path) else path


def load_checkpoint(ckpt_dir_or_file):
    """A CheckpointReader of a checkpoint, or of the newest one of a folder. ValueError for a folder
    without one."""
    name = _name(ckpt_dir_or_file)
    if name is None:
        raise ValueError("Couldn't find 'checkpoint' file or checkpoints in given directory "
                         f"{ckpt_dir_or_file}")  # fmt: skip
    return NewCheckpointReader(name)


def load_variable(ckpt_dir_or_file, name):
    """The value that a checkpoint has for a variable, an array."""
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


def list_variables(ckpt_dir_or_file):
    """[(name, shape)] of the variables in a checkpoint, sorted by the names."""
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())


# -- waiting --------------------------------------------------------------------------------------


def wait_for_new_checkpoint(checkpoint_dir, last_checkpoint=None, seconds_to_sleep=1, timeout=None):
    """The newest checkpoint of a folder, once it is not `last_checkpoint`; None after `timeout`
    seconds."""
    logging.info("Waiting for new checkpoint at %s", checkpoint_dir)
    stop = None if timeout is None else time.time() + timeout
    while True:
        found = latest_checkpoint(checkpoint_dir)
        if found is not None and found != last_checkpoint:
            logging.info("Found new checkpoint at %s", found)
            return found
        if stop is not None and time.time() + seconds_to_sleep > stop:
            return None
        time.sleep(seconds_to_sleep)


def checkpoints_iterator(checkpoint_dir, min_interval_secs=0, timeout=None, timeout_fn=None):
    """The newest checkpoint of a folder, again and again as there is a new one, at most one each
    `min_interval_secs`.

    It ends after `timeout` seconds without one; if there is a `timeout_fn`, when that is then true.
    """
    found = None
    while True:
        new = wait_for_new_checkpoint(checkpoint_dir, found, timeout=timeout)
        if new is None:
            if timeout_fn is None:
                logging.info("Timed-out waiting for a checkpoint.")
                return
            if timeout_fn():
                return
            continue
        start, found = time.time(), new
        yield found
        left = start + min_interval_secs - time.time()
        if left > 0:
            time.sleep(left)


# -- starting variables from a checkpoint ---------------------------------------------------------


def init_from_checkpoint(ckpt_dir_or_file, assignment_map):
    """Let initializers take the values of a checkpoint, by a dict of names there to what is here.

    "w": a variable, a list of the parts of one, or its name; "scope/": "other/" takes all variables
    of `other/` from those of the same names in `scope/`, "/" being all of the checkpoint. The
    values are read when an initializer is run. ValueError for names that are not there, and for
    shapes that do not fit.
    """
    file = _name(ckpt_dir_or_file)
    shapes = load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map()
    for stored, here in sorted(assignment_map.items(), key=lambda pair: pair[0]):
        variable = here if _is_variable(here) else _of_name(here)
        if variable is not None:
            _check(ckpt_dir_or_file, stored, variable, shapes)
            _start_from(variable, file, stored)
        else:
            for name, each in _of_scope(ckpt_dir_or_file, stored, here, shapes):
                _start_from(each, file, name)


def _is_variable(item):
    return isinstance(item, Variable) or (
        isinstance(item, list) and all(isinstance(each, Variable) for each in item)
    )


def _of_name(name):
    """The variable of this name that `tf.get_variable` made, its parts, or None."""
    made = variable_store.store()
    if name in made:
        return made[name]
    parts = []
    while f"{name}/part_{len(parts)}" in made:
        parts.append(made[f"{name}/part_{len(parts)}"])
    return parts or None


def _check(where, stored, variable, shapes):
    if stored not in shapes:
        raise ValueError(f"Tensor {stored} is not found in {where} checkpoint {shapes}")
    shape = shapes[stored]
    if isinstance(variable, Variable) and not variable.get_shape().is_compatible_with(shape):
        raise ValueError(
            f"Shape of variable {variable.name} ({variable.get_shape()}) doesn't match with shape "
            f"of tensor {stored} ({shape}) from checkpoint reader."
        )


def _of_scope(where, stored, here, shapes):
    """(name in the checkpoint, variable) of all variables of a scope."""
    scope = here.rpartition("/")[0]
    if not stored.endswith("/"):
        raise ValueError(
            f"Assignment map with scope only name {scope} should map to scope only {stored}. "
            "Should be 'scope/': 'other_scope/'."
        )
    inside = (n for n in variable_store.store() if not scope or n.startswith(f"{scope}/"))
    for name in sorted({name.partition("/part_")[0] for name in inside}):
        rest = name[len(scope) :]
        rest = rest if here == "/" else rest[1:]
        full = (rest if stored == "/" else stored + rest).removesuffix("/")
        if full not in shapes:
            raise ValueError(
                f"Tensor {full} ({name[len(scope) + 1 :]} in {stored}) is not found in {where} "
                "checkpoint"
            )
        yield full, _of_name(name)


def _start_from(variable, file, stored):
    if isinstance(variable, Variable):
        _start_one(variable, file, stored, "")
        return
    names = [part._save_slice_info.full_name for part in variable]
    for name in names:
        if name != names[0]:
            raise ValueError(f"Slices must all be from the same tensor: {names[0]} != {name}")
    for part in variable:
        _start_one(part, file, stored, part._save_slice_info.spec)


def _start_one(variable, file, stored, spec):
    with device(variable.device), device("/cpu:0"):
        value = restore_v2(
            file, [stored], [spec], [variable.dtype.base_dtype], name="checkpoint_initializer"
        )[0]
        (name, item), = op_list_to_dict([variable]).items()
        saveable, = saveable_objects_for_op(item, name)
    assigned = saveable.restore([value], None)
    value.set_shape(variable.shape)
    variable._initializer, variable._initial_value = assigned.op, value
