"""`tf.distributions.Exponential`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.distributions.gamma import Gamma
from minitf.ops.array.basics import ones, shape
from minitf.ops.array.joining import concat
from minitf.ops.math.elementwise import log
from minitf.ops.random.draws import random_uniform


class Exponential(Gamma):
    """The exponential distributions of a `rate`: gamma distributions of concentration 1.

    `validate_args` lets rates and values that are not positive raise in the run.
    """

    PARAMETERS = ("rate",)

    def __init__(self, rate, validate_args=False, allow_nan_stats=True, name="Exponential"):
        parameters = dict(locals())
        with name_scope(name, values=[rate]) as name:
            rate = convert_to_tensor(rate, name="rate")
        super().__init__(ones([], dtype=rate.dtype), rate, validate_args, allow_nan_stats, name)
        self._parameters = parameters

    def _log_survival_function(self, value):
        return self._log_prob(value) - log(self.rate)

    def _sample_n(self, n, seed=None):
        least = np.finfo(self.dtype.as_numpy_dtype).tiny  # log(0) is infinite
        sizes = concat([[n], shape(self.rate)], 0)
        drawn = random_uniform(sizes, minval=least, maxval=1.0, seed=seed, dtype=self.dtype)
        return -log(drawn) / self.rate
