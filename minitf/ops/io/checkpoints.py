"""Variables to files and back: the nodes that a `tf.train.Saver` adds to the graph."""
import contextlib
import os

from minitf.core.dtypes import as_dtype, int32, string
from minitf.core.errors import InvalidArgumentError, NotFoundError
from minitf.core.schema import Attr, Each
from minitf.core.tensor_shape import printed
from minitf.lib import crc32c as checksums
from minitf.lib import tensor_bundle, tensor_slice
from minitf.lib.checkpoint import opened, stored_bytes
from minitf.lib.saved_slices import SlicesReader, SlicesWriter
from minitf.ops.strings.text import filled, on_text, only

LARGE = 1 << 16  # bytes, from which on checksums are computed in C
EachOfDtypes = Each._replace(attr="dtypes")


def _scalar_text(*shapes, **_):
    for shape in shapes:
        if shape:
            raise ValueError(f"Shape must be rank 0 but is rank {len(shape)}: {printed(shape)}")
    return ()


# -- saving ---------------------------------------------------------------------------------------


def _named(names, count, what):
    """ValueError unless there is a name for each tensor, as far as that is known."""
    if names is not None and len(names) != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {len(names)}: {what}")
    if names and names[0] not in (None, count):
        raise ValueError(f"Dimension must be {names[0]} but is {count}: {what}")


def _save_shape(prefix, tensor_names, shape_and_slices, *tensors, dtypes):
    _scalar_text(prefix)
    _named(tensor_names, len(tensors), "there is a name for each tensor")
    _named(shape_and_slices, len(tensors), "there is a shape_and_slice for each tensor")
    return ()


@on_text("SaveV2", shape=_save_shape, stateful=True, quick_at_once=True)
def save_v2_op(
    xp, prefix: string, tensor_names: string, shape_and_slices: string, *tensors: EachOfDtypes,
    dtypes,
) -> None:
    """Write the tensors under these names into a checkpoint."""  # fmt: skip
    _save(checksums.crc32c, prefix, tensor_names, shape_and_slices, tensors, dtypes)


@save_v2_op.trait
def quick(run, prefix, tensor_names, shape_and_slices, *tensors, dtypes):
    if sum(tensor.nbytes for tensor in tensors) < LARGE:
        return None
    _save(checksums.compiled(run), prefix, tensor_names, shape_and_slices, tensors, dtypes)
    return ()


def _save(crc32c, prefix, names, specs, tensors, dtypes):
    with tensor_bundle.BundleWriter(_path(prefix), crc32c) as writer:
        _add_all(writer, names, specs, tensors, dtypes)


def _add_all(writer, names, specs, tensors, dtypes):
    for name, spec, tensor, dtype in zip(_texts(names), _texts(specs), tensors, dtypes):
        writer.add(name, tensor, as_dtype(dtype).base_dtype, *_checked_part(spec, tensor))


def _checked_part(spec, tensor):
    if not spec:
        return None, None
    whole, part = tensor_slice.parsed(spec)
    if part.within(whole).shape != tensor.shape:
        raise ValueError("Slice in shape_and_slice specification does not match the shape of the "
                         f"tensor to save: {spec}, tensor: {list(tensor.shape)}")  # fmt: skip
    return whole, part


def save_v2(prefix, tensor_names, shape_and_slices, tensors, name=None):
    """An operation that writes `tensors` under these names into the checkpoint `prefix`.

    A text of `shape_and_slices` is empty, or says of which larger tensor this is which part, such
    as "7 2 0,3:-". In the run InvalidArgumentError for texts that do not fit, and the errors of
    files; the files of that name are then what they were.
    """
    dtypes = [tensor.dtype.base_dtype for tensor in tensors]
    return save_v2_op(
        prefix, tensor_names, shape_and_slices, *tensors, dtypes=dtypes, name=name or "SaveV2"
    )


@on_text("SaveSlices", shape=lambda filename, names, specs, *data, T: _save_shape(
    filename, names, specs, *data, dtypes=T
), stateful=True)
def save_slices_op(
    xp, filename: string, tensor_names: string, shapes_and_slices: string, *data: Each, T
) -> None:
    """Write the tensors under these names into a checkpoint of the older format."""  # fmt: skip
    with SlicesWriter(_path(filename)) as writer:
        _add_all(writer, tensor_names, shapes_and_slices, data, T)


