"""`tf.contrib.estimator`: heads, and what changes an estimator."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.estimator.boosted_trees import (
    boosted_trees_classifier_train_in_memory,
    boosted_trees_regressor_train_in_memory,
)
from minitf.contrib.estimator.extenders import add_metrics, clip_gradients_by_norm, forward_features
from minitf.contrib.estimator.heads import (
    binary_classification_head,
    logistic_regression_head,
    multi_class_head,
    multi_label_head,
    poisson_regression_head,
    regression_head,
)
from minitf.contrib.estimator.multi_head import multi_head
from minitf.contrib.estimator.replicate_model_fn import TowerOptimizer, replicate_model_fn
from minitf.contrib.estimator.rnn import RNNClassifier, RNNEstimator
from minitf.estimator import (
    BaselineEstimator,
    DNNEstimator,
    DNNLinearCombinedEstimator,
    LinearEstimator,
)
from minitf.estimator.canned.saved_model_estimator import SavedModelEstimator
from minitf.estimator.experimental import (
    InMemoryEvaluatorHook,
    build_raw_supervised_input_receiver_fn,
    call_logit_fn,
    dnn_logit_fn_builder,
    linear_logit_fn_builder,
)
from minitf.estimator.export.receivers import build_supervised_input_receiver_fn_from_input_fn

missing.explain(missing.sys.modules[__name__])


def export_saved_model_for_mode(estimator, export_dir_base, input_receiver_fn, assets_extra=None,
                                as_text=False, checkpoint_path=None, strip_default_attrs=False,
                                mode="infer"):
    """`estimator.export_saved_model` for one mode."""
    return estimator._export_all_saved_models(
        export_dir_base, {mode: input_receiver_fn}, assets_extra, as_text, checkpoint_path,
        strip_default_attrs,
    )  # fmt: skip


def export_all_saved_models(estimator, export_dir_base, input_receiver_fn_map, assets_extra=None,
                            as_text=False, checkpoint_path=None, strip_default_attrs=False):
    """The same for several modes."""
    return estimator._export_all_saved_models(
        export_dir_base, input_receiver_fn_map, assets_extra, as_text, checkpoint_path,
        strip_default_attrs,
    )  # fmt: skip
