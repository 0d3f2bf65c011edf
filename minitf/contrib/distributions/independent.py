"""`tf.contrib.distributions.Independent`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape
from minitf.distributions.distribution import Distribution
from minitf.distributions.kullback_leibler import RegisterKL, kl_divergence
from minitf.ops.array.basics import size
from minitf.ops.array.joining import concat
from minitf.ops.array.sequences import range as numbers
from minitf.ops.control_flow.check import assert_equal, assert_less_equal
from minitf.ops.math.elementwise import maximum
from minitf.ops.reduction.reduce import reduce_sum


class Independent(Distribution):
    """The last `reinterpreted_batch_ndims` axes of another distribution's batch as axes of one
    event, whose parts are independent: all but the first axis when it is None.

    ValueError for more than there are.
    """

    def __init__(
        self, distribution, reinterpreted_batch_ndims=None, validate_args=False, name=None
    ):
        parameters = dict(locals())
        self._distribution = distribution
        with name_scope(name or "Independent" + distribution.name) as name:
            if reinterpreted_batch_ndims is None:
                reinterpreted_batch_ndims = maximum(0, self._own_ndims() - 1)
            ndims = convert_to_tensor(reinterpreted_batch_ndims, dtype=int32,
                                      name="reinterpreted_batch_ndims")  # fmt: skip
            known = constant_value(ndims)
            self._ndims = ndims if known is None else int(known)
            super().__init__(distribution.dtype, distribution.reparameterization_type,
                             validate_args, distribution.allow_nan_stats, parameters,
                             [ndims, *distribution._graph_parents], name)  # fmt: skip
            self._runtime_assertions = self._checks()

    @property
    def distribution(self):
        """The other."""
        return self._distribution

    @property
    def reinterpreted_batch_ndims(self):
        """How many axes of its batch are the event's."""
        return self._ndims

    def _own_ndims(self):
        """How many axes the other's batch has: a number, or a tensor where it is not known."""
        ndims = self.distribution.batch_shape.ndims
        return size(self.distribution.batch_shape_tensor()) if ndims is None else ndims

    def _checks(self):
        said = "reinterpreted_batch_ndims({}) cannot exceed distribution.batch_ndims({})"
        said = said.format(self._ndims, self._own_ndims())
        if isinstance(self._ndims, int) and isinstance(self._own_ndims(), int):
            if self._ndims > self._own_ndims():
                raise ValueError(said)
            return []
        if not self.validate_args:
            return []
        return [assert_less_equal(self._ndims, self._own_ndims(), message=said)]

    def _batch_shape_tensor(self):
        with control_dependencies(self._runtime_assertions):
            return self.distribution.batch_shape_tensor()[: self._own_ndims() - self._ndims]

    def _batch_shape(self):
        return self._split_batch()[0]

    def _event_shape_tensor(self):
        with control_dependencies(self._runtime_assertions):
            more = self.distribution.batch_shape_tensor()[self._own_ndims() - self._ndims :]
            return concat([more, self.distribution.event_shape_tensor()], axis=0)

    def _event_shape(self):
        return self._split_batch()[1].concatenate(self.distribution.event_shape)

    def _split_batch(self):
        batch = self.distribution.batch_shape
        if batch.ndims is None or not isinstance(self._ndims, int):
            return TensorShape(None), TensorShape(None)
        return batch[: batch.ndims - self._ndims], batch[batch.ndims - self._ndims :]

    def _sample_n(self, n, seed=None):
        return self._of_distribution("sample", n, seed=seed)

    def _log_prob(self, x):
        return self._total(self._of_distribution("log_prob", x))

    def _entropy(self):
        return self._total(self._of_distribution("entropy"))

    def _mean(self):
        return self._of_distribution("mean")

    def _variance(self):
        return self._of_distribution("variance")

    def _stddev(self):
        return self._of_distribution("stddev")

    def _mode(self):
        return self._of_distribution("mode")

    def _of_distribution(self, what, *arguments, **options):
        with control_dependencies(self._runtime_assertions):
            return getattr(self.distribution, what)(*arguments, **options)

    def _total(self, each):
        return reduce_sum(each, axis=numbers(-self._ndims, 0))


@RegisterKL(Independent, Independent)
def _(a, b, name="kl_independent"):
    p, q = a.distribution, b.distribution
    shapes = [each.event_shape for each in (a, b, p, q)]
    if all(each.is_fully_defined() for each in shapes):
        if a.event_shape != b.event_shape:
            raise ValueError("Event shapes do not match.")
        if p.event_shape != q.event_shape:
            raise NotImplementedError("KL between Independents with different event shapes not "
                                      "supported.")  # fmt: skip
    checks = [assert_equal(a.event_shape_tensor(), b.event_shape_tensor()),
              assert_equal(p.event_shape_tensor(), q.event_shape_tensor())]  # fmt: skip
    with control_dependencies(checks):
        axes = numbers(size(p.event_shape_tensor()) - size(a.event_shape_tensor()), 0)
        return reduce_sum(kl_divergence(p, q, name=name), axis=axes)
