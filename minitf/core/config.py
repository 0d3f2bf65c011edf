"""`tf.ConfigProto`, `tf.RunOptions` and their kin: plain objects with TensorFlow's field names.

TensorFlow makes these from protocol buffers. A field that is set has its effect or, when it asks
for what minitf has not, raises where it would have been used. An unknown one raises ValueError when
it is given by keyword and AttributeError when it is assigned.
"""
from __future__ import annotations

from typing import Any, ClassVar


class Message:
    """An object with the fields of its class; assignable by keyword or attribute."""

    FIELDS: ClassVar[dict[str, Any]] = {}

    def __init__(self, **fields: Any) -> None:
        for name, default in self.FIELDS.items():
            object.__setattr__(self, name, default() if callable(default) else default)
        for name, value in fields.items():
            if name not in self.FIELDS:
                raise ValueError(self._unknown(name))
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.FIELDS:
            raise AttributeError(self._unknown(name))
        object.__setattr__(self, name, value)

    def _unknown(self, name: str) -> str:
        kind, fields = type(self).__name__, ", ".join(self.FIELDS)
        return f'Protocol message {kind} has no "{name}" field; it has {fields}.'

    def CopyFrom(self, other: Message) -> None:
        """Take over every field of `other`."""
        for name in self.FIELDS:
            setattr(self, name, getattr(other, name))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.FIELDS)
        return f"{type(self).__name__}({fields})"


class GPUOptions(Message):
    FIELDS: ClassVar[dict[str, Any]] = {
        "per_process_gpu_memory_fraction": 0.0,
        "allow_growth": False,
        "allocator_type": "",
        "deferred_deletion_bytes": 0,
        "visible_device_list": "",
        "polling_active_delay_usecs": 0,
        "force_gpu_compatible": False,
    }


class OptimizerOptions(Message):
    """`global_jit_level`: OFF leaves all to NumPy, ON_1 (or ON_2) compiles each plan at its first
    run, DEFAULT only what takes long or is run often. `opt_level`: L0 makes each op a step of its
    own. The `do_...` fields change nothing: it is always done."""

    L1, L0 = 0, -1
    DEFAULT, OFF, ON_1, ON_2 = 0, -1, 1, 2
    FIELDS: ClassVar[dict[str, Any]] = {
        "do_common_subexpression_elimination": False,
        "do_constant_folding": False,
        "do_function_inlining": False,
        "opt_level": 0,
        "global_jit_level": 0,
    }


class GraphOptions(Message):
    FIELDS: ClassVar[dict[str, Any]] = {
        "enable_recv_scheduling": False,
        "optimizer_options": OptimizerOptions,
        "build_cost_model": 0,
        "infer_shapes": False,
        "place_pruned_graph": False,
        "timeline_step": 0,
        "rewrite_options": None,
    }


class ConfigProto(Message):
    """How a Session runs. See `tf.Session`."""

    FIELDS: ClassVar[dict[str, Any]] = {
        "device_count": dict,
        "intra_op_parallelism_threads": 0,
        "inter_op_parallelism_threads": 0,
        "use_per_session_threads": False,
        "allow_soft_placement": False,
        "log_device_placement": False,
        "gpu_options": GPUOptions,
        "graph_options": GraphOptions,
        "operation_timeout_in_ms": 0,
        "device_filters": list,
        "isolate_session_state": False,
    }


class RunOptions(Message):
    NO_TRACE, SOFTWARE_TRACE, HARDWARE_TRACE, FULL_TRACE = 0, 1, 2, 3
    FIELDS: ClassVar[dict[str, Any]] = {
        "trace_level": 0,
        "timeout_in_ms": 0,
        "inter_op_thread_pool": 0,
        "output_partition_graphs": False,
        "report_tensor_allocations_upon_oom": False,
    }


class RunMetadata(Message):
    """What a run can tell of itself: `source`, the program it ran, when it was traced."""

    FIELDS: ClassVar[dict[str, Any]] = {
        "step_stats": None,
        "cost_graph": None,
        "partition_graphs": list,
        "source": "",
    }
