"""`tensorflow.python.training.evaluation`: what programs that evaluate checkpoints take from it."""
from __future__ import annotations

from typing import Any

import minitf as tf
from minitf.contrib.training import StopAfterNEvalsHook as _StopAfterNEvalsHook  # noqa: F401
from minitf.contrib.training import evaluate_once as _evaluate_once  # noqa: F401
from minitf.contrib.training import get_or_create_eval_step as _get_or_create_eval_step


def _get_latest_eval_step_value(update_ops: Any) -> tf.Tensor:
    """How many evaluations there have been, once `update_ops`, a list or by names, have run."""
    if isinstance(update_ops, dict):
        update_ops = list(update_ops.values())
    with tf.control_dependencies(update_ops):
        return tf.identity(_get_or_create_eval_step().read_value())
