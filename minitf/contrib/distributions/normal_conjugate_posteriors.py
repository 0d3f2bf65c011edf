"""What is known of a normal mean after observations, when the standard deviation is known."""
from minitf.distributions.normal import Normal
from minitf.ops.math.elementwise import cast, sqrt, square


def normal_conjugates_known_scale_posterior(prior, scale, s, n):
    """The Normal of the mean, of `prior` before, once `n` numbers of standard deviation `scale`
    have had the sum `s`.

    TypeError for a prior that is none, and a sum of another type.
    """
    mean, variance = _posterior(prior, scale, s, n)
    return Normal(loc=mean, scale=sqrt(variance))


def normal_conjugates_known_scale_predictive(prior, scale, s, n):
    """The Normal of the next number, when `n` of them have had the sum `s`: see
    `normal_conjugates_known_scale_posterior`."""
    mean, variance = _posterior(prior, scale, s, n)
    return Normal(loc=mean, scale=sqrt(variance + square(scale)))


def _posterior(prior, scale, s, n):
    """The mean of the mean and its variance."""
    if not isinstance(prior, Normal):
        raise TypeError("Expected prior to be an instance of type Normal")
    if s.dtype != prior.dtype:
        raise TypeError("Observation sum s.dtype does not match prior dtype: "
                        f"{s.dtype} vs. {prior.dtype}")  # fmt: skip
    n, before, each = cast(n, prior.dtype), square(prior.scale), square(scale)
    variance = 1.0 / (1 / before + n / each)
    return (prior.loc / before + s / each) * variance, variance
