"""`tf.distributions.DirichletMultinomial`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.distributions.classes import OfConcentrations
from minitf.distributions.distribution import NOT_REPARAMETERIZED
from minitf.distributions.probabilities import (
    HasDraws,
    checked_counts,
    log_combinations,
    number_of_draws,
    positive_concentration,
)
from minitf.ops.array.basics import reshape
from minitf.ops.array.joining import concat
from minitf.ops.array.one_hot import one_hot
from minitf.ops.math.beta import lbeta
from minitf.ops.math.elementwise import cast, log, sqrt
from minitf.ops.random.draws import salted
from minitf.ops.random.sampling import multinomial, random_gamma
from minitf.ops.reduction.reduce import reduce_sum


class DirichletMultinomial(HasDraws, OfConcentrations):
    """How often each class comes in `total_count` draws of probabilities that are themselves drawn,
    from the Dirichlet distribution of `concentration`.

    `validate_args` lets parameters that are not positive raise in the run, and counts that are
    negative, not whole, or of another sum. ValueError then for fewer than two classes.
    """

    def __init__(
        self,
        total_count,
        concentration,
        validate_args=False,
        allow_nan_stats=True,
        name="DirichletMultinomial",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[total_count, concentration]) as name:
            self._total_count = number_of_draws(total_count, validate_args)
            given = convert_to_tensor(concentration, name="concentration")
            if validate_args:
                _check_classes(given)
            self._concentration = positive_concentration(given, validate_args)
            self._total_concentration = reduce_sum(self._concentration, -1)
        super().__init__(self._concentration.dtype, NOT_REPARAMETERIZED, validate_args,
                         allow_nan_stats, parameters, [self._total_count, self._concentration],
                         name)  # fmt: skip

    def _sample_n(self, n, seed=None):
        k = self.event_shape_tensor()[0]
        shares = log(random_gamma([n], self.concentration, dtype=self.dtype, seed=seed))
        drawn = multinomial(reshape(shares, [-1, k]), cast(self.total_count, int32),
                            seed=salted(seed, "dirichlet_multinomial"))  # fmt: skip
        counts = reduce_sum(one_hot(drawn, depth=k, dtype=self.dtype), -2)
        return reshape(counts, concat([[n], self.batch_shape_tensor(), [k]], 0))

    def _log_prob(self, counts):
        said = "counts last-dimension must sum to `self.total_count`"
        counts = checked_counts(self, counts, said)
        in_order = lbeta(self.concentration + counts) - lbeta(self.concentration)
        return in_order + log_combinations(self.total_count, counts)

    def _mean(self):
        return self.total_count * (self.concentration / self.total_concentration[..., None])

    def _covariance(self):
        x = self._spread() * self._mean()
        return self._of_pairs(x, x)

    def _variance(self):
        x = self._spread() * self._mean()
        return x * (self.total_count * self._spread() - x)

    def _spread(self):
        total = self.total_concentration[..., None]
        return sqrt((1.0 + total / self.total_count) / (1.0 + total))


def _check_classes(concentration):
    sizes = concentration.shape
    if sizes.ndims == 0:
        raise ValueError("A categorical-distribution parameter must have at least 1 dimension.")
    if sizes.ndims and sizes.as_list()[-1] in (0, 1):
        raise ValueError("A categorical-distribution parameter must have at least 2 events.")
