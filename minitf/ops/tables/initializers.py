"""What fills tables: `tf.lookup.KeyValueTensorInitializer`, `tf.lookup.TextFileInitializer`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int64, string
from minitf.core.graph import add_to_collection, get_collection, get_default_graph, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor import Tensor
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.state.variables import init_scope
from minitf.ops.tables import nodes, text_file


def tables_initializer(name="init_all_tables"):
    """An Operation that fills all tables of the graph."""
    initializers = get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(*initializers, name=name) if initializers else no_op(name=name)


class TextFileIndex:
    """Columns of a file that are none: the whole line, and its number, from 0 on."""

    WHOLE_LINE = text_file.WHOLE_LINE
    LINE_NUMBER = text_file.LINE_NUMBER


class TableInitializerBase:
    """What fills a table: `initialize(table)` returns the Operation that does."""

    def __init__(self, key_dtype, value_dtype):
        self._key_dtype, self._value_dtype = as_dtype(key_dtype), as_dtype(value_dtype)

    @property
    def key_dtype(self):
        return self._key_dtype

    @property
    def value_dtype(self):
        return self._value_dtype

    @property
    def _shared_name(self):
        return ""

    def initialize(self, table):
        raise NotImplementedError(f"{type(self).__name__}.initialize(table) is not there")

    def _check(self, table, key_dtype, value_dtype):
        for what, own, given in (("key", table.key_dtype, key_dtype),
                                 ("value", table.value_dtype, value_dtype)):  # fmt: skip
            if given.base_dtype != own:
                raise TypeError(f"Invalid {what} dtype, expected {own} but got {given}.")


class KeyValueTensorInitializer(TableInitializerBase):
    """Fills a table with `keys` and `values`, vectors of one size.

    In the run FailedPreconditionError for a key with two values, InvalidArgumentError for none.
    """

    def __init__(self, keys, values, key_dtype=None, value_dtype=None, name=None):
        if get_default_graph()._context is not None:
            with init_scope():
                self._convert(keys, values, key_dtype, value_dtype)
        else:
            self._convert(keys, values, key_dtype, value_dtype)
        self._name = "key_value_init" if name is None else name
        super().__init__(self._keys.dtype, self._values.dtype)

    def _convert(self, keys, values, key_dtype, value_dtype):
        self._keys = convert_to_tensor(keys, dtype=key_dtype, name="keys")
        self._values = convert_to_tensor(values, dtype=value_dtype, name="values")

    def initialize(self, table):
        """The Operation, added to the collection of table initializers. TypeError for a table of
        other types."""
        self._check(table, self._keys.dtype, self._values.dtype)
        values = (table.resource_handle, self._keys, self._values)
        with name_scope(self._name, values=values):
            filled = nodes.import_(*values)
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, filled)
        return filled


class TextFileInitializer(TableInitializerBase):
    """Fills a table with two columns, or TextFileIndex, of the lines of `filename`.

    `vocab_size` is how many lines to read, all when None; columns are parted by `delimiter`.
    ValueError for an index or types that do not fit.
    """

    def __init__(
        self, filename, key_dtype, key_index, value_dtype, value_index, vocab_size=None,
        delimiter="\t", name=None,
    ):  # fmt: skip
        if not isinstance(filename, Tensor) and not filename:
            raise ValueError(f"Filename required for {name}.")
        super().__init__(key_dtype, value_dtype)
        _check_column("Key", self.key_dtype, key_index, self.key_dtype.is_integer)
        _check_column("Value", self.value_dtype, value_index, False)
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError(f"Invalid vocab_size {vocab_size}.")
        self._filename_arg = filename
        self._columns = (key_index, value_index)
        self._vocab_size, self._delimiter, self._name = vocab_size, delimiter, name
        with init_scope():
            self._filename = convert_to_tensor(filename, dtype=string, name="asset_path")

    def initialize(self, table):
        """The Operation, added to the collection of table initializers. TypeError for a table of
        other types."""
        self._check(table, self.key_dtype, self.value_dtype)
        with name_scope(self._name, "text_file_init", (table.resource_handle,)):
            key_index, value_index = self._columns
            filled = nodes.initialize_from_text_file(
                table.resource_handle, self._filename, key_index=key_index,
                value_index=value_index, delimiter=self._delimiter,
                vocab_size=-1 if self._vocab_size is None else self._vocab_size,
            )  # fmt: skip
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, filled)
        if self._filename.op.type == "Const":
            add_to_collection(GraphKeys.ASSET_FILEPATHS, self._filename)
        return filled

    @property
    def _shared_name(self):
        size = (self._vocab_size,) if self._vocab_size else ()
        return "_".join(str(each) for each in ("hash_table", self._filename_arg, *size,
                                               *self._columns))  # fmt: skip


def _check_column(what, dtype, index, whole_number_fits):
    if index < -2:
        raise ValueError(f"Invalid {what.lower()} index {index}.")
    if index == TextFileIndex.LINE_NUMBER and dtype != int64:
        raise ValueError(f"Signature mismatch. {what}s must be dtype {int64}, got {dtype}.")
    if index == TextFileIndex.WHOLE_LINE and not whole_number_fits and dtype != string:
        wanted = "integer or string" if what == "Key" else f"dtype {string}"
        raise ValueError(f"Signature mismatch. {what}s must be {wanted}, got {dtype}.")


class TextFileStringTableInitializer(TextFileInitializer):
    """Fills a table from numbers to strings: of lines and what they say, unless told otherwise."""

    def __init__(
        self, filename, key_column_index=TextFileIndex.LINE_NUMBER,
        value_column_index=TextFileIndex.WHOLE_LINE, vocab_size=None, delimiter="\t",
        name="text_file_string_table_init",
    ):  # fmt: skip
        super().__init__(filename, int64, key_column_index, string, value_column_index,
                         vocab_size, delimiter, name)  # fmt: skip


class TextFileIdTableInitializer(TextFileInitializer):
    """Fills a table from strings to numbers: of what lines say and those, unless told otherwise."""

    def __init__(
        self, filename, key_column_index=TextFileIndex.WHOLE_LINE,
        value_column_index=TextFileIndex.LINE_NUMBER, vocab_size=None, delimiter="\t",
        name="text_file_id_table_init", key_dtype=string,
    ):  # fmt: skip
        super().__init__(filename, key_dtype, key_column_index, int64, value_column_index,
                         vocab_size, delimiter, name)  # fmt: skip
