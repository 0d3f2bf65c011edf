"""`tf.test`: names only."""
# ruff: noqa: F401  every import here is a public name

import importlib
from typing import Any

from minitf.test.benchmark import Benchmark, benchmark_config
from minitf.test.equal_graphs import assert_equal_graph_def
from minitf.test.gpu import (
    gpu_device_name,
    is_built_with_cuda,
    is_built_with_gpu_support,
    is_built_with_rocm,
    is_gpu_available,
)
from minitf.test.gradient_checker import compute_gradient, compute_gradient_error
from minitf.test.stubs import StubOutForTesting
from minitf.test.temporary import get_temp_dir, test_src_dir_path

# unittest is loaded by programs that test, and by no others.
_ON_DEMAND = {"TestCase": "TestCase", "TensorFlowTestCase": "TestCase", "main": "main"}


def __getattr__(name: str) -> Any:
    if name == "mock":
        return importlib.import_module("unittest.mock")
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return getattr(importlib.import_module(f"{__name__}.case"), _ON_DEMAND[name])
