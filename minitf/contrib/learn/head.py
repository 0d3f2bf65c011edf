"""The heads of tf.contrib.learn: `tf.contrib.learn.multi_class_head` and its kin."""
from minitf.contrib.learn import head_losses
from minitf.contrib.learn.estimator import ModeKeys, ModelFnOps
from minitf.contrib.learn.head_base import Head, check_mode, summarize_loss
from minitf.contrib.learn.head_kinds import (
    _BinaryLogisticHead,
    _BinarySvmHead,
    _MultiClassHead,
    _MultiLabelHead,
    _RegressionHead,
)
from minitf.contrib.learn.keys import MetricKey
from minitf.core.graph import name_scope
from minitf.ops.array.basics import identity
from minitf.ops.array.slicing import slice_
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import exp, mul
from minitf.ops.reduction.scan import add_n
from minitf.ops.state.variable_scope import variable_scope


def regression_head(label_name=None, weight_column_name=None, label_dimension=1,
                    enable_centered_bias=False, head_name=None, link_fn=None):
    """A head of `label_dimension` numbers, by squared errors; `link_fn` of logits is predicted."""
    return _RegressionHead(
        label_dimension, head_losses.mean_squared, link_fn or identity, label_name=label_name,
        weight_column_name=weight_column_name, enable_centered_bias=enable_centered_bias,
        head_name=head_name,
    )  # fmt: skip


def poisson_regression_head(label_name=None, weight_column_name=None, label_dimension=1,
                            enable_centered_bias=False, head_name=None):
    """A head of `label_dimension` counts: exp of logits, by the loss of Poisson's distribution."""
    return _RegressionHead(
        label_dimension, head_losses.poisson, exp, label_name=label_name,
        weight_column_name=weight_column_name, enable_centered_bias=enable_centered_bias,
        head_name=head_name,
    )  # fmt: skip


def multi_class_head(n_classes, label_name=None, weight_column_name=None,
                     enable_centered_bias=False, head_name=None, thresholds=None,
                     metric_class_ids=None, loss_fn=None, label_keys=None):
    """A head of one of `n_classes`: of two by one logit, of more by as many.

    Labels are numbers, or of more than two the words `label_keys`. Metrics are for `thresholds` of
    the probability, and for `metric_class_ids` of their own. ValueError for what does not fit.
    """
    if n_classes is None or n_classes < 2:
        raise ValueError(f"n_classes must be > 1 for classification: {n_classes}.")
    given = {"label_name": label_name, "weight_column_name": weight_column_name,
             "enable_centered_bias": enable_centered_bias, "head_name": head_name,
             "thresholds": thresholds, "loss_fn": _own(loss_fn)}  # fmt: skip
    if n_classes > 2:
        return _MultiClassHead(n_classes, metric_class_ids=metric_class_ids, label_keys=label_keys,
                               **given)  # fmt: skip
    if metric_class_ids:
        raise ValueError("metric_class_ids invalid for n_classes==2.")
    if label_keys:
        raise ValueError("label_keys is not supported for n_classes=2.")
    return _BinaryLogisticHead(**given)


def _own(loss_fn):
    return head_losses.of_ones_own(loss_fn) if loss_fn else None


def binary_svm_head(label_name=None, weight_column_name=None, enable_centered_bias=False,
                    head_name=None, thresholds=None):
    """A head of two classes, by the hinge loss of one logit."""
    return _BinarySvmHead(
        label_name=label_name, weight_column_name=weight_column_name,
        enable_centered_bias=enable_centered_bias, head_name=head_name, thresholds=thresholds,
    )  # fmt: skip


def multi_label_head(n_classes, label_name=None, weight_column_name=None,
                     enable_centered_bias=False, head_name=None, thresholds=None,
                     metric_class_ids=None, loss_fn=None):
    """A head of any of `n_classes`, whose labels are 0 and 1, or SparseTensors of numbers."""
    if n_classes < 2:
        raise ValueError("n_classes must be > 1 for classification.")
    return _MultiLabelHead(
        n_classes, label_name=label_name, weight_column_name=weight_column_name,
        enable_centered_bias=enable_centered_bias, head_name=head_name, thresholds=thresholds,
        metric_class_ids=metric_class_ids, loss_fn=_own(loss_fn),
    )  # fmt: skip


