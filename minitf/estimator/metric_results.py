"""The metrics of an evaluation: their nodes, and the values in event files."""
import numpy as np

from minitf import logging
from minitf.core.dtypes import string
from minitf.core.graph_keys import GraphKeys
from minitf.core.proto.tensor import make_tensor_proto
from minitf.core.proto.wire import DecodeError
from minitf.estimator.model_fn import LOSS_METRIC_KEY
from minitf.metrics.means import mean
from minitf.ops.control_flow.control import group
from minitf.summary.messages import Summary
from minitf.summary.writer import FileWriterCache


def updates_and_values(spec):
    """(an operation that updates all metrics, their values by name), with the mean of the loss."""
    metrics = spec.eval_metric_ops
    if LOSS_METRIC_KEY in metrics:
        raise ValueError(f'Metric with name "{LOSS_METRIC_KEY}" is not allowed, because Estimator '
                         "already defines a default metric with the same name.")  # fmt: skip
    metrics[LOSS_METRIC_KEY] = mean(spec.loss)
    values = {name: pair[0] for name, pair in sorted(metrics.items())}
    return group(*(pair[1] for _, pair in sorted(metrics.items()))), values


def with_step(values, step):
    """The values with that of the global step."""
    if GraphKeys.GLOBAL_STEP in values:
        raise ValueError("Metric with name `global_step` is not allowed, because Estimator already "
                         "defines a default metric with the same name.")  # fmt: skip
    return {**values, GraphKeys.GLOBAL_STEP: step}


def write(folder, results, checkpoint_path):
    """Write them, and which checkpoint they are of, into an event file."""
    step = results[GraphKeys.GLOBAL_STEP]
    logging.info("Saving dict for global step %d: %s", step, _text(results))
    writer, summary = FileWriterCache.get(folder), Summary()
    for name, value in results.items():
        if value is not None and name != GraphKeys.GLOBAL_STEP:
            _add(summary, name, value)
    writer.add_summary(summary, step)
    if checkpoint_path:
        logging.info("Saving '%s' summary for global step %d: %s", "checkpoint_path", step,
                     checkpoint_path)  # fmt: skip
        path = make_tensor_proto(checkpoint_path, dtype=string)
        value = Summary.Value(tag="checkpoint_path", tensor=path)
        writer.add_summary(Summary(value=[value]), step)
    writer.flush()


def _text(results):
    return ", ".join(f"{name} = {value!s}" for name, value in sorted(results.items())
                     if not isinstance(value, bytes))  # fmt: skip


def _add(summary, name, value):
    if isinstance(value, (np.float32, float, np.int64, np.int32, int)):
        summary.value.add(tag=name, simple_value=float(value))
    elif isinstance(value, bytes):
        _add_summaries(summary, name, value)
    elif isinstance(value, np.ndarray):
        summary.value.add(tag=name, node_name=name, tensor=make_tensor_proto(value))
        logging.info(
            "Summary for np.ndarray is not visible in Tensorboard by default. Consider using a "
            "Tensorboard plugin for visualization (see https://github.com/tensorflow/"
            "tensorboard-plugin-example/blob/master/README.md for more information)."
        )
    else:
        logging.warning(
            "Skipping summary for %s, must be a float, np.float32, np.int64, np.int32 or int or "
            "np.ndarray or a serialized string of Summary.", name,
        )  # fmt: skip


def _add_summaries(summary, name, value):
    """Those of a serialized Summary, numbered."""
    try:
        found = Summary.FromString(value).value
    except DecodeError:
        logging.warning("Skipping summary for %s, cannot parse string to Summary.", name)
        return
    for number, each in enumerate(found):
        each.tag = f"{name}/{number}"
    summary.value.extend(found)
