"""Functions that are called after each operation that runs at once, and those that look for
infinity and NaN."""
import contextlib
import enum
import functools
import threading

import numpy as np

from minitf import logging
from minitf.core.eager import LISTENERS, executing_eagerly, unheard


class ExecutionCallback(enum.Enum):
    """What `inf_nan_callback` does: nothing, print or log a warning, raise InfOrNanError."""

    IGNORE = "ignore"
    PRINT = "print"
    RAISE = "raise"
    WARN = "warn"


class InfOrNanError(Exception):
    """There is infinity or NaN in an output of an operation."""

    def __init__(self, op_type, op_name, output_index, num_outputs, value):
        self.op_type, self.op_name, self.value = op_type, op_name, value
        self.output_index, self.num_outputs = output_index, num_outputs
        counts = {"inf(s)": np.count_nonzero(np.isinf(value)),
                  "nan(s)": np.count_nonzero(np.isnan(value))}  # fmt: skip
        found = " and ".join(f"{count} {what}" for what, count in counts.items() if count)
        super().__init__(
            f"Output {output_index + 1} of {num_outputs} of TFE operation {op_type} (name: "
            f"{op_name!r}) contains {found} out of a total of {np.size(value)} element(s). Tensor "
            f"value: {value}"
        )


class _Callbacks(threading.local):
    """Hears of each operation of a thread, and calls its callbacks."""

    persistent = False

    def __init__(self):
        self.items = []

    def record(self, operation):
        if operation.type == "Const" or not self.items:
            return False  # in TensorFlow no operation makes a constant
        attrs = []
        for name, value in operation.node_def.attr.items():
            attrs += [name, operation.attrs.get(name, value.type or value.i)]
        outputs = [] if operation.definition.writes() else operation.outputs
        with unheard():
            for callback in list(self.items):
                callback(operation.type, list(operation.inputs), tuple(attrs), list(outputs),
                         operation.name)  # fmt: skip
        return False


_callbacks = _Callbacks()


def add_execution_callback(callback):
    """Call `callback(op_type, inputs, attrs, outputs, op_name)` after each operation that runs at
    once in this thread, after those that were added before. `attrs` are names and values in turn.
    """
    _callbacks.items.append(callback)
    if _callbacks not in LISTENERS.items:
        LISTENERS.items.insert(0, _callbacks)


def clear_execution_callbacks():
    """Call none any more."""
    _callbacks.items.clear()
    if _callbacks in LISTENERS.items:  # not so in a callback, which nobody hears
        LISTENERS.items.remove(_callbacks)


def inf_nan_callback(op_type, inputs, attrs, outputs, op_name, check_inf=True, check_nan=True,
                     action=ExecutionCallback.RAISE):  # fmt: skip
    """A callback that looks for infinity and NaN in the outputs. ValueError for an action that is
    none."""
    action = ExecutionCallback(action)
    for index, output in enumerate(outputs):
        if not (output.dtype.is_floating or output.dtype.is_complex):
            continue
        value = output.numpy()
        if (check_inf and np.isinf(value).any()) or (check_nan and np.isnan(value).any()):
            _act(action, InfOrNanError(op_type, op_name, index, len(outputs), value))


def _act(action, error):
    if action is ExecutionCallback.PRINT:
        print(f"Warning: {error}")
    elif action is ExecutionCallback.WARN:
        logging.warn(str(error))
    elif action is ExecutionCallback.RAISE:
        raise error
    else:
        raise ValueError(f"Invalid action for inf_nan_callback: {action}. Valid actions are: "
                         "{PRINT | WARN | RAISE}")  # fmt: skip


def inf_callback(op_type, inputs, attrs, outputs, op_name, action=ExecutionCallback.RAISE):
    """A callback that looks for infinity."""
    inf_nan_callback(op_type, inputs, attrs, outputs, op_name, check_nan=False, action=action)


def nan_callback(op_type, inputs, attrs, outputs, op_name, action=ExecutionCallback.RAISE):
    """A callback that looks for NaN."""
    inf_nan_callback(op_type, inputs, attrs, outputs, op_name, check_inf=False, action=action)


def seterr(inf_or_nan=None):
    """Say what is done about infinity and NaN in outputs of operations, an ExecutionCallback or its
    value; None changes nothing. A dict of what was done before."""
    action = None if inf_or_nan is None else ExecutionCallback(inf_or_nan)
    there = list(_callbacks.items)
    looking = [each for each in there if getattr(each, "func", each) is inf_nan_callback]
    old = ExecutionCallback.IGNORE
    for each in looking:
        old = getattr(each, "keywords", {}).get("action", ExecutionCallback.RAISE)
    if action is not None:
        clear_execution_callbacks()
        rest = [each for each in there if each not in looking]
        if action is not ExecutionCallback.IGNORE:
            rest.append(functools.partial(inf_nan_callback, action=action))
        for callback in rest:
            add_execution_callback(callback)
    return {"inf_or_nan": old}


@contextlib.contextmanager
def errstate(inf_or_nan=None):
    """`with errstate(inf_or_nan="raise"):` what `seterr` says, for a while; nothing where
    operations do not run at once."""
    if not executing_eagerly():
        yield
        return
    old = seterr(inf_or_nan=inf_or_nan)
    yield
    seterr(**old)
