"""tf.contrib.distributions: the functions beside the distributions, and scopes of variables."""

from goldens.kit import error, run, shapes

VALUES = [[0.1, 0.5, 0.2], [0.3, -0.4, 1.0]]


def triangles(tf, np):
    d = tf.contrib.distributions
    vectors, matrices = np.arange(12.0).reshape(2, 6), np.arange(18.0).reshape(2, 3, 3)
    some = tf.placeholder(tf.float32, [None, None])
    return run(
        tf, [d.fill_triangular(vectors), d.fill_triangular(vectors, upper=True),
             d.fill_triangular_inverse(matrices), d.fill_triangular_inverse(matrices, upper=True),
             d.tridiag([1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0]), d.tridiag(above=[[1.0], [2.0]]),
             d.matrix_diag_transform(matrices, tf.exp), d.fill_triangular(some)],
        {some: vectors},
    ) + [error(lambda: d.fill_triangular([1.0, 2.0])), error(lambda: d.tridiag()),
         shapes(d.fill_triangular(some), d.fill_triangular_inverse(matrices))]  # fmt: skip


def logarithms(tf, np):
    d = tf.contrib.distributions
    weights = [1.0, -2.0, 3.0]
    x = tf.constant([1e-6, 1e-3, 1.0, 30.0, 100.0])
    return run(
        tf, [d.reduce_weighted_logsumexp(VALUES, weights, axis=1, return_sign=True),
             d.reduce_weighted_logsumexp(VALUES, weights, keep_dims=True),
             d.reduce_weighted_logsumexp(VALUES, axis=0), d.softplus_inverse(x),
             tf.gradients(d.softplus_inverse(x), x)],
    )  # fmt: skip


def of_samples(tf, np):
    d = tf.contrib.distributions
    series = np.arange(20.0).reshape(10, 2) ** 2
    return run(
        tf, [d.percentile(VALUES, 30.0), d.percentile(VALUES, 50),
             d.percentile(VALUES, 30.0, axis=1, interpolation="lower", keep_dims=True),
             d.percentile(VALUES, 55.0, axis=[0], interpolation="higher"),
             d.percentile(VALUES, 55.0, axis=[0, 1], keep_dims=True),
             d.auto_correlation(VALUES, max_lags=2), d.auto_correlation(series, axis=0),
             d.auto_correlation(series, axis=0, center=False, normalize=False, max_lags=3)],
    ) + [error(lambda: d.percentile(VALUES, 50.0, interpolation="linear")),
         error(lambda: d.percentile(VALUES, 50.0, axis=2))]  # fmt: skip


def moving(tf, np):
    d = tf.contrib.distributions
    mean, variance = d.moving_mean_variance(tf.constant(VALUES), 0.9)
    log_mean = tf.Variable(VALUES)
    moved = d.assign_log_moving_mean_exp(log_mean, np.float32(VALUES) + 1.0, 0.9)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        steps = [sess.run([mean, variance, moved]) for _ in range(2)]
    return steps, [v.name for v in tf.global_variables()], len(tf.trainable_variables())


def conjugate(tf, np):
    d = tf.contrib.distributions
    prior, total = d.Normal(1.0, 2.0), tf.constant(10.0)
    after = d.normal_conjugates_known_scale_posterior(prior, 3.0, total, 4)
    then = d.normal_conjugates_known_scale_predictive(prior, 3.0, total, 4)
    return run(tf, [after.mean(), after.stddev(), then.mean(), then.stddev()]) + [
        error(lambda: d.normal_conjugates_known_scale_posterior(1.0, 3.0, total, 4)),
        error(lambda: d.normal_conjugates_known_scale_posterior(prior, 3.0, tf.constant(1), 4)),
    ]


def seeds_of_a_stream(tf, np):
    d = tf.contrib.distributions
    stream = d.SeedStream(3, "x")
    again = d.SeedStream(stream, salt="y")
    none = d.SeedStream(None, "x")
    return [str(stream()), str(stream()), str(again()), none(), stream.original_seed, again.salt]


def made_on_grids(tf, np):
    d, o = tf.contrib.distributions, tf.linalg
    counts = d.PoissonLogNormalQuadratureCompound([0.0, 0.5], [1.0, 0.5])
    mixed = d.VectorDiffeomixture(
        mix_loc=[[0.0], [1.0]], temperature=[1.0], distribution=d.Normal(0.0, 1.0),
        loc=[None, [1.0, 2.0, 3.0]],
        scale=[o.LinearOperatorScaledIdentity(3, 1.1, is_positive_definite=True),
               o.LinearOperatorDiag([1.0, 2.0, 3.0], is_positive_definite=True)],
        quadrature_size=4, validate_args=True,
    )  # fmt: skip
    return run(
        tf, [counts.mean(), counts.variance(), counts.stddev(), counts.log_prob([[0.0], [3.0]]),
             counts.sample(3, seed=1), counts.batch_shape_tensor(), mixed.mean(), mixed.variance(),
             mixed.covariance(), mixed.log_prob(np.ones([2, 3], np.float32)),
             mixed.sample(3, seed=1), mixed.batch_shape_tensor(), mixed.event_shape_tensor(),
             mixed.grid, mixed.interpolated_affine[1].scale.to_dense()],
    ) + [str(counts.batch_shape), str(mixed.batch_shape), str(mixed.event_shape)]  # fmt: skip


def grids(tf, np):
    d = tf.contrib.distributions
    loc, scale = tf.constant([0.0, 0.5]), tf.constant([1.0, 2.0])
    return run(
        tf, [d.quadrature_scheme_lognormal_gauss_hermite(loc, scale, 3),
             d.quadrature_scheme_lognormal_quantiles(loc, scale, 3),
             d.quadrature_scheme_softmaxnormal_quantiles([[0.5]], [[2.0]], 3)],
    )  # fmt: skip


def shapes_that_are_partly_known(tf, np):
    d, b = tf.contrib.distributions, tf.contrib.distributions.bijectors
    x, some = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32)
    flow = b.Chain([b.Affine(scale_tril=np.eye(3, dtype=np.float32)), b.Permute([0, 2, 1])])
    vectors = d.MultivariateNormalDiag(x, tf.exp(x))
    lower = d.fill_triangular(tf.concat([x, x], -1))
    made = [
        vectors, d.MultivariateNormalTriL(x, lower), d.Independent(d.Normal(x, 1.0), 1),
        d.OneHotCategorical(logits=x, dtype=tf.float32), d.RelaxedOneHotCategorical(0.5, logits=x),
        d.TransformedDistribution(vectors, flow),
    ]  # fmt: skip
    numbers = [
        d.MixtureSameFamily(d.Categorical(logits=x), d.Normal(x, 1.0)),
        d.Mixture(d.Categorical(logits=x), [d.Normal(x[:, 0], 1.0)] * 3), d.Normal(some, 1.0),
    ]  # fmt: skip
    return [
        [str(each.batch_shape), str(each.event_shape), *shapes(
            each.sample(), each.sample(5), each.log_prob(x if each in made else x[:, 0]))]
        for each in made + numbers
    ]  # fmt: skip
