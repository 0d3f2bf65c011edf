"""`tf.contrib.distributions.Deterministic` and VectorDeterministic."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.distribution import NOT_REPARAMETERIZED, Distribution
from minitf.ops.array.basics import identity, ones_like, shape, zeros, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.control_flow.check import assert_equal, assert_non_negative
from minitf.ops.control_flow.check_static import assert_rank_at_least
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import cast
from minitf.ops.math.operators import abs as magnitude
from minitf.ops.reduction.reduce import reduce_all


class _AtOnePlace(Distribution):
    """All samples are `loc`; values count as it that are within `atol` + `rtol` |loc|.

    `validate_args` lets tolerances below 0 raise in the run.
    """

    def __init__(self, loc, atol, rtol, is_vector, validate_args, allow_nan_stats, name,
                 parameters):
        with name_scope(name, values=[loc, atol, rtol]) as name:
            self._loc = convert_to_tensor(loc, name="loc")
            if is_vector and validate_args:
                check = assert_rank_at_least(
                    self._loc, 1, message="Argument loc must be at least rank 1."
                )
                self._loc = with_dependencies([check], self._loc)
            super().__init__(self._loc.dtype, NOT_REPARAMETERIZED, validate_args, allow_nan_stats,
                             parameters, [self._loc], name)  # fmt: skip
            self._atol, self._rtol = self._tolerance(atol), self._tolerance(rtol)
            relative = 0 if rtol is None else self.rtol * magnitude(self.loc)
            self._slack = self.atol if rtol is None else self.atol + relative

    @property
    def loc(self):
        """Where all samples are."""
        return self._loc

    @property
    def atol(self):
        """How far off a value may be."""
        return self._atol

    @property
    def rtol(self):
        """How far off it may be, as a part of |loc|."""
        return self._rtol

    def _tolerance(self, given):
        if given is None:
            return convert_to_tensor(0, dtype=self.loc.dtype)
        given = convert_to_tensor(given, dtype=self.loc.dtype)
        if not self.validate_args:
            return given
        said = "Argument 'tol' must be non-negative"
        return with_dependencies([assert_non_negative(given, message=said)], given)

    def _near(self, x):
        return magnitude(x - self.loc) <= self._slack

    def _sample_n(self, n, seed=None):
        return tile(self.loc[None], concat([[n], ones_like(shape(self.loc))], 0))

    def _entropy(self):
        return zeros(self.batch_shape_tensor(), dtype=self.dtype)

    def _mean(self):
        return identity(self.loc)

    def _variance(self):
        return zeros_like(self.loc)

    def _mode(self):
        return self._mean()


class Deterministic(_AtOnePlace):
    """Scalars that are all `loc`; values count as it that are within `atol` + `rtol` |loc|.

    `validate_args` lets tolerances below 0 raise in the run.
    """

    def __init__(
        self,
        loc,
        atol=None,
        rtol=None,
        validate_args=False,
        allow_nan_stats=True,
        name="Deterministic",
    ):
        super().__init__(loc, atol, rtol, False, validate_args, allow_nan_stats, name,
                         dict(locals()))  # fmt: skip

    def _batch_shape_tensor(self):
        return shape(self.loc)

    def _batch_shape(self):
        return self.loc.shape

    def _event_shape(self):
        return []

    def _prob(self, x):
        return cast(self._near(x), self.dtype)

    def _cdf(self, x):
        return cast(x >= self.loc - self._slack, self.dtype)


class VectorDeterministic(_AtOnePlace):
    """Vectors that are all `loc`; values count as it that are within `atol` + `rtol` |loc|.

    `validate_args` lets tolerances below 0 raise in the run, and values of another length.
    """

    def __init__(
        self,
        loc,
        atol=None,
        rtol=None,
        validate_args=False,
        allow_nan_stats=True,
        name="VectorDeterministic",
    ):
        super().__init__(loc, atol, rtol, True, validate_args, allow_nan_stats, name,
                         dict(locals()))  # fmt: skip

    def _batch_shape_tensor(self):
        return shape(self.loc)[:-1]

    def _batch_shape(self):
        return self.loc.shape[:-1]

    def _event_shape_tensor(self):
        return shape(self.loc)[-1:]

    def _event_shape(self):
        return self.loc.shape[-1:]

    def _prob(self, x):
        if self.validate_args:
            said = "Argument 'x' not defined in the same space R^k as this distribution"
            with control_dependencies([assert_rank_at_least(x, 1)]):
                length = shape(x)[-1:]
            check = assert_equal(self.event_shape_tensor(), length, message=said)
            x = with_dependencies([check], x)
        return cast(reduce_all(self._near(x), axis=-1), self.dtype)
