"""Datasets of CSV files, of examples, of databases."""

import collections
import csv
import glob
import gzip

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_, float32, float64, int32, int64, string
from minitf.core.tensor import Tensor
from minitf.core.tensor_spec import TensorSpec
from minitf.data.dataset import AUTOTUNE, Dataset, DatasetV1Adapter
from minitf.data.experimental.transformations import ignore_errors as ignoring_errors
from minitf.data.experimental.transformations import shuffle_and_repeat
from minitf.data.interleaving import parallel_interleave
from minitf.data.kernels import files, queries
from minitf.data.options import Options
from minitf.data.readers import TFRecordDataset, optional
from minitf.data.structure import flat_structure
from minitf.ops.io.examples import parse_example

CSV_TYPES = (float32, float64, int32, int64, string)  # from the narrowest to the widest one
BUFFER = 4 * 1024 * 1024


# -- CSV ------------------------------------------------------------------------------------------


class CsvDataset(DatasetV1Adapter):
    """The records of CSV files (RFC 4180): tuples of scalars, one for each column.

    `record_defaults` are types, or tensors whose value stands where a field is empty; where it is
    an empty vector a field has to be there. `header` leaves out the first line of each file,
    `na_value` is another text for an empty field, `select_cols` are the columns wanted, in order.
    InvalidArgumentError in a run for a line that does not fit.
    """

    def __init__(self, filenames, record_defaults, compression_type=None, buffer_size=None,
                 header=False, field_delim=",", use_quote_delim=True, na_value="",
                 select_cols=None):  # fmt: skip
        names = convert_to_tensor(filenames, dtype=string, name="filenames")
        kind = optional(compression_type, "compression_type", "", string)
        defaults = [convert_to_tensor(_default(each), name=f"record_defaults_{i}")
                    for i, each in enumerate(record_defaults)]  # fmt: skip
        size = optional(buffer_size, "buffer_size", BUFFER)
        inputs = [
            convert_to_tensor(header, dtype=bool_, name="header"),
            convert_to_tensor(field_delim, dtype=string, name="field_delim"),
            convert_to_tensor(use_quote_delim, dtype=bool_, name="use_quote_delim"),
            convert_to_tensor(na_value, dtype=string, name="na_value"),
            optional(select_cols, "select_cols", np.zeros(0, np.int64)),
        ]
        spec = tuple(TensorSpec([], default.dtype) for default in defaults)
        shapes = flat_structure(spec)["output_shapes"]
        variant = files.csv_dataset(names, kind, size, *inputs, *defaults, output_shapes=shapes)
        super().__init__(variant, spec)


CsvDataset.__name__ = CsvDataset.__qualname__ = "CsvDatasetV1"


def _default(value):
    """A type stands for a column whose fields have to be there, and so does its number, which a
    default that is no list may be: 1 is tf.float32."""
    is_type = not isinstance(value, Tensor) and value in CSV_TYPES
    return constant([], dtype=value) if is_type else value


def make_csv_dataset(
    file_pattern, batch_size, column_names=None, column_defaults=None, label_name=None,
    select_columns=None, field_delim=",", use_quote_delim=True, na_value="", header=True,
    num_epochs=None, shuffle=True, shuffle_buffer_size=10000, shuffle_seed=None,
    prefetch_buffer_size=None, num_parallel_reads=None, sloppy=False, num_rows_for_inference=100,
    compression_type=None, ignore_errors=False,
):  # fmt: skip
    """Batches of the records of CSV files: dicts of columns by name, or (dict, label) with the
    column `label_name` by itself.

    Names are those of the first line where `column_names` are not given, types those of the first
    `num_rows_for_inference` records where `column_defaults` are not. `num_epochs` passes, without
    end by default, `shuffle`d with a buffer of `shuffle_buffer_size`; `ignore_errors` leaves out
    lines that do not fit. The other arguments are those of CsvDataset. ValueError for names and
    columns that do not fit.
    """
    names = _file_names(file_pattern)
    dataset = Dataset.from_tensor_slices(names)
    if shuffle:
        dataset = dataset.shuffle(len(names), shuffle_seed)
    table = _Table(names, field_delim, use_quote_delim, compression_type)
    if column_names is None:
        if not header:
            raise ValueError("Cannot infer column names without a header line.")
        column_names = table.header()
    if len(column_names) != len(set(column_names)):
        raise ValueError("Cannot have duplicate column names.")
    if select_columns is not None:
        select_columns = _indices(select_columns, column_names)
    if column_defaults is None:
        types = table.types(len(column_names), header, num_rows_for_inference, na_value,
                            select_columns)  # fmt: skip
        column_defaults = [constant(["" if t is string else 0], dtype=t) for t in types]
    if select_columns is not None:
        if len(column_defaults) != len(select_columns):
            raise ValueError("If specified, column_defaults and select_columns must have same "
                             "length.")  # fmt: skip
        column_names = [column_names[i] for i in select_columns]
    if label_name is not None and label_name not in column_names:
        raise ValueError("`label_name` provided must be one of the columns.")

    def of_file(name):
        made = CsvDataset(name, column_defaults, compression_type, header=header,
                          field_delim=field_delim, use_quote_delim=use_quote_delim,
                          na_value=na_value, select_cols=select_columns)  # fmt: skip
        return made.apply(ignoring_errors()) if ignore_errors else made

    def by_name(*columns):
        features = collections.OrderedDict(zip(column_names, columns))
        return features if label_name is None else (features, features.pop(label_name))

    dataset = _interleaved(dataset, of_file, num_parallel_reads or 1, sloppy)
    dataset = _repeated(dataset, num_epochs, shuffle, shuffle_buffer_size, shuffle_seed)
    dataset = dataset.batch(batch_size, drop_remainder=num_epochs is None).map(by_name)
    return dataset.prefetch(AUTOTUNE if prefetch_buffer_size is None else prefetch_buffer_size)


