"""`tf.contrib.metrics`: names only."""
# ruff: noqa: F401, F403  every import here is a public name

from minitf.contrib.metrics.equal_thresholds import precision_recall_at_equal_thresholds
from minitf.contrib.metrics.former import *
from minitf.contrib.metrics.functions import (
    accuracy,
    aggregate_metric_map,
    aggregate_metrics,
    confusion_matrix,
)
from minitf.contrib.metrics.histogram import auc_using_histogram
from minitf.contrib.metrics.kept import streaming_concat, streaming_dynamic_auc
from minitf.contrib.metrics.moments import (
    cohen_kappa,
    count,
    streaming_covariance,
    streaming_pearson_correlation,
)
from minitf.contrib.metrics.placements import auc_with_confidence_intervals
from minitf.contrib.metrics.rates import (
    f1_score,
    precision_at_recall,
    recall_at_precision,
    streaming_curve_points,
    streaming_false_negative_rate,
    streaming_false_negative_rate_at_thresholds,
    streaming_false_negatives_at_thresholds,
    streaming_false_positive_rate,
    streaming_false_positive_rate_at_thresholds,
    streaming_false_positives_at_thresholds,
    streaming_true_negatives_at_thresholds,
    streaming_true_positives_at_thresholds,
)
from minitf.sets import set_difference, set_intersection, set_size, set_union
