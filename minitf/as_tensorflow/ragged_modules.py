"""`tensorflow.python.ops.ragged` and the modules below."""
from __future__ import annotations

NAMESPACES: dict[str, str | tuple[str, ...]] = {
    "ops.ragged": "ragged",
    "ops.ragged.ragged_array_ops": "ragged",
    "ops.ragged.ragged_batch_gather_ops": "",
    "ops.ragged.ragged_concat_ops": "ragged.joining",
    "ops.ragged.ragged_conversion_ops": "as_tensorflow.modules.ragged",
    "ops.ragged.ragged_factory_ops": "ragged.factory",
    "ops.ragged.ragged_functional_ops": "ragged.functional",
    "ops.ragged.ragged_gather_ops": "",
    "ops.ragged.ragged_map_ops": "ragged.mapping",
    "ops.ragged.ragged_math_ops": ("ragged.math", "ragged.ranges"),
    "ops.ragged.ragged_squeeze_op": "",
    "ops.ragged.ragged_string_ops": ("as_tensorflow.modules.ragged", "strings"),
    "ops.ragged.ragged_tensor": ("as_tensorflow.modules.ragged", "ragged.tensor"),
    "ops.ragged.ragged_tensor_shape": ("ragged.shape", "ragged.broadcasting"),
    "ops.ragged.ragged_tensor_value": "ragged.value",
    "ops.ragged.ragged_util": "as_tensorflow.modules.ragged",
    "ops.ragged.ragged_where_op": "",
    "ops.ragged.segment_id_ops": "ragged.segment_ids",
}
