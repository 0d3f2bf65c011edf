"""`tf.contrib.distributions.MixtureSameFamily`."""
from minitf.contrib.distributions.util import padded_for_mixture, pick_vector
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.tensor_shape import dimension_value
from minitf.distributions.distribution import NOT_REPARAMETERIZED, Distribution
from minitf.nn.activation import log_softmax
from minitf.ops.array.basics import rank, reshape, shape, size
from minitf.ops.array.joining import concat
from minitf.ops.array.one_hot import one_hot
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.math.elementwise import squared_difference
from minitf.ops.random.draws import salted
from minitf.ops.reduction.reduce import reduce_logsumexp, reduce_sum


class MixtureSameFamily(Distribution):
    """Each sample is one of a component that `mixture_distribution`, a Categorical, chooses: the
    components are the last axis of the batch of `components_distribution`.

    ValueError for distributions that do not fit; `validate_args` lets those raise in the run of
    which this is not known before.
    """

    def __init__(
        self,
        mixture_distribution,
        components_distribution,
        validate_args=False,
        allow_nan_stats=True,
        name="MixtureSameFamily",
    ):
        parameters = dict(locals())
        self._mixture_distribution = mixture_distribution
        self._components_distribution = components_distribution
        with name_scope(name) as name:
            self._event_ndims = size(components_distribution.event_shape_tensor())
            _check(mixture_distribution, components_distribution)
            self._num_components = shape(mixture_distribution.logits)[-1]
            self._runtime_assertions = self._checks() if validate_args else []
            parents = [*mixture_distribution._graph_parents,
                       *components_distribution._graph_parents]  # fmt: skip
            super().__init__(components_distribution.dtype, NOT_REPARAMETERIZED, validate_args,
                             allow_nan_stats, parameters, parents, name)  # fmt: skip

    @property
    def mixture_distribution(self):
        """What chooses."""
        return self._mixture_distribution

    @property
    def components_distribution(self):
        """What is chosen from."""
        return self._components_distribution

    def _checks(self):
        of_components = self.components_distribution.batch_shape_tensor()
        of_mixture = pick_vector(self.mixture_distribution.is_scalar_batch(), of_components[:-1],
                                 self.mixture_distribution.batch_shape_tensor())  # fmt: skip
        return [
            assert_equal(of_mixture, of_components[:-1], message="`mixture_distribution.batch_shape"
                         "` is not compatible with `components_distribution.batch_shape`"),
            assert_equal(self._num_components, of_components[-1], message="`mixture_distribution "
                         "components` does not equal `components_distribution.batch_shape[-1:]`"),
        ]  # fmt: skip

    def _batch_shape_tensor(self):
        with control_dependencies(self._runtime_assertions):
            return self.components_distribution.batch_shape_tensor()[:-1]

    def _batch_shape(self):
        return self.components_distribution.batch_shape.with_rank_at_least(1)[:-1]

    def _event_shape_tensor(self):
        with control_dependencies(self._runtime_assertions):
            return self.components_distribution.event_shape_tensor()

    def _event_shape(self):
        return self.components_distribution.event_shape

    def _sample_n(self, n, seed=None):
        with control_dependencies(self._runtime_assertions):
            x = self.components_distribution.sample(n, seed=seed)
            seed = salted(seed, "mixture_same_family")
            chosen = self.mixture_distribution.sample(n, seed=seed)
            return self._total(one_hot(chosen, self._num_components, dtype=x.dtype), x)

    def _total(self, weights, x):
        """The weighted sum over the components."""
        weights = padded_for_mixture(weights, self, self.mixture_distribution,
                                     self.event_shape.ndims)  # fmt: skip
        return reduce_sum(weights * x, axis=-1 - self._event_ndims)

    def _log_prob(self, x):
        return self._log_total("log_prob", x)

    def _log_cdf(self, x):
        return self._log_total("log_cdf", x)

    def _log_total(self, what, x):
        with control_dependencies(self._runtime_assertions):
            found = getattr(self.components_distribution, what)(self._for_each(x))
            weights = log_softmax(self.mixture_distribution.logits, axis=-1)
            return reduce_logsumexp(found + weights, axis=-1)

    def _for_each(self, x):
        """x with an axis for the components."""
        with name_scope("pad_sample_dims", values=[x]):
            cut = rank(x) - self._event_ndims
            return reshape(x, concat([shape(x)[:cut], [1], shape(x)[cut:]], axis=0))

    def _mean(self):
        with control_dependencies(self._runtime_assertions):
            return self._total(self.mixture_distribution.probs, self.components_distribution.mean())

    def _variance(self):
        with control_dependencies(self._runtime_assertions):
            apart = squared_difference(self.components_distribution.mean(),
                                       self._for_each(self._mean()))  # fmt: skip
            inside = self.components_distribution.variance()
            return self._total(self.mixture_distribution.probs, inside + apart)

    def _covariance(self):
        if self.event_shape.ndims != 1:
            raise NotImplementedError("covariance is not implemented")
        with control_dependencies(self._runtime_assertions):
            weights = padded_for_mixture(self.mixture_distribution.probs, self,
                                         self.mixture_distribution, 2)  # fmt: skip
            apart = self.components_distribution.mean() - self._for_each(self._mean())
            pairs = apart[..., None, :] * apart[..., None]
            inside = self.components_distribution.covariance()
            return reduce_sum(weights * (inside + pairs), axis=-3)


def _check(mixture, components):
    if not mixture.dtype.is_integer:
        raise ValueError(f"`mixture_distribution.dtype` ({mixture.dtype.name}) is not over "
                         "integers")  # fmt: skip
    if mixture.event_shape.ndims not in (None, 0):
        raise ValueError("`mixture_distribution` must have scalar `event_dim`s")
    own, theirs = mixture.batch_shape, components.batch_shape.with_rank_at_least(1)
    known = own.is_fully_defined() and theirs[:-1].is_fully_defined()
    if known and own.ndims and own != theirs[:-1]:
        raise ValueError(f"`mixture_distribution.batch_shape` (`{own.as_list()}`) is not "
                         "compatible with `components_distribution.batch_shape` "
                         f"(`{theirs[:-1].as_list()}`)")  # fmt: skip
    count = dimension_value(mixture.logits.shape.with_rank_at_least(1)[-1])
    others = dimension_value(theirs[-1])
    if None not in (count, others) and count != others:
        raise ValueError(f"`mixture_distribution components` ({count}) does not equal "
                         f"`components_distribution.batch_shape[-1]` ({others})")  # fmt: skip
