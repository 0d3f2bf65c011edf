"""`tf.contrib.learn`: estimators from before tf.estimator, data sets and texts."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.learn import (
    datasets,
    io,
    learn_runner,
    monitors,
    ops,
    preprocessing,
    utils,
)
from minitf.contrib.learn.columns import (
    infer_real_valued_columns_from_input,
    infer_real_valued_columns_from_input_fn,
)
from minitf.contrib.learn.combined import (
    DNNLinearCombinedClassifier,
    DNNLinearCombinedEstimator,
    DNNLinearCombinedRegressor,
)
from minitf.contrib.learn.estimator import Estimator, ModeKeys, ModelFnOps, SKCompat
from minitf.contrib.learn.evaluable import Evaluable, Trainable
from minitf.contrib.learn.experiment import Experiment, ExportStrategy
from minitf.contrib.learn.export_strategy import make_export_strategy
from minitf.contrib.learn.graph_actions import evaluate, infer, run_feeds, run_n, train
from minitf.contrib.learn.head import (
    binary_svm_head,
    multi_class_head,
    multi_head,
    multi_label_head,
    no_op_train_fn,
    poisson_regression_head,
    regression_head,
)
from minitf.contrib.learn.head_base import Head
from minitf.contrib.learn.inputs import InputFnOps, build_parsing_serving_input_fn
from minitf.contrib.learn.keys import PredictionKey, ProblemType
from minitf.contrib.learn.kmeans import KMeansClustering
from minitf.contrib.learn.logistic_regressor import LogisticRegressor
from minitf.contrib.learn.metric_spec import MetricSpec
from minitf.contrib.learn.models import (
    DNNClassifier,
    DNNEstimator,
    DNNRegressor,
    LinearClassifier,
    LinearEstimator,
    LinearRegressor,
)
from minitf.contrib.learn.pandas_io import (
    extract_pandas_data,
    extract_pandas_labels,
    extract_pandas_matrix,
)
from minitf.contrib.learn.predicting import NotFittedError
from minitf.contrib.learn.records import (
    read_batch_examples,
    read_batch_features,
    read_batch_record_features,
    read_keyed_batch_examples,
    read_keyed_batch_examples_shared_queue,
    read_keyed_batch_features,
    read_keyed_batch_features_shared_queue,
)
from minitf.contrib.learn.run_config import RunConfig, TaskType
from minitf.contrib.learn.sdca import SVM
from minitf.contrib.learn.validation import GraphDump, ValidationMonitor
from minitf.train.basic_session_run_hooks import NanLossDuringTrainingError

# Written in terms of the other monitors, but found among them.
monitors.ValidationMonitor, monitors.GraphDump = ValidationMonitor, GraphDump
missing.explain(missing.sys.modules[__name__])