def _save_v1_shape(filename, tensor_names, *data, T):
    return _save_shape(filename, tensor_names, None, *data, dtypes=T)


@on_text("Save", shape=_save_v1_shape, stateful=True)
def save_op(xp, filename: string, tensor_names: string, *data: Each, T) -> None:
    """The same of whole tensors."""
    with SlicesWriter(_path(filename)) as writer:
        for name, tensor, dtype in zip(_texts(tensor_names), data, T):
            writer.add(name, tensor, as_dtype(dtype).base_dtype)


def save_v1(filename, tensor_names, tensors, tensor_slices=None, name="save"):
    """`save_v2`, in the format that TensorFlow wrote before 2016, into one file."""
    types = [tensor.dtype.base_dtype for tensor in tensors]
    if tensor_slices is None:
        return save_op(filename, tensor_names, *tensors, T=types, name=name)
    return save_slices_op(filename, tensor_names, tensor_slices, *tensors, T=types, name=name)


def _merge_shape(checkpoint_prefixes, destination_prefix, *, delete_old_dirs):
    if checkpoint_prefixes is not None and len(checkpoint_prefixes) != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {len(checkpoint_prefixes)}")
    return _scalar_text(destination_prefix)


@on_text("MergeV2Checkpoints", shape=_merge_shape, stateful=True)
def merge_v2_checkpoints(
    xp, checkpoint_prefixes: string, destination_prefix: string, *, delete_old_dirs=True
) -> None:
    """Make several checkpoints one, of as many files of data, which are moved.

    Folders that are left empty are deleted if `delete_old_dirs`.
    """
    prefixes, into = _texts(checkpoint_prefixes), _path(destination_prefix)
    tensor_bundle.merge(prefixes, into)
    if delete_old_dirs:
        for folder in {os.path.dirname(prefix) for prefix in prefixes} - {os.path.dirname(into)}:
            with contextlib.suppress(OSError):  # something else is in it
                os.rmdir(folder)


def _file_shape(*inputs):
    return _scalar_text(*inputs)


@on_text("ShardedFilename", shape=_file_shape)
def sharded_filename(xp, basename: string, shard: int32, num_shards: int32) -> string:
    """The name of one of several files: "basename-00001-of-00002"."""
    name = f"{_path(basename)}-{int(shard):05d}-of-{int(num_shards):05d}"
    return filled((), [os.fsencode(name)])


@on_text("ShardedFilespec", shape=_file_shape)
def sharded_filespec(xp, basename: string, num_shards: int32) -> string:
    """What matches the names of all of them: "basename-?????-of-00002"."""
    return filled((), [os.fsencode(f"{_path(basename)}-?????-of-{int(num_shards):05d}")])


# -- restoring ------------------------------------------------------------------------------------


def _restore_shape(prefix, tensor_names, shape_and_slices, *, dtypes):
    _scalar_text(prefix)
    _named(tensor_names, len(dtypes), "there is a type for each name")
    _named(shape_and_slices, len(dtypes), "there is a type for each shape_and_slice")
    return [None] * len(dtypes)


@on_text("RestoreV2", shape=_restore_shape, stateful=True, quick_at_once=True)
def restore_v2_op(
    xp, prefix: string, tensor_names: string, shape_and_slices: string, *, dtypes
) -> [Attr("dtypes")]:
    """The tensors of these names and types from a checkpoint of either format."""
    return _restored(checksums.crc32c, prefix, tensor_names, shape_and_slices, dtypes)


@restore_v2_op.trait
def quick(run, prefix, tensor_names, shape_and_slices, *, dtypes):  # noqa: F811
    if stored_bytes(_path(prefix)) < LARGE:
        return None
    return _restored(checksums.compiled(run), prefix, tensor_names, shape_and_slices, dtypes)


