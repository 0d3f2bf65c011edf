"""`tf.ConfigProto`, `tf.RunOptions` and their kin, with TensorFlow's field names.

A field that is set has its effect or, when it asks for what minitf has not, makes the Session (or
the run) raise. Those that tune what TensorFlow does inside (thread pools, allocators, the passes
of its graph optimizer) tune nothing here: results are the same.
"""
from __future__ import annotations

from typing import Any, ClassVar

from minitf.core.message import Message


class VirtualDevices(Message):
    FIELDS: ClassVar[dict[str, Any]] = {"memory_limit_mb": list}


class GPUExperimental(Message):
    VirtualDevices = VirtualDevices
    FIELDS: ClassVar[dict[str, Any]] = {
        "virtual_devices": list,
        "use_unified_memory": False,
        "num_dev_to_dev_copy_streams": 0,
        "collective_ring_order": "",
        "timestamped_allocator": False,
        "kernel_tracker_max_interval": 0,
        "kernel_tracker_max_bytes": 0,
        "kernel_tracker_max_pending": 0,
    }


class GPUOptions(Message):
    """`visible_device_list` chooses GPUs, "1,0" say, and their order;
    `per_process_gpu_memory_fraction` limits what is taken of each; `allow_growth` takes memory as
    it is needed, which happens here in any case. Without a GPU nothing of it matters."""

    Experimental = GPUExperimental
    FIELDS: ClassVar[dict[str, Any]] = {
        "per_process_gpu_memory_fraction": 0.0,
        "allocator_type": "",
        "deferred_deletion_bytes": 0,
        "allow_growth": False,
        "visible_device_list": "",
        "polling_active_delay_usecs": 0,
        "polling_inactive_delay_msecs": 0,
        "force_gpu_compatible": False,
        "experimental": GPUExperimental,
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
        "opt_level": 0,
        "do_function_inlining": False,
        "global_jit_level": 0,
        "max_folded_constant_in_bytes": 0,
    }
    ENUMS: ClassVar[dict[str, tuple[str, ...]]] = {
        "opt_level": ("L1", "L0"),
        "global_jit_level": ("DEFAULT", "OFF", "ON_1", "ON_2"),
    }


_TOGGLES = (
    "layout_optimizer", "constant_folding", "arithmetic_optimization", "dependency_optimization",
    "loop_optimization", "function_optimization", "debug_stripper", "shape_optimization",
    "remapping", "scoped_allocator_optimization", "pin_to_host_optimization",
    "implementation_selector", "auto_mixed_precision",
)  # fmt: skip


class RewriterConfig(Message):
    """The passes of TensorFlow's graph optimizer; `optimizer_options` rules what minitf does."""

    DEFAULT, ON, OFF, AGGRESSIVE = 0, 1, 2, 3
    DEFAULT_NUM_ITERS, ONE, TWO = 0, 1, 2
    DEFAULT_MEM_OPT, NO_MEM_OPT, MANUAL, HEURISTICS = 0, 1, 2, 3
    SWAPPING_HEURISTICS, RECOMPUTATION_HEURISTICS, SCHEDULING_HEURISTICS = 4, 5, 6
    FIELDS: ClassVar[dict[str, Any]] = {
        **dict.fromkeys(_TOGGLES, 0),
        "disable_model_pruning": False,
        "disable_meta_optimizer": False,
        "meta_optimizer_iterations": 0,
        "min_graph_nodes": 0,
        "memory_optimization": 0,
        "memory_optimizer_target_node_name_scope": "",
        "meta_optimizer_timeout_ms": 0,
        "fail_on_optimizer_errors": False,
        "optimizers": list,
    }
    ENUMS: ClassVar[dict[str, tuple[str, ...]]] = {
        **dict.fromkeys(_TOGGLES, ("DEFAULT", "ON", "OFF", "AGGRESSIVE")),
        "meta_optimizer_iterations": ("DEFAULT_NUM_ITERS", "ONE", "TWO"),
        "memory_optimization": ("DEFAULT_MEM_OPT", "NO_MEM_OPT", "MANUAL", "HEURISTICS",
                                "SWAPPING_HEURISTICS", "RECOMPUTATION_HEURISTICS",
                                "SCHEDULING_HEURISTICS"),
    }  # fmt: skip


class GraphOptions(Message):
    FIELDS: ClassVar[dict[str, Any]] = {
        "enable_recv_scheduling": False,
        "optimizer_options": OptimizerOptions,
        "build_cost_model": 0,
        "infer_shapes": False,
        "place_pruned_graph": False,
        "enable_bfloat16_sendrecv": False,
        "timeline_step": 0,
        "build_cost_model_after": 0,
        "rewrite_options": RewriterConfig,
    }


class ConfigExperimental(Message):
    FIELDS: ClassVar[dict[str, Any]] = {
        "collective_group_leader": "",
        "executor_type": "",
        "recv_buf_max_chunk": 0,
        "use_numa_affinity": False,
        "collective_deterministic_sequential_execution": False,
        "collective_nccl": False,
        "share_session_state_in_clusterspec_propagation": False,
        "disable_thread_spinning": False,
        "share_cluster_devices_in_session": False,
        "optimize_for_static_graph": False,
    }


class ConfigProto(Message):
    """How a Session runs. See `tf.Session`."""

    Experimental = ConfigExperimental
    FIELDS: ClassVar[dict[str, Any]] = {
        "device_count": dict,
        "intra_op_parallelism_threads": 0,
        "placement_period": 0,
        "device_filters": list,
        "inter_op_parallelism_threads": 0,
        "gpu_options": GPUOptions,
        "allow_soft_placement": False,
        "log_device_placement": False,
        "use_per_session_threads": False,
        "graph_options": GraphOptions,
        "operation_timeout_in_ms": 0,
        "isolate_session_state": False,
        "experimental": ConfigExperimental,
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
    ENUMS: ClassVar[dict[str, tuple[str, ...]]] = {
        "trace_level": ("NO_TRACE", "SOFTWARE_TRACE", "HARDWARE_TRACE", "FULL_TRACE"),
    }


class RunMetadata(Message):
    """What a run can tell of itself: `source`, the program it ran, when it was traced."""

    FIELDS: ClassVar[dict[str, Any]] = {
        "step_stats": None,
        "cost_graph": None,
        "partition_graphs": list,
        "source": "",
    }