def _interleaved(dataset, of_file, reads, sloppy):
    if reads != AUTOTUNE:
        return dataset.apply(parallel_interleave(of_file, cycle_length=reads, sloppy=sloppy))
    options = Options()
    options.experimental_deterministic = not sloppy
    return dataset.interleave(of_file, num_parallel_calls=reads).with_options(options)


def _repeated(dataset, epochs, shuffle, buffer_size, seed):
    if epochs != 1 and shuffle:
        return dataset.apply(shuffle_and_repeat(buffer_size, epochs, seed))
    if shuffle:
        return dataset.shuffle(buffer_size, seed)
    return dataset if epochs == 1 else dataset.repeat(epochs)


def _file_names(file_pattern):
    """The paths that match a pattern, or several. ValueError when there are none."""
    several = isinstance(file_pattern, list)
    if several and not file_pattern:
        raise ValueError("File pattern is empty.")
    patterns = file_pattern if several else [file_pattern]
    found = [path for pattern in patterns for path in sorted(glob.glob(pattern))]
    if not found:
        raise ValueError(f"No files match {file_pattern}.")
    return found


class _Table:
    """Some CSV files of the same columns, as far as they have to be read before any run."""

    def __init__(self, names, mark, quoted, compression_type):
        kind = compression_type
        if isinstance(kind, Tensor):
            kind = None if kind._value is None else kind._value.item().decode()
        if compression_type is not None and kind not in ("", "GZIP"):
            raise ValueError(f"compression_type ({compression_type}) is not supported for probing "
                             "columns")  # fmt: skip
        self.names, self.open = names, gzip.open if kind == "GZIP" else open
        self.how = {"delimiter": mark, "quoting": csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE}

    def header(self):
        """The names of the columns. ValueError when files differ."""
        found = [self._first(name) for name in self.names]
        if any(each != found[0] for each in found):
            raise ValueError("Files have different column names in the header row.")
        return found[0]

    def _first(self, name):
        with self.open(name, "rt", newline="") as file:
            row = next(csv.reader(file, **self.how), None)
        if row is None:
            raise ValueError(f"Received StopIteration when reading the header line of {name}.  "
                             "Empty file?")  # fmt: skip
        return row

    def types(self, count, header, limit, missing, columns):
        """The narrowest type of each column in which all its fields are."""
        columns = range(count) if columns is None else columns
        found = [None] * len(columns)
        for i, row in enumerate(self._rows(count, header)):
            if limit is not None and i >= limit:
                break
            fields = (row[column] for column in columns)
            found = [_wider(field, missing, before) for field, before in zip(fields, found)]
        return [dtype or string for dtype in found]

    def _rows(self, count, header):
        for name in self.names:
            with self.open(name, "rt", newline="") as file:
                rows = csv.reader(file, **self.how)
                if header:
                    next(rows, None)
                for row in rows:
                    if len(row) != count:
                        raise ValueError("Problem inferring types: CSV row has different number of "
                                         "fields than expected.")  # fmt: skip
                    yield row


_ORDER = (int32, int64, float32, float64, string)


def _wider(field, missing, before):
    """The narrowest type that has this field and those before."""
    if field in ("", missing):
        return before
    start = 0 if before is None else _ORDER.index(before)
    return next(dtype for dtype in _ORDER[start:] if _fits(field, dtype))


