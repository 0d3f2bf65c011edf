"""Metrics of true and false positives and negatives, over thresholds."""
from enum import Enum

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.metrics.base import Metric
from minitf.keras.utils.losses_utils import squeeze_or_expand
from minitf.keras.utils.names import to_list
from minitf.ops.reduction.weights import broadcast_weights

NEG_INF = -1e10
KINDS = ("true_positives", "true_negatives", "false_positives", "false_negatives")


def parsed_thresholds(thresholds, default=0.5):
    """Thresholds as a list. ValueError for one outside [0, 1]."""
    if thresholds is None:
        return to_list(default)
    found = to_list(thresholds)
    invalid = [t for t in found if t is None or t < 0 or t > 1]
    if invalid:
        raise ValueError(f"Threshold values must be in [0, 1]. Invalid values: {invalid}")
    return found


def update(variables, y_true, y_pred, thresholds, top_k=None, class_id=None, sample_weight=None):
    """The operation that adds, for each threshold, what a batch has of each kind in `variables`.

    Predictions outside [0, 1] raise InvalidArgumentError where operations run at once; in a graph,
    as in TensorFlow, only where ranks differ.
    """
    y_true, y_pred = tf.cast(y_true, tf.float32), tf.cast(y_pred, tf.float32)
    y_pred.shape.assert_is_compatible_with(y_true.shape)
    within = [
        tf.debugging.assert_greater_equal(y_pred, 0.0, message="predictions must be >= 0"),
        tf.debugging.assert_less_equal(y_pred, 1.0, message="predictions must be <= 1"),
    ]
    with tf.control_dependencies(within):
        y_pred, y_true, sample_weight = squeeze_or_expand(y_pred, y_true, sample_weight)
    if top_k is not None:
        y_pred = _only_top(y_pred, top_k)
    if class_id is not None:
        y_true, y_pred = y_true[..., class_id], y_pred[..., class_id]
    count = len(thresholds)
    limits = tf.reshape(tf.constant(thresholds, tf.float32), [count, 1])
    positive = tf.reshape(y_pred, [1, -1]) > limits
    true = tf.tile(tf.reshape(tf.cast(y_true, tf.bool), [1, -1]), [count, 1])
    weights = None
    if sample_weight is not None:
        weights = broadcast_weights(tf.cast(sample_weight, tf.float32), y_pred)
        weights = tf.reshape(weights, [1, -1])
    return tf.group(*[
        _added(variables[kind], both, weights) for kind, both in _matches(true, positive).items()
        if kind in variables
    ])  # fmt: skip


def _matches(true, positive):
    negative, false = tf.logical_not(positive), tf.logical_not(true)
    return {
        "true_positives": tf.logical_and(true, positive),
        "false_negatives": tf.logical_and(true, negative),
        "false_positives": tf.logical_and(false, positive),
        "true_negatives": tf.logical_and(false, negative),
    }


def _added(variable, matches, weights):
    values = tf.cast(matches, tf.float32)
    values = values if weights is None else values * weights
    return variable.assign_add(tf.reduce_sum(values, 1))


def _only_top(x, k):
    """The k largest of the last axis, all others far below."""
    _, indices = tf.nn.top_k(x, k, sorted=False)
    kept = tf.reduce_sum(tf.one_hot(indices, x.shape[-1].value, axis=-1), axis=-2)
    return x * kept + NEG_INF * (1 - kept)


