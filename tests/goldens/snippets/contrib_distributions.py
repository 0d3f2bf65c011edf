"""tf.contrib.distributions: statistics, probabilities, samples of a seed, gradients, shapes."""

from goldens.kit import accepted, attempt, error, run

STATISTICS = "mean", "variance", "stddev", "mode", "entropy", "covariance"
FUNCTIONS = ("log_prob", "prob", "cdf", "log_cdf", "survival_function", "log_survival_function",
             "quantile")  # fmt: skip
VALUES = [[0.1, 0.5, 0.2], [0.3, 0.4, 0.9]]
COUNTS = [[0.0, 1.0, 3.0], [2.0, 1.0, 5.0]]
SHARES = [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]]
LOWER = [[1.0, 0.0, 0.0], [0.5, 2.0, 0.0], [0.1, 0.2, 0.3]]


def _facts(tf, *distributions, value=VALUES, seed=5):
    """What each says of itself and of the value; a sample, and what it says of that."""
    return [run(tf, _asked(tf, d, value, seed)) for d in distributions]


def _asked(tf, d, value, seed):
    asked = {
        "batch": d.batch_shape_tensor(),
        "event": d.event_shape_tensor(),
        "known": tf.constant([str(d.batch_shape), str(d.event_shape), d.name, d.dtype.name]),
    }
    for name in STATISTICS:
        asked[name] = _unless_missing(tf, getattr(d, name))
    for name in FUNCTIONS:
        at = 0.3 if name == "quantile" else value
        asked[name] = _unless_missing(tf, lambda n=name, at=at: getattr(d, n)(at))
    sample = asked["sample"] = _unless_missing(tf, lambda: d.sample([2], seed=seed))
    if sample.dtype != tf.string:
        asked["of sample"] = d.log_prob(sample)
    return asked


def _unless_missing(tf, build):
    found = attempt(build)
    return tf.constant(found) if isinstance(found, str) else found


def normal_vectors(tf, np):
    d = tf.contrib.distributions
    return _facts(
        tf, d.MultivariateNormalDiag(VALUES, [1.0, 2.0, 0.5]),
        d.MultivariateNormalDiag(loc=[1.0, 2.0, 3.0], scale_identity_multiplier=[2.0, 3.0]),
        d.MultivariateNormalDiagWithSoftplusScale(VALUES, [1.0, -2.0, 0.5]),
        d.MultivariateNormalTriL(VALUES, LOWER),
    )  # fmt: skip


def normal_vectors_of_a_covariance(tf, np):
    d = tf.contrib.distributions
    covariance = np.matmul(LOWER, np.transpose(LOWER))
    return _facts(
        tf, d.MultivariateNormalFullCovariance(VALUES, np.float32(covariance)),
        d.MultivariateNormalDiagPlusLowRank(
            VALUES, [1.0, 2.0, 0.5], scale_perturb_factor=[[0.1], [0.2], [0.3]],
            scale_perturb_diag=[0.5],
        ),
        value=np.float32(VALUES),
    )  # fmt: skip


def normal_vectors_divergences(tf, np):
    d = tf.contrib.distributions
    a, b = d.MultivariateNormalTriL(VALUES, LOWER), d.MultivariateNormalDiag([1.0, 2.0, 3.0])
    c = d.MultivariateNormalDiag(VALUES, [1.0, 2.0, 0.5])
    return run(tf, [d.kl_divergence(a, c), c.kl_divergence(b), b.cross_entropy(a)])


def normal_vectors_refused(tf, np):
    d = tf.contrib.distributions
    return [
        error(lambda: d.MultivariateNormalDiag()),
        error(lambda: d.MultivariateNormalTriL()),
        error(lambda: d.MultivariateNormalTriL([1.0, 2.0], LOWER)),
        error(lambda: d.MultivariateNormalDiag([1.0], np.float64([1.0, 2.0]))),
        accepted(tf, lambda: d.MultivariateNormalFullCovariance(
            covariance_matrix=LOWER, validate_args=True).sample()),
    ]  # fmt: skip


