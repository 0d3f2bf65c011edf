"""The modules of TensorFlow's estimators, and where their names are now."""
from __future__ import annotations

# Module below tensorflow.python -> the namespace below tf.
NAMESPACES: dict[str, str | tuple[str, ...]] = {
    "estimator": "estimator",
    "estimator.canned.baseline": "estimator",
    "estimator.canned.boosted_trees": "estimator.canned.boosted_trees",
    "estimator.canned.dnn": "estimator.canned.dnn",
    "estimator.canned.dnn_linear_combined": "estimator.canned.combined",
    "estimator.canned.head": (
        "as_tensorflow.modules.heads", "contrib.estimator", "estimator.canned.head.base",
    ),
    "estimator.canned.linear": "estimator.canned.linear",
    "estimator.canned.metric_keys": "as_tensorflow.modules.estimator_keys",
    "estimator.canned.optimizers": "estimator.canned.optimizers",
    "estimator.canned.prediction_keys": "as_tensorflow.modules.estimator_keys",
    "estimator.estimator": "estimator",
    "estimator.estimator_lib": "estimator",
    "estimator.export.export": "estimator.export",
    "estimator.export.export_lib": "estimator.export",
    "estimator.export.export_output": "estimator.export",
    "estimator.exporter": "estimator",
    "estimator.head.base_head": "estimator.head.base",
    "estimator.head.binary_class_head": "estimator.head.classes",
    "estimator.head.head_utils": "estimator.head.classes",
    "estimator.head.multi_class_head": "estimator.head.classes",
    "estimator.head.multi_head": "estimator.head.multi",
    "estimator.head.multi_label_head": "estimator.head.classes",
    "estimator.head.regression_head": "estimator.head.regression",
    "estimator.inputs.inputs": "estimator.inputs",
    "estimator.inputs.numpy_io": "estimator.inputs",
    "estimator.inputs.pandas_io": "estimator.inputs",
    "estimator.mode_keys": "estimator",
    "estimator.model_fn": "estimator.model_fn",
    "estimator.run_config": "estimator.run_config",
    "estimator.training": "estimator",
    "estimator.util": "estimator.functions",
}
