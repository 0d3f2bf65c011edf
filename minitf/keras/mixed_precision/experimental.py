"""`tf.keras.mixed_precision.experimental`: minitf has no policies."""


def _none(name):
    raise NotImplementedError(
        f"tf.keras.mixed_precision.experimental.{name}: minitf has no policies of mixed precision. "
        "A layer computes in the type given as its `dtype`."
    )


class Policy:
    """Not in minitf: NotImplementedError."""

    def __init__(self, name, loss_scale=None):
        _none("Policy")


class LossScaleOptimizer:
    """Not in minitf: NotImplementedError."""

    def __init__(self, opt, loss_scale):
        _none("LossScaleOptimizer")


def global_policy():
    """None: layers have the types that they are given."""


def set_policy(policy):
    """Not in minitf: NotImplementedError."""
    _none("set_policy")