def normal_vectors_of_shapes_that_are_fed(tf, np):
    loc, diag = tf.placeholder(tf.float32), tf.placeholder(tf.float32, [None, None])
    d = tf.contrib.distributions.MultivariateNormalDiag(loc, diag)
    known = str(d.batch_shape), str(d.event_shape)
    feed = {loc: VALUES, diag: [[1.0, 2.0, 3.0]]}
    fetched = [d.batch_shape_tensor(), d.event_shape_tensor(), d.mean(), d.sample(2, seed=1),
               d.log_prob(VALUES)]  # fmt: skip
    return known, run(tf, fetched, feed)


def normal_vectors_trained(tf, np):
    loc, scale = tf.Variable([0.5, 1.0]), tf.Variable([1.0, 2.0])
    d = tf.contrib.distributions
    q, p = d.MultivariateNormalDiag(loc, tf.nn.softplus(scale)), d.MultivariateNormalDiag([0.0] * 2)
    sample = q.sample(3, seed=2)
    bound = tf.reduce_mean(p.log_prob(sample) - q.log_prob(sample)) - d.kl_divergence(q, p)
    return run(tf, [bound, *tf.gradients(bound, [loc, scale])])


def vectors_of_other_numbers(tf, np):
    d = tf.contrib.distributions
    return _facts(
        tf, d.VectorExponentialDiag([0.0, 0.1, 0.05], [1.0, 2.0, 1.5]),
        d.VectorSinhArcsinhDiag(VALUES, [1.0, 2.0, 1.5], skewness=0.5, tailweight=2.0),
    ), run(tf, [d.VectorLaplaceDiag(VALUES, [1.0, 2.0, 1.5]).stddev(),
                d.VectorLaplaceDiag(VALUES, [1.0, 2.0, 1.5]).log_prob(VALUES)])  # fmt: skip


def independent(tf, np):
    d = tf.contrib.distributions
    a = d.Independent(d.Normal(VALUES, 1.0))
    return _facts(tf, a) + _facts(
        tf, d.Independent(d.Bernoulli(logits=VALUES), 2), value=[[1, 0, 1], [0, 0, 1]]
    ) + [run(tf, d.kl_divergence(a, d.Independent(d.Normal([1.0, 2.0, 3.0], 2.0), 1))),
         error(lambda: d.Independent(d.Normal(0.0, 1.0), 1)), a.parameters["name"]]  # fmt: skip


def one_hot(tf, np):
    d = tf.contrib.distributions
    made = (d.OneHotCategorical(logits=VALUES),
            d.OneHotCategorical(probs=[0.2, 0.3, 0.5], dtype=tf.float32))  # fmt: skip
    return [
        _facts(tf, made[0], value=np.eye(3, dtype=np.int32)[:2]),
        _facts(tf, made[1], value=np.eye(3, dtype=np.float32)[:2]),
        run(tf, d.kl_divergence(*made)),
    ]


def relaxed(tf, np):
    d = tf.contrib.distributions
    return [
        _facts(tf, d.RelaxedBernoulli(0.5, logits=VALUES),
               d.RelaxedBernoulli([0.5, 0.7, 1.0], probs=[0.2, 0.3, 0.9])),
        _facts(tf, d.RelaxedOneHotCategorical(0.5, logits=VALUES),
               d.RelaxedOneHotCategorical([0.5, 2.0], probs=SHARES), value=SHARES),
        _facts(tf, d.ExpRelaxedOneHotCategorical(0.5, logits=VALUES), value=np.log(SHARES)),
    ]  # fmt: skip


def relaxed_trained(tf, np):
    logits = tf.Variable(VALUES)
    d = tf.contrib.distributions.RelaxedOneHotCategorical(0.7, logits=logits)
    sample = d.sample(seed=3)
    cost = tf.reduce_sum(sample * [1.0, 2.0, 3.0]) + tf.reduce_sum(d.log_prob(sample))
    return run(tf, [cost, *tf.gradients(cost, logits)])


