"""Which checkpoints there are: the file `checkpoint`, `tf.train.latest_checkpoint`, ..."""
import glob
import os
import re

from minitf import logging
from minitf.core.errors import OpError
from minitf.core.file_errors import path_text, translated
from minitf.core.proto.saver import CheckpointState, SaverDef
from minitf.core.proto.text_parse import ParseError, merge
from minitf.lib.whole_files import write_whole

# -- the file `checkpoint` ------------------------------------------------------------------------


def generate_checkpoint_state_proto(
    save_dir,
    model_checkpoint_path,
    all_model_checkpoint_paths=None,
    all_model_checkpoint_timestamps=None,
    last_preserved_timestamp=None,
):
    """A CheckpointState with these paths, relative to `save_dir` where both are relative.

    ValueError for another number of timestamps than of paths, oldest first.
    """
    paths = list(all_model_checkpoint_paths or ())
    if not paths or paths[-1] != model_checkpoint_path:
        logging.info(
            "%s is not in all_model_checkpoint_paths. Manually adding it.", model_checkpoint_path
        )
        paths.append(model_checkpoint_path)
    times = all_model_checkpoint_timestamps
    if times and len(times) != len(paths):
        raise ValueError(
            f"Checkpoint timestamps, if provided, must match checkpoint paths (got paths {paths} "
            f"and timestamps {times})"
        )
    if not os.path.isabs(save_dir):
        model_checkpoint_path, *paths = (
            path if os.path.isabs(path) else os.path.relpath(path, save_dir)
            for path in (model_checkpoint_path, *paths)
        )
    return CheckpointState(
        model_checkpoint_path=model_checkpoint_path,
        all_model_checkpoint_paths=paths,
        all_model_checkpoint_timestamps=times,
        last_preserved_timestamp=last_preserved_timestamp,
    )


def update_checkpoint_state(
    save_dir,
    model_checkpoint_path,
    all_model_checkpoint_paths=None,
    latest_filename=None,
    all_model_checkpoint_timestamps=None,
    last_preserved_timestamp=None,
):
    """Write the file `checkpoint` of a folder: which checkpoint is the newest, which are kept.

    RuntimeError when a checkpoint has the name of that file.
    """
    write_state(
        save_dir, model_checkpoint_path, all_model_checkpoint_paths, latest_filename, False,
        all_model_checkpoint_timestamps, last_preserved_timestamp,
    )  # fmt: skip


def write_state(
    save_dir, newest, paths=None, latest_filename=None, relative=False, times=None, preserved=None
):
    """The same; `relative` makes absolute paths relative to the folder."""
    file = _state_file(save_dir, latest_filename)
    given = newest
    if relative:
        newest, *paths = (
            os.path.relpath(path, save_dir) if os.path.isabs(path) else path
            for path in (newest, *paths)
        )
    state = generate_checkpoint_state_proto(save_dir, newest, paths, times, preserved)
    if file == state.model_checkpoint_path:
        raise RuntimeError(
            f"Save path '{given}' conflicts with path used for checkpoint state.  Please use a "
            "different save path."
        )
    write_whole(file, repr(state).encode())


def _state_file(folder, latest_filename):
    return os.path.join(path_text(folder), latest_filename or "checkpoint")


def get_checkpoint_state(checkpoint_dir, latest_filename=None):
    """The CheckpointState of a folder, with the folder before relative paths; None when there is
    no such file, or it cannot be read. ValueError when it names no checkpoint."""
    folder, file = path_text(checkpoint_dir), _state_file(checkpoint_dir, latest_filename)
    if not os.path.exists(file):
        return None
    try:
        with translated(file), open(file, "rb") as opened:
            state = merge(opened.read(), CheckpointState())
    except (OpError, ParseError, UnicodeDecodeError) as error:
        logging.warning("%s: %s", type(error).__name__, error)
        logging.warning("%s: Checkpoint ignored", file)
        return None
    if not state.model_checkpoint_path:
        raise ValueError(f"Invalid checkpoint state loaded from {folder}")
    state.model_checkpoint_path = os.path.join(folder, state.model_checkpoint_path)
    for number, path in enumerate(state.all_model_checkpoint_paths):
        state.all_model_checkpoint_paths[number] = os.path.join(folder, path)
    return state


def latest_checkpoint(checkpoint_dir, latest_filename=None):
    """The name of the newest checkpoint of a folder, as `restore` takes it; None without one."""
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None:
        return None
    if checkpoint_exists(state.model_checkpoint_path):
        return state.model_checkpoint_path
    logging.error("Couldn't match files for checkpoint %s", state.model_checkpoint_path)
    return None


# -- the files of checkpoints ---------------------------------------------------------------------


def checkpoint_exists(checkpoint_prefix):
    """Whether there is a checkpoint of this name, of either format."""
    return _found(path_text(checkpoint_prefix)) is not None


def checkpoints_beside(prefix):
    """What there is in the folder of a checkpoint that is not there, in words."""
    folder = os.path.dirname(prefix) or "."
    if not os.path.isdir(folder):
        return f"there is no folder {folder}"
    found = sorted(each[: -len(".index")] for each in os.listdir(folder) if each.endswith(".index"))
    return f"in {folder} there are: {', '.join(found)}" if found else f"{folder} has none"


def _found(prefix):
    """The file, or the first of the files, that says that there is such a checkpoint."""
    for pattern in (f"{prefix}.index", prefix):
        matching = [pattern] if os.path.exists(pattern) else sorted(glob.glob(pattern))
        if matching:
            return matching[0]
    return None


def get_checkpoint_mtimes(checkpoint_prefixes):
    """When each of these checkpoints was written, in seconds; those that are not there are left
    out."""
    files = [_found(path_text(prefix)) for prefix in checkpoint_prefixes]
    return [os.stat(file).st_mtime_ns / 1e9 for file in files if file is not None]


def remove_checkpoint(
    checkpoint_prefix, checkpoint_format_version=SaverDef.V2, meta_graph_suffix="meta"
):
    """Delete the files of a checkpoint, and of the graph that was saved with it."""
    _remove(meta_graph_filename(checkpoint_prefix, meta_graph_suffix))
    if checkpoint_format_version == SaverDef.V2:
        _remove(f"{checkpoint_prefix}.index")
        _remove(f"{checkpoint_prefix}.data-?????-of-?????")
    else:
        _remove(checkpoint_prefix)


def _remove(pattern):
    for path in {pattern} if os.path.exists(pattern) else glob.glob(pattern):
        with translated(path):
            os.remove(path)


def meta_graph_filename(checkpoint_filename, meta_graph_suffix="meta"):
    """The file of the graph that belongs to a checkpoint."""
    return f"{re.sub(r'-[0-9?]+-of-[0-9]+$', '', checkpoint_filename)}.{meta_graph_suffix}"
