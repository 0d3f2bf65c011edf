"""`tensorflow.python.framework.test_util`: what tests of libraries on TensorFlow decorate with.

What TensorFlow has here for its version 2, for XLA and for its own compiler has nothing to do in
minitf: such tests run as they are, or are skipped.
"""
from __future__ import annotations

import functools
import inspect
import itertools
import unittest
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import minitf as tf
from minitf.core.eager import eager_mode
from minitf.test.both_modes import (  # noqa: F401  names of this module
    run_all_in_graph_and_eager_modes,
    run_in_graph_and_eager_modes,
)
from minitf.test.case import TestCase as TensorFlowTestCase  # noqa: F401  a name of this module
from minitf.test.garbage import no_garbage

# -- which version of TensorFlow a test is for: it is the first ------------------------------------


def deprecated_graph_mode_only(func: Any = None) -> Any:
    """A test, or a class of tests, that builds graphs: as all do in TensorFlow 1."""
    return deprecated_graph_mode_only if func is None else func


run_deprecated_v1 = run_all_in_deprecated_graph_mode_only = deprecated_graph_mode_only


def run_v1_only(reason: str, func: Any = None) -> Any:
    """A test, or a class of tests, of TensorFlow 1. ValueError for a reason that is no string."""
    if not isinstance(reason, str):
        raise ValueError(f"'reason' should be string, got {type(reason)}")
    return deprecated_graph_mode_only(func)


def run_v2_only(func: Any = None) -> Any:
    """A test of TensorFlow 2: it is skipped. ValueError for a class."""
    return _skipping(func, "run_v2_only", lambda: True, "Test is only compatible with v2")


def run_gpu_only(func: Any = None) -> Any:
    """A test that is skipped where there is no GPU. ValueError for a class."""
    return _skipping(func, "run_gpu_only", _no_gpu, "Test requires GPU")


def run_cuda_only(func: Any = None) -> Any:
    """A test that is skipped where there is no GPU of CUDA. ValueError for a class."""
    return _skipping(func, "run_cuda_only", _no_gpu, "Test requires CUDA GPU")


def skip_if(condition: Any) -> Callable[..., Any]:
    """A test that does nothing, and so passes, where the condition (a function, say) is true."""

    def decorator(func: Any) -> Any:
        @functools.wraps(func)
        def unless(*args: Any, **kwargs: Any) -> Any:
            skip = condition() if callable(condition) else condition
            return None if skip else func(*args, **kwargs)

        return unless

    return decorator


def _no_gpu() -> bool:
    return not tf.test.is_gpu_available()


def _skipping(func: Any, name: str, skip: Callable[[], bool], why: str) -> Any:
    if func is None:
        return lambda func: _skipping(func, name, skip, why)
    if inspect.isclass(func):
        raise ValueError(f"`{name}` only supports test methods.")

    @functools.wraps(func)
    def unless(self: Any, *args: Any, **kwargs: Any) -> Any:
        if skip():
            self.skipTest(why)
        return func(self, *args, **kwargs)

    return unless


# -- what TensorFlow switches on or off for a test and minitf has one of -------------------------


def _as_it_is(*told: Any) -> Any:
    """Of `@decorator` and `@decorator("why")`: the test."""
    func = told[0] if told else None
    return func if callable(func) else lambda func: func


disable_control_flow_v2 = enable_output_all_intermediates = _as_it_is
enable_c_shapes = with_c_shapes = enable_control_flow_v2 = with_control_flow_v2 = _as_it_is
disable_xla = no_xla_auto_jit = xla_allow_fallback = enable_tf_xla_constant_folding = _as_it_is
use_deterministic_cudnn = py_func_if_in_function = _as_it_is


def is_xla_enabled() -> bool:
    """False."""
    return False


def GpuSupportsHalfMatMulAndConv() -> bool:
    """Whether there is a GPU: each that minitf computes on has float16."""
    return tf.test.is_gpu_available()


IsGoogleCudaEnabled = tf.test.is_built_with_cuda
IsBuiltWithROCm = IsMklEnabled = is_xla_enabled


