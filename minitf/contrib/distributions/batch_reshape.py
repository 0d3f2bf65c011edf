"""`tf.contrib.distributions.BatchReshape`."""
import functools

import numpy as np

from minitf.contrib.distributions.util import stated_shape
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape
from minitf.distributions.distribution import Distribution
from minitf.ops.array.basics import fill, identity, rank, reshape, shape, size
from minitf.ops.array.joining import concat
from minitf.ops.array.rearrange import where_v2
from minitf.ops.control_flow.check import (
    assert_equal,
    assert_less_equal,
    assert_non_negative,
    assert_positive,
)
from minitf.ops.control_flow.check_static import assert_rank
from minitf.ops.math.elementwise import cast, equal, maximum
from minitf.ops.reduction.reduce import reduce_prod, reduce_sum


class BatchReshape(Distribution):
    """Another distribution with its batch in the shape `batch_shape`, which may have one -1.

    Values are not broadcast: NotImplementedError for those of another shape. ValueError for a batch
    of another size; `validate_args` lets that raise in the run which is not known before.
    """

    def __init__(
        self, distribution, batch_shape, validate_args=False, allow_nan_stats=True, name=None
    ):
        parameters = dict(locals())
        self._distribution = distribution
        with name_scope(name or "BatchReshape" + distribution.name, values=[batch_shape]) as name:
            self._given = convert_to_tensor(batch_shape, dtype=int32, name="batch_shape")
            _check_size(distribution, self._given)
            own = distribution.batch_shape_tensor()
            self._new_shape = _whole_shape(self._given, reduce_prod(own))
            self._runtime_assertions = []
            known = distribution.batch_shape.is_fully_defined()
            if validate_args and not (known and constant_value(self._given) is not None):
                self._runtime_assertions = self._checks(own)
            super().__init__(distribution.dtype, distribution.reparameterization_type,
                             validate_args, allow_nan_stats, parameters,
                             [self._given, *distribution._graph_parents], name)  # fmt: skip

    @property
    def distribution(self):
        """The other."""
        return self._distribution

    def _checks(self, own):
        unknown = reduce_sum(cast(equal(self._given, -1), int32))
        sizes = reduce_prod(self._new_shape), reduce_prod(own)
        return [
            assert_rank(self._given, 1, message="New shape must be a vector."),
            assert_less_equal(unknown, 1, message="At most one dimension can be unknown."),
            assert_positive(self._new_shape, message="Shape elements must be >=-1."),
            assert_equal(*sizes, message="Shape sizes do not match."),
        ]

    def _batch_shape_tensor(self):
        with control_dependencies(self._runtime_assertions):
            return identity(self._new_shape)

    def _batch_shape(self):
        return stated_shape(self._given).merge_with(stated_shape(self._new_shape))

    def _event_shape_tensor(self):
        with control_dependencies(self._runtime_assertions):
            return identity(self.distribution.event_shape_tensor())

    def _event_shape(self):
        return self.distribution.event_shape

    def _sample_n(self, n, seed=None):
        with control_dependencies(self._runtime_assertions):
            x = self.distribution.sample(n, seed=seed)
            sizes = [[n], self._new_shape, self.distribution.event_shape_tensor()]
            return reshape(x, concat(sizes, axis=0))

    def _log_prob(self, x):
        return self._at_reshaped("log_prob", x)

    def _prob(self, x):
        return self._at_reshaped("prob", x)

    def _log_cdf(self, x):
        return self._at_reshaped("log_cdf", x)

    def _cdf(self, x):
        return self._at_reshaped("cdf", x)

    def _log_survival_function(self, x):
        return self._at_reshaped("log_survival_function", x)

    def _survival_function(self, x):
        return self._at_reshaped("survival_function", x)

    def _entropy(self):
        return self._reshaped("entropy", [])

    def _mean(self):
        return self._reshaped("mean", [self.event_shape_tensor()])

    def _mode(self):
        return self._reshaped("mode", [self.event_shape_tensor()])

    def _stddev(self):
        return self._reshaped("stddev", [self.event_shape_tensor()])

    def _variance(self):
        return self._reshaped("variance", [self.event_shape_tensor()])

    def _covariance(self):
        return self._reshaped("covariance", [self.event_shape_tensor()] * 2)

    def _reshaped(self, what, event):
        """A statistic, each of the shape `event`."""
        with control_dependencies(self._runtime_assertions):
            found = getattr(self.distribution, what)()
            found = reshape(found, concat([self._new_shape, *event], axis=0))
            static = [self.event_shape] * len(event)
            found.set_shape(functools.reduce(TensorShape.concatenate, static, self.batch_shape))
            return found

    def _at_reshaped(self, what, x):
        inner = concat([self._new_shape, self.event_shape_tensor()], axis=0)
        sizes = shape(x)
        lead = rank(x) - size(inner)
        checks = self._runtime_assertions + self._checks_of_sample(sizes, lead, inner)
        with control_dependencies(checks):
            samples = sizes[:lead]
            own = [samples, self.distribution.batch_shape_tensor(), self.event_shape_tensor()]
            found = getattr(self.distribution, what)(reshape(x, concat(own, axis=0)))
            return reshape(found, concat([samples, self._new_shape], axis=0))

    def _checks_of_sample(self, sizes, lead, inner):
        said = "Broadcasting is not supported; {} (expected {}, saw {})."
        known = constant_value(lead)
        if known is not None and known < 0:
            raise NotImplementedError(said.format("too few batch and event dims", inner, sizes))
        expected = constant_value(inner)
        found = None if known is None else constant_value(sizes[int(known) :])
        if expected is not None and found is not None:
            if (expected != found).any():
                what = "unexpected batch and event shape"
                raise NotImplementedError(said.format(what, expected, found))
            return []
        if not self.validate_args:
            return []
        said = said.format("too few batch and event dims", "as many", "less")
        with control_dependencies([assert_non_negative(lead, message=said)]):
            last = sizes[maximum(lead, 0) :]
        said = "Broadcasting is not supported; unexpected batch and event shape."
        return [assert_equal(inner, last, message=said)]


def _whole_shape(sizes, count):
    """The shape with its -1 resolved, for so many elements."""
    known = constant_value(sizes)
    if known is not None and (known != -1).all():
        return sizes
    missing = count // maximum(1, -reduce_prod(sizes))
    return where_v2(equal(sizes, -1), fill(shape(sizes), missing), sizes)


def _check_size(distribution, sizes):
    if sizes.shape.ndims not in (None, 1):
        raise ValueError(f"`batch_shape` must be a vector (saw rank: {sizes.shape.ndims}).")
    known, count = constant_value(sizes), distribution.batch_shape.num_elements()
    if known is None:
        return
    if (known < -1).any() or (known == 0).any():
        raise ValueError("`batch_shape` elements must be >=-1.")
    rest = int(np.prod(known[known != -1]))
    fits = rest == count if (known != -1).all() else count is None or count % rest == 0
    if count is not None and not fits:
        raise ValueError(f"`batch_shape` size ({rest}) must match `distribution.batch_shape` size "
                         f"({count}).")  # fmt: skip