def mixtures(tf, np):
    d = tf.contrib.distributions
    chosen, parts = d.Categorical(probs=[0.3, 0.7]), [d.Normal(1.0, 2.0), d.Normal(-1.0, 0.5)]
    vectors = d.Mixture(
        d.Categorical(probs=[[0.3, 0.7], [0.5, 0.5]]),
        [d.MultivariateNormalDiag(VALUES), d.MultivariateNormalDiag(VALUES, [1.0, 2.0, 3.0])],
    )
    return _facts(
        tf, d.Mixture(chosen, parts), d.Mixture(chosen, parts, use_static_graph=True)
    ) + run(
        tf, [vectors.mean(), vectors.sample(3, seed=1), vectors.log_prob(VALUES),
             vectors.entropy_lower_bound()],
    )  # fmt: skip


def mixtures_of_one_family(tf, np):
    d = tf.contrib.distributions
    chosen = d.Categorical(probs=[0.3, 0.7])
    numbers = d.MixtureSameFamily(chosen, d.Normal([1.0, 2.0], [3.0, 0.4]))
    vectors = d.MixtureSameFamily(chosen, d.MultivariateNormalDiag(VALUES))
    return run(
        tf, [numbers.mean(), numbers.variance(), numbers.stddev(), numbers.log_prob(VALUES),
             numbers.cdf(VALUES), vectors.mean(), vectors.variance(), vectors.covariance(),
             vectors.log_prob(VALUES), tf.shape(vectors.sample([4, 2]))],
    ) + [str(vectors.batch_shape), str(vectors.sample(4).shape)]  # fmt: skip


def mixtures_refused(tf, np):
    d = tf.contrib.distributions
    two, normal = d.Categorical(probs=[0.3, 0.7]), d.Normal(0.0, 1.0)
    return [
        error(lambda: d.Mixture(normal, [normal])),
        error(lambda: d.Mixture(two, [])),
        error(lambda: d.Mixture(two, [normal])),
        error(lambda: d.Mixture(two, [normal, 1.0])),
        error(lambda: d.Mixture(two, [normal, d.Normal(np.float64(0), np.float64(1))])),
        error(lambda: d.MixtureSameFamily(two, d.Normal([0.0, 1.0, 2.0], 1.0))),
        error(lambda: d.MixtureSameFamily(normal, d.Normal([0.0, 1.0], 1.0))),
    ]


def transformed(tf, np):
    d, b = tf.contrib.distributions, tf.contrib.distributions.bijectors
    return [
        _facts(tf, d.TransformedDistribution(d.Normal(VALUES, 1.0), b.Exp()),
               d.TransformedDistribution(d.Normal(0.0, 1.0), b.AffineScalar(1.0, 2.0),
                                         batch_shape=[2], event_shape=[3]),
               d.TransformedDistribution(d.Normal(1.0, 1.0), b.AbsoluteValue())),
        _facts(tf, d.TransformedDistribution(d.Normal([0.0] * 4, 1.0), event_shape=[3]),
               value=np.ones([4, 3], np.float32)),
    ]  # fmt: skip


def transformed_refused(tf, np):
    d, b = tf.contrib.distributions, tf.contrib.distributions.bijectors
    vectors = d.MultivariateNormalDiag([1.0, 2.0])
    return [
        error(lambda: d.TransformedDistribution(vectors, b.Exp(), event_shape=[2])),
        error(lambda: d.TransformedDistribution(d.Normal([0.0], 1.0), b.Exp(), batch_shape=[2])),
        error(lambda: d.TransformedDistribution(d.Normal(0.0, 1.0), b.Exp(), event_shape=[0])),
        error(lambda: d.TransformedDistribution(d.Normal(0.0, 1.0), b.Exp(), event_shape=[[2]])),
        error(lambda: vectors.cdf([1.0, 2.0])),
    ]


def conditional(tf, np):
    d, b = tf.contrib.distributions, tf.contrib.distributions.bijectors

    class Scaled(b.ConditionalBijector):
        def __init__(self):
            super().__init__(forward_min_event_ndims=0, name="scaled")

        def _forward(self, x, by):
            return x * by

        def _inverse(self, y, by):
            return y / by

        def _inverse_log_det_jacobian(self, y, by):
            return -tf.log(by * tf.ones_like(y))

    class Shifted(d.ConditionalDistribution):
        def __init__(self):
            super().__init__(tf.float32, d.FULLY_REPARAMETERIZED, False, True, name="shifted")

        def _batch_shape(self):
            return tf.TensorShape([])

        _event_shape = _batch_shape

        def _sample_n(self, n, seed=None, mean=0.0):
            return tf.random_normal([n], seed=seed) + mean

        def _log_prob(self, x, mean=0.0):
            return -((x - mean) ** 2)

    both = d.ConditionalTransformedDistribution(Shifted(), Scaled())
    given = {"bijector_kwargs": {"by": 2.0}, "distribution_kwargs": {"mean": 1.0}}
    sample = both.sample(3, seed=4, **given)
    return run(tf, [both.log_prob(VALUES, **given), sample, both.log_prob(sample, **given),
                    Shifted().log_prob(VALUES, mean=3.0)])  # fmt: skip


