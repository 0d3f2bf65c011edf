"""Distributions over the shares or counts of classes: events are vectors."""
from minitf.distributions.distribution import Distribution
from minitf.ops.array.basics import shape
from minitf.ops.linalg.diagonal import matrix_set_diag
from minitf.ops.linalg.products import matmul


class OfClasses(Distribution):
    """A class names in `PARAMETER` what has a number for each class along its last axis."""

    PARAMETER = ""

    def _batch_shape_tensor(self):
        return shape(getattr(self, self.PARAMETER))[:-1]

    def _batch_shape(self):
        return getattr(self, self.PARAMETER).shape.with_rank_at_least(1)[:-1]

    def _event_shape_tensor(self):
        return shape(getattr(self, self.PARAMETER))[-1:]

    def _event_shape(self):
        return getattr(self, self.PARAMETER).shape.with_rank_at_least(1)[-1:]

    def _of_pairs(self, x, y):
        """The covariance: -x y for each pair of classes, the variances on the diagonal."""
        return matrix_set_diag(-matmul(x[..., None], y[..., None, :]), self._variance())


class OfConcentrations(OfClasses):
    """Those of a `concentration` of each class."""

    PARAMETER = "concentration"

    @property
    def concentration(self):
        """The parameter, of each class."""
        return self._concentration

    @property
    def total_concentration(self):
        """Its sum over the classes."""
        return self._total_concentration
