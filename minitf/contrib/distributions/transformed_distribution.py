"""`tf.contrib.distributions.TransformedDistribution`."""
import functools
import operator

from minitf.contrib.distributions.bijectors.identity import Identity
from minitf.contrib.distributions.util import all_of, pick_vector, stated_shape
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import dimension_value
from minitf.distributions.distribution import Distribution
from minitf.ops.array.basics import broadcast_static_shape, ones_like, rank, reshape, size, zeros
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.padding import tile
from minitf.ops.array.rearrange import where_v2
from minitf.ops.array.sequences import range as numbers
from minitf.ops.control_flow.check import assert_equal, assert_positive
from minitf.ops.control_flow.check_static import assert_rank
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import cast, exp, logical_and, logical_not
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.reduce import reduce_logsumexp, reduce_prod, reduce_sum


class TransformedDistribution(Distribution):
    """What a `bijector` makes of samples of another `distribution`.

    Of a distribution of scalars `event_shape` makes one of as many independent ones, and of a
    single one `batch_shape` makes a batch. ValueError where it is not, or for shapes that have
    elements that are not positive.
    """

    def __init__(
        self,
        distribution,
        bijector=None,
        batch_shape=None,
        event_shape=None,
        validate_args=False,
        name=None,
    ):
        parameters = dict(locals())
        name = name or ("" if bijector is None else bijector.name) + distribution.name
        with name_scope(name, values=[event_shape, batch_shape]) as name:
            self._empty = constant([], dtype=int32, name="empty")
            bijector = bijector or Identity(validate_args=validate_args)
            self._new_batch = self._shape_given(batch_shape, distribution.is_scalar_batch(),
                                                validate_args, "batch_shape")  # fmt: skip
            self._new_event = self._shape_given(event_shape, distribution.is_scalar_event(),
                                                validate_args, "event_shape")  # fmt: skip
            self._is_new_batch = size(self._new_batch) > 0
            self._is_new_event = size(self._new_event) > 0
            # Samples of a batch get their event's axes in front: these have to be turned back.
            self._turns = all_of(self._is_new_event, logical_not(self._is_new_batch),
                                 logical_not(distribution.is_scalar_batch()))  # fmt: skip
            ndims = size(self._new_event)
            self._turned_ndims = where_v2(self._turns, ndims, 0)
            self._event_axes = numbers(self._turned_ndims - ndims, self._turned_ndims)
        self._distribution, self._bijector = distribution, bijector
        super().__init__(distribution.dtype, distribution.reparameterization_type, validate_args,
                         distribution.allow_nan_stats, parameters,
                         [*distribution._graph_parents, *bijector.graph_parents], name)

    @property
    def distribution(self):
        """The other."""
        return self._distribution

    @property
    def bijector(self):
        """What its samples go through."""
        return self._bijector

    # -- shapes ------------------------------------------------------------------------------

    def _shape_given(self, sizes, is_scalar, validate_args, name):
        sizes = convert_to_tensor([] if sizes is None else sizes, dtype=int32, name=name)
        if sizes.shape.ndims not in (None, 1):
            raise ValueError("shape override must be a vector")
        known, checks = constant_value(sizes), []
        if known is None:
            said = "shape override must be a vector"
            checks += [assert_rank(sizes, 1, message=said)] if sizes.shape.ndims is None else []
            said = "shape override must have positive elements"
            checks += [assert_positive(sizes, message=said)]
        elif (known <= 0).any():
            raise ValueError("shape override must have positive elements")
        elif not known.size:
            return self._empty
        one_of_many = logical_and(logical_not(is_scalar), size(sizes) > 0)
        if constant_value(one_of_many):
            raise ValueError("base distribution not scalar")
        if constant_value(one_of_many) is None:
            said = "base distribution not scalar"
            checks += [assert_equal(one_of_many, False, message=said)]
        return with_dependencies(checks, sizes) if validate_args and checks else sizes

    def _batch_shape_tensor(self):
        own = self.distribution.batch_shape_tensor()
        return pick_vector(self._is_new_batch, self._new_batch, own)

    def _batch_shape(self):
        return _either_shape(self._new_batch, self.distribution.batch_shape)

    def _event_shape_tensor(self):
        own = self.distribution.event_shape_tensor()
        sizes = pick_vector(self._is_new_event, self._new_event, own)
        return self.bijector.forward_event_shape_tensor(sizes)

    def _event_shape(self):
        own = _either_shape(self._new_event, self.distribution.event_shape)
        return self.bijector.forward_event_shape(own)

    def _event_ndims(self):
        """How many axes an event has: a number, or a tensor where it is not known."""
        if self.event_shape.ndims is not None:
            return self.event_shape.ndims
        count = size(self.event_shape_tensor())
        known = constant_value(count)
        return count if known is None else int(known)

    @property
    def _may_be_new_event(self):
        known = constant_value(self._is_new_event)
        return known is None or bool(known)

    # -- samples -----------------------------------------------------------------------------

    def _sample_n(self, n, seed=None, bijector_kwargs=None, distribution_kwargs=None):
        sizes = concat([pick_vector(self._turns, self._empty, [n]), self._new_batch,
                        self._new_event, pick_vector(self._turns, [n], self._empty)], 0)
        x = self.distribution.sample(sizes, seed=seed, **(distribution_kwargs or {}))
        return self._turned(x, self._turned_ndims)

    def _sampled(self, samples, bijector_kwargs=None, distribution_kwargs=None):
        return self.bijector.forward(samples, **(bijector_kwargs or {}))

    def _turned(self, x, cut):
        """x with its first `cut` axes at the end."""
        if constant_value(self._turns) is not None and not constant_value(self._turns):
            return x
        return transpose(x, concat([numbers(cut, rank(x)), numbers(0, cut)], 0))

    # -- probabilities -----------------------------------------------------------------------

    def _log_prob(self, y, bijector_kwargs=None, distribution_kwargs=None):
        found = [
            self._of_event("log_prob", reduce_sum, x, distribution_kwargs, log_det)
            for x, log_det in self._fibres(y, bijector_kwargs)
        ]
        found = found[0] if len(found) == 1 else reduce_logsumexp(stack(found), axis=0)
        return self._of_batch(found, y)

    def _prob(self, y, bijector_kwargs=None, distribution_kwargs=None):
        found = [
            self._of_event("prob", reduce_prod, x, distribution_kwargs, log_det)
            for x, log_det in self._fibres(y, bijector_kwargs)
        ]
        return self._of_batch(functools.reduce(operator.add, found), y)

    def _fibres(self, y, bijector_kwargs):
        """Each x that becomes y, with the logarithm of how it is stretched."""
        given = bijector_kwargs or {}
        x = self.bijector.inverse(y, **given)
        log_det = self.bijector.inverse_log_det_jacobian(y, self._event_ndims(), **given)
        return [(x, log_det)] if self.bijector._is_injective else list(zip(x, log_det))

    def _of_event(self, what, reduce, x, given, log_det):
        """The (logarithm of the) probability of x, over the axes of an event, and of y."""
        x = self._turned(x, rank(x) - self._turned_ndims)
        found = getattr(self.distribution, what)(x, **(given or {}))
        if self._may_be_new_event:
            found = reduce(found, self._event_axes)
        log_det = cast(log_det, found.dtype)
        return found + log_det if what == "log_prob" else found * exp(log_det)

    def _of_batch(self, found, y):
        ndims = self._event_ndims()
        if self._may_be_new_event and isinstance(ndims, int):
            lead = y.shape.with_rank_at_least(1)[:-ndims]
            found.set_shape(broadcast_static_shape(lead, self.batch_shape))
        return found

    def _log_cdf(self, y, bijector_kwargs=None, distribution_kwargs=None):
        return self._of_x("log_cdf", y, bijector_kwargs, distribution_kwargs)

    def _cdf(self, y, bijector_kwargs=None, distribution_kwargs=None):
        return self._of_x("cdf", y, bijector_kwargs, distribution_kwargs)

    def _log_survival_function(self, y, bijector_kwargs=None, distribution_kwargs=None):
        return self._of_x("log_survival_function", y, bijector_kwargs, distribution_kwargs)

    def _survival_function(self, y, bijector_kwargs=None, distribution_kwargs=None):
        return self._of_x("survival_function", y, bijector_kwargs, distribution_kwargs)

    def _of_x(self, what, y, bijector_kwargs, distribution_kwargs):
        self._check_of_scalars(what)
        x = self.bijector.inverse(y, **(bijector_kwargs or {}))
        return getattr(self.distribution, what)(x, **(distribution_kwargs or {}))

    def _quantile(self, value, bijector_kwargs=None, distribution_kwargs=None):
        self._check_of_scalars("quantile")
        x = self.distribution.quantile(value, **(distribution_kwargs or {}))
        return self.bijector.forward(x, **(bijector_kwargs or {}))

    def _check_of_scalars(self, what):
        if self._may_be_new_event:
            raise NotImplementedError(f"{what} is not implemented when overriding event_shape")
        if not self.bijector._is_injective:
            raise NotImplementedError(
                f"{what} is not implemented when bijector is not injective."
            )

    def _entropy(self):
        if not self.bijector.is_constant_jacobian:
            raise NotImplementedError("entropy is not implemented")
        if not self.bijector._is_injective:
            raise NotImplementedError("entropy is not implemented when bijector is not injective.")
        entropy = self.distribution.entropy()
        entropy *= cast(reduce_prod(self._new_event), entropy.dtype.base_dtype)
        own = self.distribution.batch_shape_tensor()
        entropy = reshape(entropy, concat([ones_like(self._new_batch), own], 0))
        entropy = tile(entropy, concat([self._new_batch, ones_like(own)], 0))
        sizes = concat([self.batch_shape_tensor(), self.event_shape_tensor()], 0)
        somewhere = zeros(sizes, dtype=self.dtype)
        log_det = self.bijector.inverse_log_det_jacobian(somewhere, self._event_ndims())
        entropy -= cast(log_det, entropy.dtype)
        entropy.set_shape(self.batch_shape)
        return entropy


def _either_shape(given, own):
    """The shape that was given, else the distribution's own, as far as it is known."""
    return own if dimension_value(given.shape.with_rank(1)[0]) == 0 else stated_shape(given)
