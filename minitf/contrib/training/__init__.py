"""`tf.contrib.training`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.training.bucket import bucket, bucket_by_sequence_length
from minitf.contrib.training.device_setter import (
    GreedyLoadBalancingStrategy,
    RandomStrategy,
    byte_size_load_fn,
)
from minitf.contrib.training.evaluation import (
    StopAfterNEvalsHook,
    SummaryAtEndHook,
    checkpoints_iterator,
    evaluate_once,
    evaluate_repeatedly,
    get_or_create_eval_step,
    wait_for_new_checkpoint,
)
from minitf.contrib.training.feeding_queue_runner import FeedingQueueRunner
from minitf.contrib.training.hparam import HParams, parse_values
from minitf.contrib.training.resample import resample_at_rate, weighted_resample
from minitf.contrib.training.sampling_ops import rejection_sample, stratified_sample
from minitf.contrib.training.sequence_batches import batch_sequences_with_states
from minitf.contrib.training.sequence_queueing_state_saver import (
    NextQueuedSequenceBatch,
    SequenceQueueingStateSaver,
)
from minitf.contrib.training.training import (
    add_gradients_summaries,
    clip_gradient_norms,
    clip_gradient_norms_fn,
    create_train_op,
    multiply_gradients,
    train,
)
