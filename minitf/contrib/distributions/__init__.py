"""`tf.contrib.distributions`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.distributions import bijectors
from minitf.contrib.distributions.autoregressive import Autoregressive
from minitf.contrib.distributions.batch_reshape import BatchReshape
from minitf.contrib.distributions.binomial import Binomial
from minitf.contrib.distributions.cauchy import Cauchy
from minitf.contrib.distributions.chi2 import Chi2, Chi2WithAbsDf
from minitf.contrib.distributions.conditional_distribution import ConditionalDistribution
from minitf.contrib.distributions.conditional_transformed_distribution import (
    ConditionalTransformedDistribution,
)
from minitf.contrib.distributions.deterministic import Deterministic, VectorDeterministic
from minitf.contrib.distributions.geometric import Geometric
from minitf.contrib.distributions.half_normal import HalfNormal
from minitf.contrib.distributions.independent import Independent
from minitf.contrib.distributions.inverse_gamma import (
    InverseGamma,
    InverseGammaWithSoftplusConcentrationRate,
)
from minitf.contrib.distributions.kumaraswamy import Kumaraswamy
from minitf.contrib.distributions.logistic import Logistic
from minitf.contrib.distributions.mixture import Mixture
from minitf.contrib.distributions.mixture_same_family import MixtureSameFamily
from minitf.contrib.distributions.moving_stats import (
    assign_log_moving_mean_exp,
    assign_moving_mean_variance,
    moving_mean_variance,
)
from minitf.contrib.distributions.mvn_diag import (
    MultivariateNormalDiag,
    MultivariateNormalDiagWithSoftplusScale,
)
from minitf.contrib.distributions.mvn_diag_plus_low_rank import MultivariateNormalDiagPlusLowRank
from minitf.contrib.distributions.mvn_full_covariance import MultivariateNormalFullCovariance
from minitf.contrib.distributions.mvn_tril import MultivariateNormalTriL
from minitf.contrib.distributions.negative_binomial import NegativeBinomial
from minitf.contrib.distributions.normal_conjugate_posteriors import (
    normal_conjugates_known_scale_posterior,
    normal_conjugates_known_scale_predictive,
)
from minitf.contrib.distributions.onehot_categorical import OneHotCategorical
from minitf.contrib.distributions.poisson import Poisson
from minitf.contrib.distributions.poisson_lognormal import (
    PoissonLogNormalQuadratureCompound,
    quadrature_scheme_lognormal_gauss_hermite,
    quadrature_scheme_lognormal_quantiles,
)
from minitf.contrib.distributions.quantized_distribution import QuantizedDistribution
from minitf.contrib.distributions.relaxed_bernoulli import RelaxedBernoulli
from minitf.contrib.distributions.relaxed_onehot_categorical import (
    ExpRelaxedOneHotCategorical,
    RelaxedOneHotCategorical,
)
from minitf.contrib.distributions.sample_stats import auto_correlation, percentile
from minitf.contrib.distributions.seed_stream import SeedStream
from minitf.contrib.distributions.sinh_arcsinh import SinhArcsinh
from minitf.contrib.distributions.transformed_distribution import TransformedDistribution
from minitf.contrib.distributions.util import (
    fill_triangular,
    fill_triangular_inverse,
    matrix_diag_transform,
    reduce_weighted_logsumexp,
    softplus_inverse,
    tridiag,
)
from minitf.contrib.distributions.vector_diffeomixture import (
    VectorDiffeomixture,
    quadrature_scheme_softmaxnormal_gauss_hermite,
    quadrature_scheme_softmaxnormal_quantiles,
)
from minitf.contrib.distributions.vector_exponential_diag import VectorExponentialDiag
from minitf.contrib.distributions.vector_laplace_diag import VectorLaplaceDiag
from minitf.contrib.distributions.vector_sinh_arcsinh_diag import VectorSinhArcsinhDiag
from minitf.contrib.distributions.wishart import WishartCholesky, WishartFull
from minitf.contrib.distributions.with_softplus import (
    BetaWithSoftplusConcentration,
    ExponentialWithSoftplusRate,
    GammaWithSoftplusConcentrationRate,
    LaplaceWithSoftplusScale,
    NormalWithSoftplusScale,
    StudentTWithAbsDfSoftplusScale,
)
from minitf.distributions import (
    FULLY_REPARAMETERIZED,
    NOT_REPARAMETERIZED,
    Bernoulli,
    Beta,
    Categorical,
    Dirichlet,
    DirichletMultinomial,
    Distribution,
    Exponential,
    Gamma,
    Laplace,
    Multinomial,
    Normal,
    RegisterKL,
    ReparameterizationType,
    StudentT,
    Uniform,
    kl_divergence,
)
