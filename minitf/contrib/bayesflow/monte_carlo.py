"""`tf.contrib.bayesflow.monte_carlo`: expectations, estimated from samples."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.nn.activation import relu
from minitf.ops.array.basics import stop_gradient
from minitf.ops.math.elementwise import exp, log
from minitf.ops.reduction.reduce import reduce_max, reduce_mean


def expectation(f, samples, log_prob=None, use_reparametrization=True, axis=0, keep_dims=False,
                name=None):  # fmt: skip
    """The mean of f(samples) over the axes.

    Its gradient is that of an expectation, too: by way of the samples, or, where these have no
    gradient, by that of their log-probability. ValueError for functions that are none.
    """
    with name_scope(name, "expectation", [samples]):
        if not callable(f):
            raise ValueError("`f` must be a callable function.")
        if use_reparametrization:
            return reduce_mean(f(samples), axis=axis, keepdims=keep_dims)
        if not callable(log_prob):
            raise ValueError("`log_prob` must be a callable function.")
        x = stop_gradient(samples)
        log_p, value = log_prob(x), f(x)
        # Adds 0, whose gradient is f(x) times that of the log-probability.
        value += stop_gradient(value) * (log_p - stop_gradient(log_p))
        return reduce_mean(value, axis=axis, keepdims=keep_dims)


def expectation_importance_sampler(f, log_p, sampling_dist_q, z=None, n=None, seed=None,
                                   name="expectation_importance_sampler"):
    """The mean of f(z) p(z) / q(z), an estimate of E_p[f(Z)]: of samples `z` of the distribution
    q, or of `n` that are drawn. ValueError for both or none."""
    with name_scope(name, values=[z, n]):
        z = _samples(sampling_dist_q, z, n, seed)
        log_p_z, log_q_z, value = log_p(z), sampling_dist_q.log_prob(z), f(z)
        # In log-space, for each sign; 1 is added so that there is a logarithm.
        above, below = (_log_mean(log(relu(part) + 1.0) + log_p_z - log_q_z)
                        for part in (value, -1.0 * value))  # fmt: skip
    return exp(above) - exp(below)


def expectation_importance_sampler_logspace(log_f, log_p, sampling_dist_q, z=None, n=None,
                                            seed=None,
                                            name="expectation_importance_sampler_logspace"):
    """The logarithm of the mean of exp(log_f(z)) p(z) / q(z), as
    `expectation_importance_sampler`."""
    with name_scope(name, values=[z, n]):
        z = _samples(sampling_dist_q, z, n, seed)
        return _log_mean(log_f(z) + log_p(z) - sampling_dist_q.log_prob(z))


def _log_mean(log_values):
    """The logarithm of the mean of exp(log_values), none of which overflows."""
    center = stop_gradient(reduce_max(log_values, axis=[0]))
    return log(reduce_mean(exp(log_values - center), axis=[0])) + center


def _samples(distribution, z, n, seed):
    with name_scope("get_samples", values=[z, n]):
        if (n is None) == (z is None):
            raise ValueError('Must specify exactly one of arguments "n" and "z".  Found: '
                             f"n = {n}, z = {z}")  # fmt: skip
        return convert_to_tensor(z, name="z") if n is None else distribution.sample(n, seed=seed)
