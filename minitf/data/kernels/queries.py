"""Elements from a database."""
import os

import numpy as np

from minitf.core.dtypes import string, variant
from minitf.core.errors import InvalidArgumentError, UnknownError
from minitf.data.kernels.declare import dataset_op, text
from minitf.data.kernels.stream import Source


class Query(Source):
    """The rows of a query."""

    def __init__(self, path, query, types, shapes):
        super().__init__(types, shapes)
        self.path, self.query = path, query

    def stream(self, run, path):
        import sqlite3  # some Pythons have none

        if not os.path.exists(self.path):
            raise UnknownError(None, None, f"Failed to open SQLite database {self.path}: there is "
                               "no such file")  # fmt: skip
        connection = sqlite3.connect(self.path, check_same_thread=False)
        try:
            cursor = connection.execute(self.query)
            self._check(cursor.description or ())
            for row in cursor:
                yield tuple(map(_value, row, self.types))
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise UnknownError(None, None, f"{error}: {self.query}") from None
        finally:
            connection.close()

    def _check(self, columns):
        if len(columns) != len(self.types):
            raise InvalidArgumentError(
                None, None, f"The number of columns in query ({len(columns)}) must match the "
                f"number of elements in output_types ({len(self.types)})."
            )  # fmt: skip


def _value(value, dtype):
    if dtype is not string:
        return np.array(0 if value is None else value, dtype.numpy)
    made = np.empty((), object)
    made[()] = value if isinstance(value, bytes) else ("" if value is None else str(value)).encode()
    return made


@dataset_op("SqlDataset")
def sql_dataset(
    xp, driver_name: string, data_source_name: string, query: string, *, output_types,
    output_shapes,
) -> variant:  # fmt: skip
    """The rows of a query of a database."""
    kind = text(driver_name)
    if kind != "sqlite":
        raise InvalidArgumentError(None, None, f"The database type, '{kind}', is not supported: "
                                   "'sqlite' is.")  # fmt: skip
    return Query(text(data_source_name), text(query), output_types, output_shapes)