def deterministic(tf, np):
    d = tf.contrib.distributions
    return _facts(tf, d.Deterministic([0.1, 0.5, 0.2], atol=0.1, rtol=0.1)) + [
        run(tf, [v.prob(VALUES), v.sample(2), v.mean(), v.batch_shape_tensor()])
        for v in [d.VectorDeterministic([[0.1, 0.5, 0.3], [0.0, 0.4, 0.9]], atol=0.11)]
    ]


def of_scalars(tf, np):
    d = tf.contrib.distributions
    return _facts(
        tf, d.Logistic([0.0, 1.0, 2.0], [1.0, 2.0, 3.0]), d.Cauchy(0.0, [0.5, 1.5, 3.0]),
        d.HalfNormal([0.5, 1.5, 3.0]), d.InverseGamma([0.5, 1.5, 3.0], [1.0, 2.0, 3.0]),
        d.Chi2([0.5, 1.5, 3.0]),
    )  # fmt: skip


def of_scalars_bent(tf, np):
    d = tf.contrib.distributions
    return _facts(
        tf, d.Kumaraswamy([0.5, 2.0, 3.0], [1.0, 2.0, 1.5]),
        d.SinhArcsinh([0.5, 2.0, 3.0], [1.0, 2.0, 1.5], skewness=0.5, tailweight=2.0),
    )  # fmt: skip


def of_counts(tf, np):
    d = tf.contrib.distributions
    return _facts(
        tf, d.Poisson([1.0, 2.5, 4.0]), d.Poisson(log_rate=[1.0, 2.5, 3.0]),
        d.Geometric(probs=[0.1, 0.3, 0.5]), d.Binomial(5.0, probs=[0.1, 0.5, 0.9]),
        d.NegativeBinomial(5.0, logits=[0.1, 0.5, 0.9]), value=COUNTS,
    )  # fmt: skip


def quantized(tf, np):
    d, b = tf.contrib.distributions, tf.contrib.distributions.bijectors
    pixels = d.TransformedDistribution(d.Logistic([1.0, 100.0, 250.0], 2.0), b.AffineScalar(-0.5))
    return _facts(
        tf, d.QuantizedDistribution(d.Normal([0.0, 1.0, 2.0], 3.0), low=-2.0, high=4.0),
        d.QuantizedDistribution(pixels, low=0.0, high=255.0), value=[[0.0, 0.0, 3.0],
                                                                     [255.0, 1.0, 4.0]],
    )  # fmt: skip


def gradients_of_gamma_samples(tf, np):
    d, df = tf.contrib.distributions, tf.constant(5.0)
    a, b = tf.constant([0.5, 2.5, 30.0]), tf.constant([1.0, 2.0, 0.3])
    made = [d.Gamma(a, b), d.Beta(a, b), d.Dirichlet(a), d.Chi2(a), d.StudentT(a, b, 1.0)]
    slopes = [tf.gradients(each.sample(3, seed=4), [a, b]) for each in made]
    slopes.append(tf.gradients(d.WishartCholesky(df, LOWER).sample(2, seed=4), df))
    return run(tf, [x for each in slopes for x in each if x is not None])


def made_positive(tf, np):
    d = tf.contrib.distributions
    a, b, c = [0.5, 2.5, 3.0], [1.0, -2.0, 1.5], [-1.5, 2.5, 3.0]
    return _facts(
        tf, d.NormalWithSoftplusScale(a, b), d.BetaWithSoftplusConcentration(a, b),
        d.GammaWithSoftplusConcentrationRate(a, b), d.StudentTWithAbsDfSoftplusScale(c, a, b),
    ) + run(tf, [d.LaplaceWithSoftplusScale(a, b).log_prob(a),
                 d.ExponentialWithSoftplusRate(b).mean(), d.Chi2WithAbsDf(c).mean(),
                 d.InverseGammaWithSoftplusConcentrationRate(a, b).log_prob(a)])  # fmt: skip


