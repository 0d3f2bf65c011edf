"""Modules of TensorFlow's ops that programs import beside those of internals.py."""
from __future__ import annotations

NAMESPACES: dict[str, str | tuple[str, ...]] = {
    "compat.compat": "compat",
    "ops.control_flow_v2_toggles": "",
    "ops.critical_section_ops": "",
    "ops.gradient_checker_v2": "as_tensorflow.modules.gradient_checker_v2",
    "ops.logging_ops": "",
    "ops.numerics": "",
    "ops.session_ops": "",
    "ops.sets": "sets",
    "ops.template": "",
    "ops.weights_broadcast_ops": "ops.reduction.weights",
} | {  # imported for the gradients that they declare
    f"ops.{name}_grad": ""
    for name in ("array", "control_flow", "data_flow", "linalg", "math", "nn", "sparse",
                 "tensor_array")
}  # fmt: skip
