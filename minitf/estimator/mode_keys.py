"""tf.estimator.ModeKeys: what a model function is called for."""


class ModeKeys:
    """Training, evaluation, or prediction."""

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"
