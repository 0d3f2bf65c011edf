"""Readers of series: of arrays, of files of numbers, of files of Examples."""
from minitf.contrib.timeseries.arrays import TIMES, VALUES, canonicalize_numpy_data
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64, string
from minitf.core.graph import control_dependencies
from minitf.core.graph_keys import GraphKeys
from minitf.estimator.inputs.numpy_io import numpy_input_fn
from minitf.ops.array.basics import identity, reshape, zeros
from minitf.ops.array.joining import stack
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.io.examples import parse_example
from minitf.ops.io.parsing import decode_csv
from minitf.ops.io.readers import TextLineReader, TFRecordReader
from minitf.ops.math.elementwise import not_equal
from minitf.ops.reduction.axes import squeeze
from minitf.ops.state.assign import assign
from minitf.ops.state.variable_lists import is_variable_initialized
from minitf.ops.state.variables import Variable
from minitf.train.input import string_input_producer


class TimeSeriesReader:
    """Reads a series as {name: Tensor [time, ...]}."""

    def check_dataset_size(self, minimum_dataset_size):
        """ValueError for fewer records, where their number is known."""

    def read(self):
        """Some records, in order but where the series starts anew."""
        raise NotImplementedError(f"{type(self).__name__}.read() is not there")

    def read_full(self):
        """All records."""
        raise NotImplementedError(f"{type(self).__name__}.read_full() is not there")


class NumpyReader(TimeSeriesReader):
    """A series of arrays by name: times [time], values [time] or [time, features], others.

    `read` gives so many records at a time. ValueError for shapes that do not go together.
    """

    def __init__(self, data, read_num_records_hint=4096):
        self._features = canonicalize_numpy_data(data, require_single_batch=True)
        self._read_num_records_hint = read_num_records_hint

    def check_dataset_size(self, minimum_dataset_size):
        """ValueError for fewer records."""
        size = self._features[TIMES].shape[1]
        if size < minimum_dataset_size:
            raise ValueError(
                "A TimeSeriesInputFn is configured to create windows of size "
                f"{minimum_dataset_size}, but only {size} records were available in the dataset. "
                "Either decrease the window size or provide more records."
            )

    def read(self):
        """Some records."""
        series = {key: value[0] for key, value in self._features.items()}
        return numpy_input_fn(series, batch_size=self._read_num_records_hint, num_epochs=None,
                              shuffle=False)()  # fmt: skip

    def read_full(self):
        """All records."""
        # Each element of the queue is a copy of the series.
        features = numpy_input_fn(self._features, batch_size=1, num_epochs=None, queue_capacity=2,
                                  shuffle=False)()  # fmt: skip
        return {name: squeeze(value, axis=0) for name, value in features.items()}


class ReaderBaseTimeSeriesParser(TimeSeriesReader):
    """A series in files; a subclass says which `tf.ReaderBase` reads records, and parses these.

    `read` gives up to so many records at a time.
    """

    def __init__(self, filenames, read_num_records_hint=4096):
        self._filenames, self._read_num_records_hint = filenames, read_num_records_hint

    def _get_reader(self):
        """A new `tf.ReaderBase`."""
        raise NotImplementedError(f"{type(self).__name__}._get_reader() is not there")

    def _process_records(self, lines):
        """{name: Tensor [n, ...]} of records, a string Tensor [n]."""
        raise NotImplementedError(f"{type(self).__name__}._process_records() is not there")

    def _get_filename_queue(self, epoch_limit):
        """(queue of filenames, variable): OutOfRangeError once all files were read so often, since
        the variable was 0."""
        limiter = Variable(
            constant(0, dtype=int64), name="epoch_limiter", trainable=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )  # fmt: skip
        filenames = reshape(convert_to_tensor(self._filenames), [-1])
        counted = cond(
            is_variable_initialized(limiter),
            lambda: limiter.count_up_to(epoch_limit), lambda: constant(0, dtype=int64),
        )  # fmt: skip
        with control_dependencies([counted]):
            filenames = identity(filenames)
        return string_input_producer(filenames, shuffle=False, capacity=1), limiter

    def read(self):
        """Some records."""
        queue, limiter = self._get_filename_queue(epoch_limit=self._read_num_records_hint)
        reader = self._get_reader()
        with control_dependencies([assign(limiter, 0)]):
            _, records = reader.read_up_to(queue, self._read_num_records_hint)
        return self._process_records(records)

    def read_full(self):
        """All records: to where the first one comes again."""
        reader = self._get_reader()
        queue, limiter = self._get_filename_queue(epoch_limit=2)
        with control_dependencies([assign(limiter, 0)]):
            first_key, first_value = reader.read_up_to(queue, 1)

        def unlike_first(key, _, __, ___):
            return not_equal(squeeze(key, axis=0), squeeze(first_key, axis=0))

        def read_next(_, value, index, collected):
            new_key, new_value = reader.read_up_to(queue, 1)
            new_key.set_shape([1])
            new_value.set_shape([1])
            return new_key, new_value, index + 1, collected.write(index, value)

        collected = TensorArray(string, size=0, dynamic_size=True)
        start = [constant([""]), first_value, 0, collected]
        records = while_loop(unlike_first, read_next, start)[-1].concat()
        with control_dependencies([records]):
            reset = reader.reset()
        with control_dependencies([reset]):
            records = identity(records)
        return self._process_records(records)


class CSVReader(ReaderBaseTimeSeriesParser):
    """A series in files of lines with commas, whose columns have these names.

    Columns of one name are the features of one value. Types are int64 for the times and float32
    else, if none are given. ValueError without a column of values, or with none of times, or two.
    """

    def __init__(self, filenames, column_names=(TIMES, VALUES), column_dtypes=None,
                 skip_header_lines=None, read_num_records_hint=4096):
        for required in (TIMES, VALUES):
            if required not in column_names:
                raise ValueError(f"'{required}' is a required column.")
        if column_dtypes is not None and len(column_dtypes) != len(column_names):
            raise ValueError(
                "If specified, the length of column_dtypes must match the length of column_names "
                f"(got column_dtypes={column_dtypes} and column_names={column_names})."
            )
        if list(column_names).count(TIMES) != 1:
            raise ValueError(
                f"Got more than one times column ('{TIMES}'), but exactly one is required."
            )
        self._column_names, self._column_dtypes = column_names, column_dtypes
        self._skip_header_lines = skip_header_lines
        super().__init__(filenames, read_num_records_hint)

    def _get_reader(self):
        return TextLineReader(skip_header_lines=self._skip_header_lines)

    def _defaults(self):
        if self._column_dtypes is not None:
            return [(zeros([], dtype),) for dtype in self._column_dtypes]
        return [(zeros([], int64),) if name == TIMES else () for name in self._column_names]

    def _process_records(self, lines):
        columns = {}
        for name, column in zip(self._column_names, decode_csv(lines, self._defaults())):
            columns.setdefault(name, []).append(column)
        return {name: found[0] if name == TIMES else stack(found, axis=1)
                for name, found in columns.items()}  # fmt: skip


class TFExampleReader(ReaderBaseTimeSeriesParser):
    """A series in TFRecord files of Examples; `features` says how these are parsed.

    ValueError without times or values.
    """

    def __init__(self, filenames, features):
        for required in (TIMES, VALUES):
            if required not in features:
                raise ValueError(f"'{required}' is a required column.")
        self._features = features
        super().__init__(filenames)

    def _get_reader(self):
        return TFRecordReader()

    def _process_records(self, examples):
        return parse_example(examples, self._features)