def _fits(field, dtype):
    try:
        if dtype in (int32, int64):
            limits = np.iinfo(dtype.numpy)
            return limits.min <= int(field) <= limits.max
        return dtype is string or bool(dtype.as_numpy_dtype(field) < np.inf)
    except ValueError:
        return False


def _indices(columns, names):
    """Columns, given by number or name, as numbers in order. ValueError for one that is not there,
    or twice."""
    found = []
    for column in columns:
        if isinstance(column, int) and not 0 <= column < len(names):
            raise ValueError(
                f"Column index {column} specified in select_columns out of valid range."
            )
        if not isinstance(column, int) and column not in names:
            raise ValueError(f"Value '{column}' specified in select_columns not a valid column "
                             "index or name.")  # fmt: skip
        found.append(column if isinstance(column, int) else names.index(column))
    if len(set(found)) != len(found):
        raise ValueError("select_columns contains duplicate columns")
    return sorted(found)


# -- examples -------------------------------------------------------------------------------------


def parse_example_dataset(features, num_parallel_calls=1):
    """A transformation of vectors of serialised `tf.train.Example`: the dict that
    `tf.parse_example(batch, features)` gives. ValueError without features, TypeError for elements
    of another kind."""
    if features is None:
        raise ValueError(f"Missing: features was {features}.")

    def apply(dataset):
        spec, wanted = dataset.element_spec, TensorSpec([None], string)
        if not isinstance(spec, TensorSpec) or not spec.is_compatible_with(wanted):
            raise TypeError("Input dataset should be a dataset of vectors of strings")
        return dataset.map(lambda batch: parse_example(batch, features), num_parallel_calls)

    return apply


def make_batched_features_dataset(
    file_pattern, batch_size, features, reader=TFRecordDataset, label_key=None, reader_args=None,
    num_epochs=None, shuffle=True, shuffle_buffer_size=10000, shuffle_seed=None,
    prefetch_buffer_size=None, reader_num_threads=None, parser_num_threads=None,
    sloppy_ordering=False, drop_final_batch=False,
):  # fmt: skip
    """Batches of the examples of files: dicts by `features`, or (dict, label) with the feature
    `label_key` by itself.

    `reader(filename, *reader_args)` is a dataset of serialised examples. `num_epochs` passes,
    without end by default. ValueError when `label_key` is none of the features or no file matches,
    TypeError for a reader that makes no dataset.
    """
    if not callable(reader) or hasattr(reader, "read_up_to"):
        raise TypeError("The `reader` argument must return a `Dataset` object. `tf.ReaderBase` "
                        "subclasses are not supported. For example, pass `tf.data.TFRecordDataset` "
                        "instead of `tf.TFRecordReader`.")  # fmt: skip
    if label_key is not None and label_key not in features:
        raise ValueError(
            f"The `label_key` provided ({label_key!r}) must be one of the `features` keys."
        )
    dataset = Dataset.from_tensor_slices(_file_names(file_pattern))
    if shuffle:
        dataset = dataset.shuffle(len(_file_names(file_pattern)), shuffle_seed)
    dataset = _interleaved(dataset, lambda name: reader(name, *(reader_args or ())),
                           reader_num_threads or 1, sloppy_ordering)  # fmt: skip
    if dataset.output_types == (string, string):
        dataset = dataset.map(lambda _, value: value)
    dataset = _repeated(dataset, num_epochs, shuffle, shuffle_buffer_size, shuffle_seed)
    dataset = dataset.batch(batch_size, drop_remainder=drop_final_batch or num_epochs is None)
    dataset = dataset.apply(parse_example_dataset(features, parser_num_threads or 2))
    if label_key is not None:
        dataset = dataset.map(lambda found: (found, found.pop(label_key)))
    return dataset.prefetch(AUTOTUNE if prefetch_buffer_size is None else prefetch_buffer_size)


# -- databases ------------------------------------------------------------------------------------


class SqlDataset(DatasetV1Adapter):
    """The rows of a query of a database: `driver_name` is "sqlite", `data_source_name` the path of
    its file, `output_types` are those of the columns."""

    def __init__(self, driver_name, data_source_name, query, output_types):
        inputs = [convert_to_tensor(value, dtype=string, name=name) for value, name in (
            (driver_name, "driver_name"), (data_source_name, "data_source_name"),
            (query, "query"))]  # fmt: skip
        spec = tuple(TensorSpec([], dtype) for dtype in output_types)
        super().__init__(queries.sql_dataset(*inputs, **flat_structure(spec)), spec)


SqlDataset.__name__ = SqlDataset.__qualname__ = "SqlDatasetV1"
