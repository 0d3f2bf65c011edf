"""`tf.estimator`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.estimator import experimental, export, inputs
from minitf.estimator.canned.baseline import (
    BaselineClassifier,
    BaselineEstimator,
    BaselineRegressor,
)
from minitf.estimator.canned.boosted_trees.estimators import (
    BoostedTreesClassifier,
    BoostedTreesEstimator,
    BoostedTreesRegressor,
)
from minitf.estimator.canned.combined import (
    DNNLinearCombinedClassifier,
    DNNLinearCombinedEstimator,
    DNNLinearCombinedRegressor,
)
from minitf.estimator.canned.dnn import DNNClassifier, DNNEstimator, DNNRegressor
from minitf.estimator.canned.linear import LinearClassifier, LinearEstimator, LinearRegressor
from minitf.estimator.checks import WarmStartSettings
from minitf.estimator.estimator import Estimator
from minitf.estimator.exporter import BestExporter, Exporter, FinalExporter, LatestExporter
from minitf.estimator.extenders import add_metrics
from minitf.estimator.mode_keys import ModeKeys
from minitf.estimator.model_fn import EstimatorSpec
from minitf.estimator.parsing import (
    classifier_parse_example_spec,
    regressor_parse_example_spec,
)
from minitf.estimator.run_config import RunConfig
from minitf.estimator.training import EvalSpec, TrainSpec, train_and_evaluate
from minitf.train.basic_session_run_hooks import (
    FeedFnHook,
    FinalOpsHook,
    GlobalStepWaiterHook,
    LoggingTensorHook,
    NanLossDuringTrainingError,
    NanTensorHook,
    StopAtStepHook,
)
from minitf.train.hook_timer import SecondOrStepTimer
from minitf.train.saving_hooks import (
    CheckpointSaverHook,
    CheckpointSaverListener,
    ProfilerHook,
    StepCounterHook,
    SummarySaverHook,
)
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.warm_starting import VocabInfo

# These have metrics of Keras: imported when they are asked for.
_HEADS = {
    "Head": "base", "RegressionHead": "regression", "PoissonRegressionHead": "regression",
    "LogisticRegressionHead": "regression", "BinaryClassHead": "classes",
    "MultiClassHead": "classes", "MultiLabelHead": "classes", "MultiHead": "multi",
}  # fmt: skip


def __getattr__(name):
    if name == "tpu":
        return missing.importlib.import_module("minitf.contrib.tpu")
    if name in _HEADS:
        place = f"minitf.estimator.head.{_HEADS[name]}"
        return getattr(missing.importlib.import_module(place), name)
    raise AttributeError(f"module 'minitf.estimator' has no attribute {name!r}", name=name)


def __dir__():
    return sorted({*globals(), "tpu", *_HEADS})


missing.explain(missing.sys.modules[__name__])
