"""Modules of TensorFlow's ops and utilities that programs import beside those of internals.py."""
from __future__ import annotations

NAMESPACES: dict[str, str | tuple[str, ...]] = {
    "compat.compat": "compat",
    "distribute.all_reduce": "as_tensorflow.modules.all_reduce",
    "framework.op_def_registry": "as_tensorflow.modules.op_def_registry",
    "ops.candidate_sampling_ops": "nn",
    "ops.collective_ops": "as_tensorflow.modules.collective_ops",
    "ops.control_flow_v2_toggles": "",
    "ops.critical_section_ops": "",
    "ops.data_flow_ops": ("", "contrib.staging", "ops.array.partition",
                          "as_tensorflow.modules.ops"),
    "ops.gradient_checker_v2": "as_tensorflow.modules.gradient_checker_v2",
    "ops.init_ops": ("ops.state.initializers", "contrib.framework"),
    "ops.linalg.linalg": ("linalg", "as_tensorflow.modules.other_names"),
    "ops.linalg.linalg_impl": ("linalg", "as_tensorflow.modules.other_names"),
    "ops.logging_ops": "as_tensorflow.modules.other_names",
    "ops.losses.util": "losses",
    "ops.manip_ops": "manip",
    "ops.nccl_ops": "as_tensorflow.modules.nccl_ops",
    "ops.nn": "nn",
    "ops.nn_impl": ("nn", "linalg"),
    "ops.nn_ops": "nn",
    "ops.numerics": "",
    "ops.session_ops": ("", "ops.state.session_handles"),
    "ops.sets": "sets",
    "ops.spectral_ops_test_util": "as_tensorflow.modules.test_util",
    "ops.stateless_random_ops": "random",
    "ops.summary_ops_v2": ("contrib.summary", "compat.v2.summary.experimental"),
    "ops.template": "",
    "ops.variables": "as_tensorflow.modules.ops",
    "ops.weights_broadcast_ops": "ops.reduction.weights",
    "training.device_setter": ("as_tensorflow.modules.device_setter", "train"),
    "util.deprecation_wrapper": "as_tensorflow.modules.util",
    "util.module_wrapper": "as_tensorflow.modules.util",
    "util.protobuf.compare": "as_tensorflow.modules.compare",
} | {  # imported for the gradients that they have
    f"ops.{name}_grad": "as_tensorflow.modules.gradients"
    for name in ("array", "control_flow", "data_flow", "image", "linalg", "math", "nn", "sparse",
                 "tensor_array")
}  # fmt: skip
