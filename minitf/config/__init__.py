"""`tf.config`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.config import experimental, optimizer, threading
from minitf.config.execution import (
    experimental_list_devices,
    experimental_run_functions_eagerly,
)
from minitf.config.placement import get_soft_device_placement, set_soft_device_placement
