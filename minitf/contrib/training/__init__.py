"""`tf.contrib.training`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.training.bucket import bucket, bucket_by_sequence_length
from minitf.contrib.training.evaluation import (
    StopAfterNEvalsHook,
    SummaryAtEndHook,
    checkpoints_iterator,
    evaluate_once,
    evaluate_repeatedly,
    get_or_create_eval_step,
    wait_for_new_checkpoint,
)
from minitf.contrib.training.hparam import HParams, parse_values
from minitf.contrib.training.training import (
    add_gradients_summaries,
    clip_gradient_norms,
    clip_gradient_norms_fn,
    create_train_op,
    multiply_gradients,
    train,
)
