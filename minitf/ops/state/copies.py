"""Copies of a variable on several devices, of which one process has one: what is asked of them."""
from enum import Enum


class VariableSynchronization(Enum):
    """When copies of a variable on several devices are made equal; one process has one copy."""

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


class VariableAggregation(Enum):
    """How copies of a variable on several devices are made one; one process has one copy."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3


def mode_of(kind, value, name):
    """The member of one of these that a variable is to have. ValueError for none of it."""
    try:
        return kind.AUTO if value is None and hasattr(kind, "AUTO") else kind(value or kind(0))
    except ValueError:
        what = kind.__name__.removeprefix("Variable").lower()
        raise ValueError(f"Invalid variable {what} mode: {value} for variable: {name}") from None