def no_op_train_fn(loss):
    """An Operation that does nothing, for the heads of `multi_head`."""
    return no_op()


# -- several heads --------------------------------------------------------------------------------


def loss_only_head(loss_fn, head_name=None):
    """A head that adds `loss_fn()`, a loss or a list of them, to others."""
    return _LossOnlyHead(loss_fn, head_name)


def multi_head(heads, loss_weights=None):
    """Heads that share a model, whose losses are added up, each times its weight.

    ValueError unless all have names, and as many weights.
    """
    if loss_weights and len(loss_weights) != len(heads):
        raise ValueError("heads and loss_weights must have same size")
    return _MultiHead(heads, loss_weights)


class _LossOnlyHead(Head):
    logits_dimension = 0

    def __init__(self, loss_fn, head_name=None):
        self._loss_fn, self.head_name = loss_fn, head_name or "loss_only_head"

    def create_model_fn_ops(self, features, mode, labels=None, train_op_fn=None, logits=None,
                            logits_input=None, scope=None):
        check_mode(mode)
        loss = train_op = None
        if mode != ModeKeys.INFER:
            with variable_scope(scope, self.head_name):
                loss = self._loss_fn()
                loss = add_n(loss) if isinstance(loss, list) else loss
                summarize_loss(f"{MetricKey.LOSS}/{self.head_name}", loss)
                if mode == ModeKeys.TRAIN:
                    if train_op_fn is None:
                        raise ValueError("train_op_fn can not be None in TRAIN mode")
                    with name_scope(None, "train_op", [loss]):
                        train_op = train_op_fn(loss)
        return ModelFnOps(mode, {}, loss, train_op, {})


class _MultiHead(Head):
    def __init__(self, heads, loss_weights):
        if not all(head.head_name for head in heads):
            raise ValueError("Members of MultiHead must have names.")
        self._heads, self._loss_weights = heads, loss_weights

    logits_dimension = property(lambda self: sum(head.logits_dimension for head in self._heads))

    def create_model_fn_ops(self, features, mode, labels=None, train_op_fn=None, logits=None,
                            logits_input=None, scope=None):
        check_mode(mode)
        made = [
            head.create_model_fn_ops(features, mode, labels, no_op_train_fn, of_head, logits_input,
                                     scope)
            for head, of_head in zip(self._heads, self._logits(logits))
        ]  # fmt: skip
        named = {head.head_name: ops for head, ops in zip(self._heads, made)
                 if not isinstance(head, _LossOnlyHead)}  # fmt: skip
        predictions = {(name, key): value for name, ops in named.items()
                       for key, value in ops.predictions.items()}  # fmt: skip
        if mode == ModeKeys.INFER:
            outputs = {name: ops.output_alternatives[name] for name, ops in named.items()}
            return ModelFnOps(mode, predictions, output_alternatives=outputs)
        found = {key: pair for ops in made for key, pair in ops.eval_metric_ops.items()}
        loss = self._merged([ops.loss for ops in made])
        if mode == ModeKeys.EVAL:
            return ModelFnOps(mode, predictions, loss, eval_metric_ops=found)
        if train_op_fn is None:
            raise ValueError("train_op_fn can not be None in TRAIN mode.")
        step = group(train_op_fn(loss), *[ops.train_op for ops in made])
        return ModelFnOps(mode, None, loss, step, found)

    def _logits(self, logits):
        """Those of each head."""
        if logits is None:
            return [None] * len(self._heads)
        if isinstance(logits, dict):
            return [logits.get(head.head_name) if isinstance(head, _LossOnlyHead)
                    else logits[head.head_name] for head in self._heads]  # fmt: skip
        parts, start = [], 0
        for head in self._heads:
            parts.append(slice_(logits, [0, start], [-1, head.logits_dimension]))
            start += head.logits_dimension
        return parts

    def _merged(self, losses):
        if self._loss_weights:
            losses = [mul(loss, weight) for loss, weight in zip(losses, self._loss_weights)]
        return add_n(losses)
