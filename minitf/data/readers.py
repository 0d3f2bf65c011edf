"""Datasets of what files have: `tf.data.TextLineDataset`, `TFRecordDataset`, ..."""

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64, string
from minitf.core.tensor_spec import TensorSpec
from minitf.data.base import BaseDataset
from minitf.data.dataset import AUTOTUNE, Dataset, DatasetV1Adapter, made
from minitf.data.interleaving import parallel_interleaved
from minitf.data.kernels import files
from minitf.ops.array.basics import reshape

BUFFER = 256 * 1024  # bytes, as TensorFlow says; files here are read in pieces of that size anyway


def optional(value, name, default, dtype=int64):
    """A scalar tensor, of the default where None is given."""
    return convert_to_tensor(default if value is None else value, dtype=dtype, name=name)


class _FilesDataset(DatasetV1Adapter):
    """Elements of files, one file after the other, or of several in turn."""

    def __init__(self, filenames, num_parallel_reads, one_file):
        self._filenames = filenames = _as_dataset(filenames)

        def read_one_file(filename):
            name = convert_to_tensor(filename, string, name="filename")
            return made(one_file(name), STRING)

        if num_parallel_reads is None:
            found = filenames.flat_map(read_one_file)
        elif num_parallel_reads == AUTOTUNE:
            found = filenames.interleave(read_one_file, num_parallel_calls=num_parallel_reads)
        else:
            found = parallel_interleaved(filenames, read_one_file, num_parallel_reads)
        super().__init__(found._variant_tensor, STRING, found._inputs(), found._functions())


STRING = TensorSpec([], string)


def _as_dataset(filenames):
    """A dataset of names. TypeError for a dataset of something else."""
    if not isinstance(filenames, BaseDataset):
        names = convert_to_tensor(filenames, dtype=string)
        return Dataset.from_tensor_slices(reshape(names, [-1], name="flat_filenames"))
    if filenames.output_types != string:
        raise TypeError("`filenames` must be a `tf.data.Dataset` of `tf.string` elements.")
    if not filenames.output_shapes.is_compatible_with([]):
        raise TypeError("`filenames` must be a `tf.data.Dataset` of scalar `tf.string` elements.")
    return filenames


class TextLineDataset(_FilesDataset):
    """The lines of text files, scalar strings without what ends them.

    `filenames` is a tensor or a dataset of names; `compression_type` is "", "ZLIB" or "GZIP". With
    `num_parallel_reads` lines of so many files come in turn. NotFoundError in a run for a file that
    is not there.
    """

    def __init__(self, filenames, compression_type=None, buffer_size=None,
                 num_parallel_reads=None):  # fmt: skip
        def one_file(name):
            kind = optional(compression_type, "compression_type", "", string)
            size = optional(buffer_size, "buffer_size", BUFFER)
            return files.text_line_dataset(name, kind, size)

        super().__init__(filenames, num_parallel_reads, one_file)


class TFRecordDataset(_FilesDataset):
    """The records of TFRecord files, scalar strings.

    The arguments are those of TextLineDataset. DataLossError in a run for a file that is damaged.
    """

    def __init__(self, filenames, compression_type=None, buffer_size=None,
                 num_parallel_reads=None):  # fmt: skip
        def one_file(name):
            kind = optional(compression_type, "compression_type", "", string)
            size = optional(buffer_size, "buffer_size", BUFFER)
            return files.tf_record_dataset(name, kind, size)

        super().__init__(filenames, num_parallel_reads, one_file)


class FixedLengthRecordDataset(_FilesDataset):
    """The records of `record_bytes` bytes each of files, scalar strings.

    `header_bytes` at the beginning of each file, and `footer_bytes` at its end, are left out; the
    other arguments are those of TextLineDataset. InvalidArgumentError in a run for a file with a
    part of a record.
    """

    def __init__(self, filenames, record_bytes, header_bytes=None, footer_bytes=None,
                 buffer_size=None, compression_type=None, num_parallel_reads=None):  # fmt: skip
        def one_file(name):
            record = convert_to_tensor(record_bytes, dtype=int64, name="record_bytes")
            header = optional(header_bytes, "header_bytes", 0)
            footer = optional(footer_bytes, "footer_bytes", 0)
            size = optional(buffer_size, "buffer_size", BUFFER)
            kind = optional(compression_type, "compression_type", "", string)
            return files.fixed_length_record_dataset_v2(
                name, header, record, footer, size, kind
            )

        super().__init__(filenames, num_parallel_reads, one_file)


for _class in (TextLineDataset, TFRecordDataset, FixedLengthRecordDataset):
    _class.__name__ = _class.__qualname__ = f"{_class.__name__}V1"  # as TensorFlow prints it