class _Counting(Metric):
    """Counts of some kinds, each a variable with one element for each threshold."""

    kinds = KINDS

    def _make(self, count):
        for kind in self.kinds:
            setattr(self, kind, self.add_weight(
                kind, shape=(count,), initializer=tf.zeros_initializer))  # fmt: skip

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets and predictions."""
        return update(
            {kind: getattr(self, kind) for kind in self.kinds}, y_true, y_pred, self.thresholds,
            getattr(self, "top_k", None), getattr(self, "class_id", None), sample_weight,
        )  # fmt: skip

    def _first_alone(self, values):
        return values[0] if len(self.thresholds) == 1 else values


class _Count(_Counting):
    """The number of one kind."""

    def __init__(self, thresholds=None, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self._quietly(init_thresholds=thresholds, thresholds=parsed_thresholds(thresholds))
        self.accumulator = self.add_weight(
            "accumulator", shape=(len(self.thresholds),), initializer=tf.zeros_initializer
        )
        self._quietly(**{self.kinds[0]: self.accumulator})

    def result(self):
        return tf.convert_to_tensor(self._first_alone(self.accumulator))

    def get_config(self):
        return super().get_config() | {"thresholds": self.init_thresholds}


class FalsePositives(_Count):
    """How many predictions are above a threshold whose targets are false."""

    kinds = ("false_positives",)


class FalseNegatives(_Count):
    """How many predictions are not above a threshold whose targets are true."""

    kinds = ("false_negatives",)


class TrueNegatives(_Count):
    """How many predictions are not above a threshold whose targets are false."""

    kinds = ("true_negatives",)


class TruePositives(_Count):
    """How many predictions are above a threshold whose targets are true."""

    kinds = ("true_positives",)


class _Ratio(_Counting):
    """True positives, divided by them and another kind."""

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        default = 0.5 if top_k is None else NEG_INF
        self._quietly(init_thresholds=thresholds, top_k=top_k, class_id=class_id,
                      thresholds=parsed_thresholds(thresholds, default))  # fmt: skip
        self._make(len(self.thresholds))

    def result(self):
        found, other = (getattr(self, kind) for kind in self.kinds)
        return self._first_alone(tf.div_no_nan(found, found + other))

    def get_config(self):
        own = {"thresholds": self.init_thresholds, "top_k": self.top_k, "class_id": self.class_id}
        return super().get_config() | own


class Precision(_Ratio):
    """The part of those predicted true that are."""

    kinds = ("true_positives", "false_positives")


class Recall(_Ratio):
    """The part of those that are true that is predicted."""

    kinds = ("true_positives", "false_negatives")


class _AtBest(_Counting):
    """One rate at the threshold where the other is nearest to a value."""

    of_value = ""

    def __init__(self, value, num_thresholds=200, name=None, dtype=None):
        if not 0 <= value <= 1:
            raise ValueError(f"`{self.of_value}` must be in the range [0, 1].")
        super().__init__(name=name, dtype=dtype)
        if num_thresholds <= 0:
            raise ValueError("`num_thresholds` must be > 0.")
        self._quietly(value=value, num_thresholds=num_thresholds)
        self._make(num_thresholds)
        inner = [(i + 1) * 1.0 / (num_thresholds - 1) for i in range(num_thresholds - 2)]
        self._quietly(thresholds=[0.5] if num_thresholds == 1 else [0.0, *inner, 1.0])

    def _rate(self, kind):
        """Sensitivity or specificity at each threshold."""
        if kind == "sensitivity":
            return tf.div_no_nan(self.true_positives, self.true_positives + self.false_negatives)
        return tf.div_no_nan(self.true_negatives, self.true_negatives + self.false_positives)

    def result(self):
        nearest = tf.argmin(tf.abs(self._rate(self.of_value) - self.value), axis=0)
        other = "sensitivity" if self.of_value == "specificity" else "specificity"
        return self._rate(other)[tf.cast(nearest, tf.int32)]

    def get_config(self):
        own = {"num_thresholds": self.num_thresholds, self.of_value: self.value}
        return super().get_config() | own


class SensitivityAtSpecificity(_AtBest):
    """The best part of the true ones that is found where that of the false ones is given."""

    of_value = "specificity"

    def __init__(self, specificity, num_thresholds=200, name=None, dtype=None):
        super().__init__(specificity, num_thresholds, name, dtype)
        self._quietly(specificity=specificity)


class SpecificityAtSensitivity(_AtBest):
    """The best part of the false ones that is found where that of the true ones is given."""

    of_value = "sensitivity"

    def __init__(self, sensitivity, num_thresholds=200, name=None, dtype=None):
        super().__init__(sensitivity, num_thresholds, name, dtype)
        self._quietly(sensitivity=sensitivity)


class AUCCurve(Enum):
    """Whose area is measured."""

    ROC = "ROC"
    PR = "PR"

    @staticmethod
    def from_str(key):
        """ValueError for another word than ROC and PR."""
        if key not in ("pr", "PR", "roc", "ROC"):
            raise ValueError(f'Invalid AUC curve value "{key}".')
        return AUCCurve(key.upper())


class AUCSummationMethod(Enum):
    """How the area is summed up."""

    INTERPOLATION = "interpolation"
    MAJORING = "majoring"
    MINORING = "minoring"

    @staticmethod
    def from_str(key):
        """ValueError for another word than interpolation, majoring and minoring."""
        if key.lower() not in ("interpolation", "majoring", "minoring"):
            raise ValueError(f'Invalid AUC summation method value "{key}".')
        return AUCSummationMethod(key.lower())


class AUC(_Counting):
    """The area under the ROC curve, or that of precision and recall ("PR"), at thresholds.

    Raises ValueError for fewer than two of these.
    """

    def __init__(
        self, num_thresholds=200, curve="ROC", summation_method="interpolation", name=None,
        dtype=None, thresholds=None,
    ):  # fmt: skip
        if thresholds is not None:
            num_thresholds, inner = len(thresholds) + 2, sorted(thresholds)
        elif num_thresholds <= 1:
            raise ValueError("`num_thresholds` must be > 1.")
        else:
            inner = [(i + 1) * 1.0 / (num_thresholds - 1) for i in range(num_thresholds - 2)]
        super().__init__(name=name, dtype=dtype)
        is_curve, is_method = isinstance(curve, Enum), isinstance(summation_method, Enum)
        self._quietly(
            num_thresholds=num_thresholds,
            thresholds=[0.0 - K.epsilon(), *inner, 1.0 + K.epsilon()],
            curve=curve if is_curve else AUCCurve.from_str(curve),
            summation_method=summation_method if is_method
            else AUCSummationMethod.from_str(summation_method),
        )  # fmt: skip
        self._make(num_thresholds)

    def result(self):
        method = self.summation_method
        if self.curve is AUCCurve.PR and method is AUCSummationMethod.INTERPOLATION:
            return self._interpolated_pr()
        tp, fp = self.true_positives, self.false_positives
        recall = tf.div_no_nan(tp, tp + self.false_negatives)
        if self.curve is AUCCurve.ROC:
            x, y = tf.div_no_nan(fp, fp + self.true_negatives), recall
        else:
            x, y = recall, tf.div_no_nan(tp, tp + fp)
        left, right = y[:-1], y[1:]
        if method is AUCSummationMethod.INTERPOLATION:
            heights = (left + right) / 2.0
        elif method is AUCSummationMethod.MINORING:
            heights = tf.minimum(left, right)
        else:
            heights = tf.maximum(left, right)
        return tf.reduce_sum((x[:-1] - x[1:]) * heights, name=self.name)

    def _interpolated_pr(self):
        """As Davis and Goadrich 2006 interpolate between points."""
        tp, p = self.true_positives, self.true_positives + self.false_positives
        gained, steps = tp[:-1] - tp[1:], p[:-1] - p[1:]
        slope = tf.div_no_nan(gained, tf.maximum(steps, 0), name="prec_slope")
        intercept = tp[1:] - slope * p[1:]
        ratio = tf.where(
            tf.logical_and(p[:-1] > 0, p[1:] > 0),
            tf.div_no_nan(p[:-1], tf.maximum(p[1:], 0), name="recall_relative_ratio"),
            tf.ones_like(p[1:]),
        )
        positives = tf.maximum(tp[1:] + self.false_negatives[1:], 0)
        areas = tf.div_no_nan(slope * (gained + intercept * tf.log(ratio)), positives)
        return tf.reduce_sum(areas, name="interpolate_pr_auc")

    def get_config(self):
        return super().get_config() | {
            "num_thresholds": self.num_thresholds,
            "curve": self.curve.value,
            "summation_method": self.summation_method.value,
            "thresholds": self.thresholds[1:-1],
        }


class MeanIoU(Metric):
    """The mean over classes of true positives / (true positives + all errors)."""

    def __init__(self, num_classes, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.num_classes = num_classes
        self.total_cm = self.add_weight(
            "total_confusion_matrix", shape=(num_classes, num_classes),
            initializer=tf.zeros_initializer, dtype=tf.float64,
        )  # fmt: skip

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Take in a batch of targets and predictions, the numbers of classes."""
        y_true, y_pred = (
            tf.reshape(tf.cast(y, self.dtype), [-1]) for y in (y_true, y_pred)
        )
        if sample_weight is not None:
            sample_weight = tf.reshape(tf.cast(sample_weight, tf.float64), [-1])
        matrix = tf.confusion_matrix(
            tf.cast(y_true, tf.int64), tf.cast(y_pred, tf.int64), self.num_classes,
            weights=sample_weight, dtype=tf.float64,
        )  # fmt: skip
        return self.total_cm.assign_add(matrix)

    def result(self):
        rows, columns = (
            tf.cast(tf.reduce_sum(self.total_cm, axis=i), self.dtype) for i in range(2)
        )
        right = tf.cast(tf.diag_part(self.total_cm), self.dtype)
        union = rows + columns - right
        valid = tf.reduce_sum(tf.cast(tf.not_equal(union, 0), self.dtype))
        return tf.div_no_nan(
            tf.reduce_sum(tf.div_no_nan(right, union), name="mean_iou"), valid
        )

    def get_config(self):
        return super().get_config() | {"num_classes": self.num_classes}