def for_all_test_methods(decorator: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    """Of a class of tests each method is decorated by `decorator(*args, **kwargs)`."""

    def all_of(cls: Any) -> Any:
        for name in unittest.defaultTestLoader.getTestCaseNames(cls):
            if name != "test_session":
                setattr(cls, name, decorator(*args, **kwargs)(getattr(cls, name)))
        return cls

    return all_of


def also_run_as_tf_function(func: Any) -> Any:
    """A test runs with eager execution, then as a `tf.function`."""

    @functools.wraps(func)
    def twice(*args: Any, **kwargs: Any) -> None:
        def run() -> None:
            func(*args, **kwargs)

        with eager_mode():
            run()
            tf.function(run, autograph=False)()

    return twice


def build_as_function_and_v1_graph(func: Any = None) -> Any:
    """A test that only builds: in a graph, then as a `tf.function`. ValueError for a class."""
    if inspect.isclass(func):
        raise ValueError("`run_in_graph_mode_and_function` only supports test methods.")

    @functools.wraps(func)
    def both(*args: Any, **kwargs: Any) -> None:
        with tf.Graph().as_default():
            func(*args, **kwargs)
        with tf.Graph().as_default(), eager_mode():
            tf.function(lambda: func(*args, **kwargs), autograph=False)()

    return both


def assert_no_garbage_created(func: Any) -> Any:
    """AssertionError where the test leaves objects that only the collector of cycles frees."""

    @functools.wraps(func)
    def checked(*args: Any, **kwargs: Any) -> Any:
        return no_garbage(lambda: func(*args, **kwargs))

    return checked


assert_no_new_tensors = assert_no_new_pyobjects_executing_eagerly = assert_no_garbage_created


def generate_combinations_with_testcase_name(**kwargs: Any) -> list[dict[str, Any]]:
    """What `parameterized.named_parameters` takes: each combination of `option=[values]`."""
    options = sorted(kwargs.items())
    values = [each if isinstance(each, list) else [each] for _, each in options]
    combinations = [dict(zip(dict(options), each)) for each in itertools.product(*values)]
    return [each | {"testcase_name": f"_test{_spelt(each)}"} for each in combinations]


def _spelt(combination: dict[str, Any]) -> str:
    letters = ((filter(str.isalnum, str(word)) for word in pair) for pair in combination.items())
    return "".join("_{}_{}".format(*map("".join, pair)) for pair in letters)


# -- devices, layouts, graphs ----------------------------------------------------------------------


@contextmanager
def device(use_gpu: bool) -> Iterator[None]:
    """Operations inside the `with` block are for the GPU where there is one and it is wanted."""
    with tf.device("/device:GPU:0" if use_gpu and tf.test.is_gpu_available() else "/device:CPU:0"):
        yield


@contextmanager
def use_gpu() -> Iterator[None]:
    """Operations inside the `with` block are for the GPU where there is one."""
    with device(use_gpu=True):
        yield


def force_gpu() -> Any:
    """Operations inside the `with` block are for the GPU."""
    return tf.device("/device:GPU:0")


def force_cpu() -> Any:
    """Operations inside the `with` block are for the CPU."""
    return tf.device("/device:CPU:0")


def NHWCToNCHW(input_tensor: Any) -> Any:
    """A tensor of 4 or 5 dimensions, or a list of its sizes, with the channels second."""
    return _arranged(input_tensor, {4: [0, 3, 1, 2], 5: [0, 4, 1, 2, 3]})


def NCHWToNHWC(input_tensor: Any) -> Any:
    """A tensor of 4 or 5 dimensions, or a list of its sizes, with the channels last."""
    return _arranged(input_tensor, {4: [0, 2, 3, 1], 5: [0, 2, 3, 4, 1]})


def _arranged(tensor: Any, orders: dict[int, list[int]]) -> Any:
    if isinstance(tensor, tf.Tensor):
        return tf.transpose(tensor, orders[tensor.shape.ndims])
    return [tensor[axis] for axis in orders[len(tensor)]]


def assert_ops_in_graph(expected_ops: dict[str, str], graph: tf.Graph) -> dict[str, Any]:
    """The nodes of these names. ValueError when one is missing or of another type of op."""
    found = {node.name: node for node in graph.as_graph_def().node if node.name in expected_ops}
    for name, node in found.items():
        if expected_ops[name] != node.op:
            raise ValueError(f"Expected op for node {name} is different. "
                             f"{expected_ops[name]} vs {node.op}")  # fmt: skip
    if len(found) != len(expected_ops):
        raise ValueError(f"Not all expected ops are present. Expected {expected_ops.keys()}, "
                         f"found {found.keys()}")  # fmt: skip
    return found


@contextmanager
def fft_kernel_label_map() -> Iterator[None]:  # of spectral_ops_test_util
    """Nothing: every kernel of a Fourier transform is tested as it is."""
    yield
