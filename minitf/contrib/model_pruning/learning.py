"""`tf.contrib.model_pruning.train`: slim's loop of training, which also updates the masks."""
from inspect import Parameter

from minitf.contrib.slim import learning
from minitf.core.arguments import takes


@takes(
    learning.train,
    without=["session_wrapper", "ignore_live_threads"],
    before={"train_step_fn": {"mask_update_op": Parameter.empty}},
)
def train(mask_update_op, train_step_fn, **given):
    """`slim.learning.train` that runs `mask_update_op` after each step; returns the last loss."""

    def step_and_masks(sess, *arguments):
        found = train_step_fn(sess, *arguments)
        sess.run(mask_update_op)
        return found

    return learning.train(train_step_fn=step_and_masks, **given)
