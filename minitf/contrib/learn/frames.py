"""The values of frames of pandas, as arrays."""
import sys

_NUMBERS = {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)} | {
    "float16", "float32", "float64", "bool",
}  # fmt: skip


def _is_frame(data):
    """Whether it is a DataFrame: pandas need not be there."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(data, pandas.DataFrame)


def _check_numbers(data, what):
    wrong = [f"'{column}' type='{data[column].dtype.name}'" for column in data
             if data[column].dtype.name not in _NUMBERS]  # fmt: skip
    if wrong:
        raise ValueError(f"Data types for extracting {what} must be int, float, or bool. Found: "
                         + ", ".join(wrong))  # fmt: skip


def extract_pandas_data(data):
    """The values of a DataFrame as floats; what is none itself. ValueError for columns that are no
    numbers."""
    if not _is_frame(data):
        return data
    _check_numbers(data, "pandas data")
    return data.values.astype("float")


def extract_pandas_matrix(data):
    """The values of a DataFrame; what is none itself."""
    return data.values if _is_frame(data) else data


def extract_pandas_labels(labels):
    """The values of a DataFrame of one column; what is none itself. ValueError for more columns,
    and for one that is no numbers."""
    if not _is_frame(labels):
        return labels
    if len(labels.columns) > 1:
        raise ValueError("Only one column for labels is allowed.")
    _check_numbers(labels, "labels")
    return labels.values
