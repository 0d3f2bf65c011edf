"""`tf.contrib.distributions.Autoregressive`."""
import numpy as np

from minitf.core.graph import name_scope
from minitf.distributions.distribution import Distribution
from minitf.ops.random.draws import salted


class Autoregressive(Distribution):
    """Events whose elements each depend on those before: `distribution_fn(event)` is the
    distribution of each element given the ones before it.

    Samples are drawn anew `num_steps` times, as many as an event has elements when it is None,
    from those of `distribution_fn(sample0)`. ValueError for less than one.
    """

    def __init__(
        self,
        distribution_fn,
        sample0=None,
        num_steps=None,
        validate_args=False,
        allow_nan_stats=True,
        name="Autoregressive",
    ):
        parameters = dict(locals())
        with name_scope(name) as name:
            self._distribution_fn, self._sample0 = distribution_fn, sample0
            self._distribution0 = distribution_fn(*([] if sample0 is None else [sample0]))
            if num_steps is None:
                num_steps = self._distribution0.event_shape.num_elements()
            if num_steps is None:
                raise ValueError("distribution_fn must generate a distribution with fully known "
                                 "`event_shape`.")  # fmt: skip
            if num_steps < 1:
                raise ValueError(f"num_steps ({num_steps}) must be at least 1.")
            self._num_steps = num_steps
        first = self._distribution0
        super().__init__(first.dtype, first.reparameterization_type, validate_args,
                         allow_nan_stats, parameters, first._graph_parents, name)  # fmt: skip

    @property
    def distribution_fn(self):
        """What gives the distribution for an event."""
        return self._distribution_fn

    @property
    def sample0(self):
        """The event that sampling begins with."""
        return self._sample0

    @property
    def num_steps(self):
        """How often samples are drawn anew."""
        return self._num_steps

    @property
    def distribution0(self):
        """The distribution that sampling begins with."""
        return self._distribution0

    def _batch_shape(self):
        return self.distribution0.batch_shape

    def _batch_shape_tensor(self):
        return self.distribution0.batch_shape_tensor()

    def _event_shape(self):
        return self.distribution0.event_shape

    def _event_shape_tensor(self):
        return self.distribution0.event_shape_tensor()

    def _sample_n(self, n, seed=None):
        if seed is None:
            seed = salted(np.random.randint(2**32 - 1), "autoregressive")
        samples = self.distribution0.sample(n, seed=seed)
        for _ in range(self._num_steps):
            samples = self.distribution_fn(samples).sample(seed=seed)
        return samples

    def _log_prob(self, value):
        return self.distribution_fn(value).log_prob(value)

    def _prob(self, value):
        return self.distribution_fn(value).prob(value)
