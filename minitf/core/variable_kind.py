"""Whether variables are resource variables where a program does not say it of each."""
from __future__ import annotations

_resource_variables = False


def resource_variables_enabled() -> bool:
    """What the last of enable_resource_variables and disable_resource_variables said."""
    return _resource_variables


def enable_resource_variables() -> None:
    """Variables are read before a run writes them, or after what the reading depends on: those of
    minitf are in any case."""
    global _resource_variables
    _resource_variables = True


def disable_resource_variables() -> None:
    """Variables as TensorFlow 1 has them, which in minitf keep the order of reads and writes."""
    global _resource_variables
    _resource_variables = False
