"""Frames of pandas as arrays; what is none comes back as it is."""
import sys

_KINDS = "biuf"  # truth values, integers and floats


def extract_pandas_data(data):
    """The numbers of a DataFrame, as floats. ValueError for columns that have none."""
    if not _is_frame(data):
        return data
    _check(data, "pandas data")
    return data.values.astype("float")


def extract_pandas_matrix(data):
    """What is in a DataFrame, as an array."""
    return data.values if _is_frame(data) else data


def extract_pandas_labels(labels):
    """The numbers of a DataFrame of one column [n, 1]. ValueError for more, or for others."""
    if not _is_frame(labels):
        return labels
    if len(labels.columns) > 1:
        raise ValueError("Only one column for labels is allowed.")
    _check(labels, "labels")
    return labels.values


def _is_frame(data):
    pandas = sys.modules.get("pandas")  # without it there are none
    return pandas is not None and isinstance(data, pandas.DataFrame)


def _check(frame, what):
    wrong = [f"'{name}' type='{frame[name].dtype.name}'" for name in frame
             if getattr(frame[name].dtype, "kind", "O") not in _KINDS]  # fmt: skip
    if wrong:
        raise ValueError(f"Data types for extracting {what} must be int, float, or bool. Found: "
                         + ", ".join(wrong))  # fmt: skip
