"""`tf.contrib.distributions.ConditionalDistribution`."""
from minitf.distributions.distribution import Distribution


class ConditionalDistribution(Distribution):
    """A distribution that depends on further arguments, given by keyword at each call."""

    def sample(self, sample_shape=(), seed=None, name="sample", **condition_kwargs):
        """Samples: [*sample_shape, *batch_shape, *event_shape]."""
        return self._drawn(sample_shape, seed, name, **condition_kwargs)

    def log_prob(self, value, name="log_prob", **condition_kwargs):
        """The logarithm of the probability, or of its density, at `value`."""
        return self._at(value, name, "log_prob", **condition_kwargs)

    def prob(self, value, name="prob", **condition_kwargs):
        """The probability, or its density, at `value`."""
        return self._at(value, name, "prob", **condition_kwargs)

    def log_cdf(self, value, name="log_cdf", **condition_kwargs):
        """The logarithm of the probability of what is at most `value`."""
        return self._at(value, name, "log_cdf", **condition_kwargs)

    def cdf(self, value, name="cdf", **condition_kwargs):
        """The probability of what is at most `value`."""
        return self._at(value, name, "cdf", **condition_kwargs)

    def log_survival_function(self, value, name="log_survival_function", **condition_kwargs):
        """The logarithm of the probability of what is above `value`."""
        return self._at(value, name, "log_survival_function", **condition_kwargs)

    def survival_function(self, value, name="survival_function", **condition_kwargs):
        """The probability of what is above `value`."""
        return self._at(value, name, "survival_function", **condition_kwargs)
