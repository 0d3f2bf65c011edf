"""`tf.autograph`: Python's control flow as nodes of a graph.

    @tf.function
    def positive(x):
        if tf.reduce_sum(x) > 0:      # becomes tf.cond
            return x
        return -x

A function is read from its source: `return`, `break` and `continue` become variables (jumps.py),
then `if`, `while` and `for` functions that are handed to operators, with the names that they change
(names.py, blocks.py), then logic and calls operators, too (expressions.py). The code that is made
of it (source.py, convert.py) keeps the program's file and lines. An operator asks when the function
runs what it is given: of tensors it builds tf.cond and tf.while_loop, of anything else it does what
Python does (statements.py, logic.py, builtins.py).

Nothing of it is imported before a function is traced.
"""
import importlib
from typing import Any

_WHERE = {"to_graph": "api", "to_code": "api", "set_verbosity": "talk", "trace": "talk"}


def __getattr__(name: str) -> Any:
    if name == "experimental":
        return importlib.import_module("minitf.autograph.experimental")
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(["experimental", *_WHERE])
