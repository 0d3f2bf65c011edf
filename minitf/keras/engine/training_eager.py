"""Batches of a model whose layers are called with values: `compile(run_eagerly=True)`."""
import numpy as np

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.backend.functions import evaluated
from minitf.keras.callbacks import PREDICT, TRAIN

nest = tf.nest


def function(model, mode):
    """What takes a batch as a function of the graph does: a list of inputs, targets and weights."""
    step = _predictions if mode == PREDICT else _results

    def of_batch(values):
        values = evaluated(K.get_session(), values)
        with K.outside_graph(), K.learning_phase_scope(int(mode == TRAIN)):
            return [each.numpy() for each in step(model, values, mode == TRAIN)]

    return of_batch


def _predictions(model, values, training):
    """The outputs for inputs, as a list."""
    tensors = [_as(value, x.dtype) for value, x in zip(values, model._feed_inputs)]
    kwargs = {"training": training} if model._expects_training_arg else {}
    return nest.flatten(model(model._structured(tensors), **kwargs))


def _results(model, values, training):
    """The loss and the results of all metrics; with `training` a step is made."""
    state = model._get_trainable_state()
    model._set_trainable_state(model._compiled_trainable_state)
    with tf.GradientTape() as tape:
        outputs = _predictions(model, values, training)
        targets = _targets(model, outputs, values[len(model._feed_inputs) :])
        loss = model._total_loss(targets)
    if training:
        _apply(model, tape, loss)
    model._set_trainable_state(state)
    model._call_metrics(model._per_output_metrics, targets)
    model._call_metrics(model._per_output_weighted_metrics, targets, weighted=True)
    called = [metric for metric in model._all_metrics() if hasattr(metric, "_call_result")]
    return [tf.convert_to_tensor(loss), *(metric.result() for metric in called)]


def _targets(model, outputs, values):
    """The endpoints with the outputs, targets and weights of a batch."""
    found, count = [], len(model._fed())
    targets, weights = iter(values[:count]), iter(values[count:])
    for endpoint, output in zip(model._training_endpoints, outputs):
        target = weight = None
        if endpoint.feedable:
            target, weight = next(targets), next(weights, None)
            floats = np.asarray(target).dtype.kind == "f"
            target = _as(target, output.dtype if floats else None)
            weight = None if weight is None else _as(weight, K.floatx())
        found.append(endpoint.of_batch(output, target, weight))
    return found


def _as(value, dtype):
    """Values of a batch as a tensor."""
    if isinstance(value, tf.SparseTensorValue):
        return tf.SparseTensor.from_value(value)
    return tf.constant(np.asarray(value), dtype)


def _apply(model, tape, loss):
    """Change the variables by the gradients of the loss."""
    variables = model._unique_trainable_weights
    if not variables:
        tf.logging.warning(
            "The list of trainable weights is empty. Make sure that you are not setting "
            "model.trainable to False before compiling the model."
        )
        return
    grads = model.optimizer._clipped(tape.gradient(loss, variables))
    model.optimizer.apply_gradients(list(zip(grads, variables)))
