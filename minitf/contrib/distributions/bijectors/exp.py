"""`tf.contrib.distributions.bijectors.Exp`."""
from minitf.contrib.distributions.bijectors.power_transform import PowerTransform


class Exp(PowerTransform):
    """y = exp(x). `validate_args` lets a y that is not positive raise in the run."""

    def __init__(self, validate_args=False, name="exp"):
        super().__init__(validate_args=validate_args, name=name)