def wishart(tf, np):
    d = tf.contrib.distributions
    lower = np.float32(LOWER)
    scale = np.matmul(lower, lower.T)
    value = np.stack([scale, np.eye(3, dtype=np.float32)])
    made = d.WishartCholesky(5.0, lower)
    return [
        _facts(tf, made, d.WishartFull([5.0, 6.0], value), value=value),
        _facts(tf, d.WishartFull(5.0, scale, cholesky_input_output_matrices=True),
               value=np.stack([lower, lower])),
        run(tf, [made.mean_log_det(), made.log_normalization(), made.scale()]),
        error(lambda: d.WishartCholesky(2.0, lower)),
    ]  # fmt: skip


def batch_reshaped(tf, np):
    d = tf.contrib.distributions
    vectors = d.BatchReshape(d.MultivariateNormalDiag(np.float32(np.arange(12).reshape(4, 3))),
                             [2, 2])  # fmt: skip
    return _facts(tf, vectors, value=np.ones([2, 2, 3], np.float32)) + [
        error(lambda: d.BatchReshape(d.Normal([0.0] * 4, 1.0), [3])),
        error(lambda: vectors.log_prob([1.0, 2.0, 3.0])),
    ]


def autoregressive(tf, np):
    d = tf.contrib.distributions

    def next_one(x):
        before = tf.concat([tf.zeros_like(x[..., :1]), x[..., :-1]], -1)
        return d.Independent(d.Normal(before, tf.ones([3])), 1)

    made = d.Autoregressive(next_one, sample0=tf.zeros([3]))
    return run(tf, [made.sample(2, seed=3), made.log_prob(VALUES)]) + [made.num_steps]


def checked_in_the_run(tf, np):
    d = tf.contrib.distributions
    n = tf.placeholder_with_default([-1.0], [1])
    builds = [
        lambda: d.Logistic(0.0, n, validate_args=True).mean(),
        lambda: d.HalfNormal(n, validate_args=True).mean(),
        lambda: d.Poisson(n, validate_args=True).mean(),
        lambda: d.Poisson([2.0], validate_args=True).prob(n),
        lambda: d.Poisson([2.0], validate_args=True).prob([1.5]),
        lambda: d.Geometric(probs=n, validate_args=True).mean(),
        lambda: d.Binomial([2.0], probs=[0.5], validate_args=True).prob([3.0]),
        lambda: d.Deterministic([0.0], atol=n, validate_args=True).prob([3.0]),
        lambda: d.QuantizedDistribution(d.Normal(0.0, 1.0), validate_args=True).prob([0.5]),
        lambda: d.RelaxedBernoulli(n, logits=[0.0], validate_args=True).sample(),
        lambda: d.InverseGamma([3.0], [1.0], allow_nan_stats=False).mean(),
        lambda: d.InverseGamma([1.0], [1.0], allow_nan_stats=False).mean(),
        lambda: d.Cauchy([1.0], [1.0], allow_nan_stats=False).mean(),
    ]
    return [accepted(tf, build) for build in builds]


def names_of_operations(tf, np):
    d = tf.contrib.distributions
    made = [d.MultivariateNormalDiag([1.0, 2.0]), d.MultivariateNormalTriL([0.0] * 3, LOWER),
            d.RelaxedBernoulli(0.5, logits=[1.0]), d.OneHotCategorical(logits=[1.0, 2.0]),
            d.Logistic(0.0, 1.0, name="mine"), d.Independent(d.Normal([0.0], 1.0)),
            d.Mixture(d.Categorical(probs=[1.0]), [d.Normal(0.0, 1.0)])]  # fmt: skip
    with tf.name_scope("outer"):
        made.append(d.MultivariateNormalDiag([1.0, 2.0]))
    return [[x.name, x.sample(seed=1).name.rsplit("/", 1)[0]] for x in made] + [
        repr(x) for x in made
    ]