def _restored(crc32c, prefix, names, specs, dtypes):
    names, specs = _texts(names), _texts(specs)
    with opened(_path(prefix), crc32c) as stored:
        check_stored(stored, names, specs, dtypes)
        return [
            stored.tensor(name, tensor_slice.parsed(spec)[1] if spec else None)
            for name, spec in zip(names, specs)
        ]


def check_stored(stored, names, specs, dtypes):
    """NotFoundError for names that are not there, InvalidArgumentError for what is of another type
    or, where parts of it are wanted, of another shape than it is taken for."""
    missing = [name for name in names if not stored.has(name)]
    if missing:
        raise NotFoundError(None, None, _missing(stored, missing))
    for name, spec, dtype in zip(names, specs, dtypes):
        found, shape, _ = stored.described(name)
        if found is not as_dtype(dtype).base_dtype:
            raise InvalidArgumentError(
                None, None, f"tensor_name = {name}; expected dtype {as_dtype(dtype).name} does not "
                f"equal original dtype {found.name}"
            )  # fmt: skip
        if spec and tensor_slice.parsed(spec)[0] != shape:
            raise InvalidArgumentError(
                None, None, f"tensor_name = {name}; shape in shape_and_slice spec "
                f"{printed(tensor_slice.parsed(spec)[0])} does not match the shape stored in "
                f"checkpoint: {printed(shape)}"
            )  # fmt: skip


def _missing(stored, names):
    """What is missing, in TensorFlow's words, and which keys are spelt alike."""
    first = names[0]
    if isinstance(stored, SlicesReader):
        text = f'Tensor name "{first}" not found in checkpoint files {stored.path}'
    else:
        text = f"Key {first} not found in checkpoint"
    if len(names) > 1:
        others = ", ".join(names[1:6]) + (", ..." if len(names) > 6 else "")
        text += f"; nor are {len(names) - 1} more: {others}"
    near = stored.alike(first)
    text += f"\n  {stored.path} has {len(stored.names)} keys"
    return text + (f"; much like it: {', '.join(near)}" if near else "")


def restore_v2(prefix, tensor_names, shape_and_slices, dtypes, name=None):
    """A list of the tensors that the checkpoint `prefix` has under these names, of these types.

    A text of `shape_and_slices` is empty, or asks for a part of a tensor of this shape, such as
    "7 2 0,3:-". In the run NotFoundError when one is not there, InvalidArgumentError when its type
    or shape is another, DataLossError when the files are damaged.
    """
    restored = restore_v2_op(
        prefix, tensor_names, shape_and_slices, dtypes=list(dtypes), name=name or "RestoreV2"
    )
    if isinstance(shape_and_slices, (list, tuple)):
        for tensor, spec in zip(restored, shape_and_slices):
            if spec:
                whole, part = tensor_slice.parsed(spec)
                tensor.set_shape(part.within(whole).shape)
    return restored


def _restore_one_shape(*inputs, dt, preferred_shard):
    _scalar_text(*inputs)
    return None


@on_text("Restore", shape=_restore_one_shape, stateful=True)
def restore_op(
    xp, file_pattern: string, tensor_name: string, *, dt, preferred_shard=-1
) -> "dt":  # noqa: F821
    """A tensor from a checkpoint of the older format."""
    with SlicesReader(_path(file_pattern)) as stored:
        return _one(stored, tensor_name, "", dt)


@on_text("RestoreSlice", shape=_restore_one_shape, stateful=True)
def restore_slice_op(
    xp, file_pattern: string, tensor_name: string, shape_and_slice: string, *, dt,
    preferred_shard=-1,
) -> "dt":  # noqa: F821
    """A part of a tensor from a checkpoint of the older format."""  # fmt: skip
    with SlicesReader(_path(file_pattern)) as stored:
        return _one(stored, tensor_name, only(shape_and_slice, "shape_and_slice").decode(), dt)


def _one(stored, name, spec, dtype):
    name = only(name, "tensor_name").decode()
    check_stored(stored, [name], [spec], [dtype])
    return stored.tensor(name, tensor_slice.parsed(spec)[1] if spec else None)


def _path(array):
    return os.fsdecode(only(array, "The name of the checkpoint"))


def _texts(array):
    return [text.decode("utf-8", "surrogateescape") for text in array.tolist()]
