"""`tf.contrib.eager`: operations that run as they are called; names only."""
# ruff: noqa: F401  every import here is a public name

import importlib
from typing import Any

from minitf.app import run
from minitf.contrib.eager import metrics
from minitf.contrib.eager.callbacks import (
    ExecutionCallback,
    add_execution_callback,
    clear_execution_callbacks,
    errstate,
    inf_callback,
    inf_nan_callback,
    nan_callback,
    seterr,
)
from minitf.contrib.eager.network import Network, Sequential
from minitf.contrib.eager.network_checkpoints import (
    restore_network_checkpoint,
    save_network_checkpoint,
)
from minitf.contrib.eager.saver import Saver, restore_variables_on_create
from minitf.contrib.eager.variable import Variable
from minitf.core.eager import enable_eager_execution, executing_eagerly
from minitf.core.tensor_spec import TensorSpec
from minitf.core.trackable import AutoTrackable as Checkpointable
from minitf.data.iterator import EagerIterator as Iterator
from minitf.eager.backprop import (
    GradientTape,
    gradients_function,
    implicit_gradients,
    implicit_value_and_gradients,
    value_and_gradients_function,
)
from minitf.eager.function import defun, function
from minitf.eager.modes import (
    ASYNC,
    DEVICE_PLACEMENT_EXPLICIT,
    DEVICE_PLACEMENT_SILENT,
    DEVICE_PLACEMENT_WARN,
    SYNC,
    async_clear_error,
    async_wait,
    execution_mode,
    get_optimizer_variables,
    in_eager_mode,
    list_devices,
    num_gpus,
    set_execution_mode,
)
from minitf.eager.py_function import py_function as py_func
from minitf.ops.control_flow.custom_gradient import custom_gradient
from minitf.ops.state.eager_store import EagerVariableStore
from minitf.ops.state.template import make_template
from minitf.train.checkpoint import Checkpoint

# unittest is loaded by programs that test, and by no others.
_ON_DEMAND = {
    "run_test_in_graph_and_eager_modes": "run_in_graph_and_eager_modes",
    "run_all_tests_in_graph_and_eager_modes": "run_all_in_graph_and_eager_modes",
}


def __getattr__(name: str) -> Any:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return getattr(importlib.import_module("minitf.test.both_modes"), _ON_DEMAND[name])
