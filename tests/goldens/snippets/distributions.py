"""tf.distributions: samples, probabilities, statistics, shapes."""

from goldens.kit import accepted, error, names, run, said

VALUES = [-3.0, -1.0, 0.0, 0.25, 1.0, 4.0]


def _normal(tf):
    return tf.distributions.Normal([0.0, 1.0], [[1.0, 2.0], [0.5, 3.0]])


def _uniform(tf):
    return tf.distributions.Uniform([0.0, -1.0], [[1.0, 2.0], [3.0, 0.5]])


def _bernoulli(tf):
    return tf.distributions.Bernoulli(probs=[0.1, 0.5, 0.9])


def _categorical(tf):
    return tf.distributions.Categorical(logits=[[0.0, 1.0, 2.0], [3.0, 1.0, -1.0]])


ALL = _normal, _uniform, _bernoulli, _categorical
STATISTICS = "mean", "variance", "stddev", "mode", "entropy"


def samples(tf, np):
    made = []
    for make in ALL:
        d = make(tf)
        made += [d.sample(seed=3), d.sample(4, seed=3), d.sample([2, 3], seed=4)]
    with tf.Session() as sess:
        return [sess.run(made) for _ in range(2)]


def samples_of_the_graphs_seed(tf, np):
    tf.set_random_seed(7)
    return run(tf, [make(tf).sample([3]) for make in ALL] + [tf.random_uniform([2])])


def sample_of_a_shape_that_is_fed(tf, np):
    shape = tf.placeholder(tf.int32, [None])
    d = _normal(tf)
    return [
        run(tf, tf.shape(d.sample(shape, seed=1)), {shape: value}).tolist()
        for value in ([], [2], [3, 1])
    ]


def statistics(tf, np):
    found = {}
    for make in ALL:
        for name in STATISTICS:
            statistic = getattr(make(tf), name)
            key = make.__name__ + "_" + name
            try:
                found[key] = run(tf, statistic())
            except NotImplementedError:
                found[key] = "not implemented"
    return found


FUNCTIONS = (
    "log_prob", "prob", "cdf", "log_cdf", "survival_function", "log_survival_function",
)  # fmt: skip


def at_values_normal(tf, np):
    d = tf.distributions.Normal(0.5, [[2.0], [0.75]])
    return {name: run(tf, getattr(d, name)(VALUES)) for name in FUNCTIONS}


def at_values_uniform(tf, np):
    d = tf.distributions.Uniform([[-1.0], [0.0]], 2.0)
    values = [*VALUES, float("nan")]
    return {name: run(tf, getattr(d, name)(values)) for name in FUNCTIONS}


def at_values_bernoulli(tf, np):
    d = _bernoulli(tf)
    logits = tf.distributions.Bernoulli(logits=[[-2.0, 0.0, 3.0]], dtype=tf.float32)
    return run(
        tf,
        [
            d.log_prob([0, 1, 1]), d.prob([[1, 0, 1], [0, 0, 0]]), d.prob(1), d.logits,
            logits.prob([1.0, 0.0, 1.0]), logits.probs, logits.mode(), logits.sample(3, seed=1),
        ],
    )  # fmt: skip


def at_values_categorical(tf, np):
    d = _categorical(tf)
    probs = tf.distributions.Categorical(probs=[0.2, 0.3, 0.5], dtype=tf.int64)
    deep = tf.distributions.Categorical(logits=np.arange(12.0).reshape(2, 2, 3) % 5)
    return run(
        tf,
        [
            d.log_prob([0, 2]), d.prob([[1, 0], [2, 1], [0, 0]]), d.prob(2), d.cdf([0, 1]),
            d.cdf([2, 3]), d.cdf(1.0), d.probs, d.event_size,
            probs.prob(2), probs.sample(5, seed=1), probs.logits, probs.mode(), probs.entropy(),
            deep.sample(3, seed=2), deep.prob([[0, 1], [2, 0]]), deep.mode(), deep.entropy(),
        ],
    )  # fmt: skip


def far_from_the_mean(tf, np):
    narrow = tf.distributions.Normal(np.float32(0), np.float32(1))
    wide = tf.distributions.Normal(np.float64(0), np.float64(1))
    values = [-40.0, -21.0, -12.0, -9.0, -5.0, 5.5, 9.0, 12.0]
    x = tf.constant(values)
    return [
        run(tf, [d.log_cdf(values), d.cdf(values), d.log_survival_function(values)])
        for d in (narrow, wide)
    ] + [run(tf, tf.gradients(narrow.log_cdf(x), x))]


def quantiles(tf, np):
    p = [0.0, 1e-20, 1e-6, 0.01, 0.1, 0.25, 0.5, 0.8, 0.9, 0.99, 0.999999, 1.0]
    return [
        run(tf, tf.distributions.Normal(tf.constant(1.0, t), tf.constant(2.0, t)).quantile(
            tf.constant(p, t)))
        for t in (tf.float32, tf.float64)
    ]  # fmt: skip


def divergences(tf, np):
    d = tf.distributions
    pairs = [
        (_normal(tf), d.Normal(0.5, 2.0)),
        (_bernoulli(tf), d.Bernoulli(probs=[0.2, 0.2, 0.2])),
        (_categorical(tf), d.Categorical(probs=[0.2, 0.3, 0.5])),
    ]
    return [
        run(tf, [d.kl_divergence(a, b), a.kl_divergence(b), a.cross_entropy(b)]) for a, b in pairs
    ]


def divergence_registered(tf, np):
    d = tf.distributions

    class Mine(d.Normal):
        pass

    inherited = run(tf, d.kl_divergence(Mine(0.0, 1.0), d.Normal(1.0, 1.0)))

    @d.RegisterKL(Mine, d.Normal)
    def _mine(a, b, name=None):
        return a.loc + 10.0

    return [
        inherited,
        run(tf, d.kl_divergence(Mine(0.0, 1.0), d.Normal(1.0, 1.0))),
        said(lambda: d.RegisterKL(Mine, d.Normal)(_mine), "KL(Mine || Normal)", "already"),
        said(lambda: d.kl_divergence(d.Normal(0.0, 1.0), d.Uniform()), "No KL", "Uniform"),
        error(lambda: d.RegisterKL(Mine, Mine)(3)),
    ]


def divergence_that_is_no_number(tf, np):
    d = tf.distributions
    a, b = d.Normal(0.0, 1.0), d.Normal(float("nan"), 1.0)
    return [
        accepted(tf, lambda: d.kl_divergence(a, b)),
        accepted(tf, lambda: d.kl_divergence(a, b, allow_nan_stats=False)),
        accepted(tf, lambda: d.kl_divergence(a, a, allow_nan_stats=False)),
    ]


def shapes(tf, np):
    found = []
    for make in ALL:
        d = make(tf)
        found.append(
            [str(d.batch_shape), str(d.event_shape), d.dtype.name, str(d.sample([5, 2]).shape),
             run(tf, [d.batch_shape_tensor(), d.event_shape_tensor(), d.is_scalar_event(),
                      d.is_scalar_batch()])]
        )  # fmt: skip
    loc = tf.placeholder(tf.float32, [None, 2])
    d = tf.distributions.Normal(loc, 1.0)
    feed = {loc: np.zeros((3, 2))}
    found.append([str(d.batch_shape), run(tf, d.batch_shape_tensor(), feed).tolist(),
                  run(tf, d.sample(4), feed).shape, str(d.sample(4).shape)])  # fmt: skip
    return found


def attributes(tf, np):
    d = tf.distributions.Normal(1.0, 2.0, name="mine")
    copied = d.copy(scale=3.0)
    return [
        d.name, copied.name, sorted(d.parameters), d.allow_nan_stats, d.validate_args,
        d.reparameterization_type is tf.distributions.FULLY_REPARAMETERIZED,
        _bernoulli(tf).reparameterization_type is tf.distributions.NOT_REPARAMETERIZED,
        run(tf, [copied.loc, copied.scale]), str(d), repr(_categorical(tf)),
    ]  # fmt: skip


def names_of_normal(tf, np):
    d = tf.distributions.Normal([0.0, 1.0], 2.0)
    d.sample(3, seed=1)
    d.log_prob(1.0)
    return names(tf)


def names_of_categorical(tf, np):
    d = tf.distributions.Categorical(logits=[[0.0, 1.0]])
    d.sample(3, seed=1)
    d.entropy()
    return names(tf)


def names_of_bernoulli(tf, np):
    d = tf.distributions.Bernoulli(probs=0.3)
    d.sample([3], seed=1)
    d.mean()
    return names(tf)


def gradients_of_samples(tf, np):
    loc, scale = tf.constant([0.5, 1.0]), tf.constant(2.0)
    d = tf.distributions.Normal(loc, scale)
    drawn = d.sample(4, seed=1)
    low = tf.constant(1.0)
    flat = tf.distributions.Uniform(low, 3.0).sample(4, seed=1)
    return run(tf, tf.gradients(drawn, [loc, scale]) + tf.gradients(flat, low)
               + tf.gradients(d.log_prob(drawn), [loc, scale]))  # fmt: skip


def validated(tf, np):
    d = tf.distributions
    return [
        accepted(tf, lambda: d.Normal(0.0, -1.0).mean()),
        accepted(tf, lambda: d.Normal(0.0, tf.placeholder_with_default(-1.0, []),
                                      validate_args=True).stddev()),
        accepted(tf, lambda: d.Uniform(2.0, tf.placeholder_with_default(1.0, []),
                                       validate_args=True).mean()),
        accepted(tf, lambda: d.Bernoulli(probs=tf.placeholder_with_default(1.5, []),
                                         validate_args=True).mean()),
        accepted(tf, lambda: d.Categorical(probs=tf.placeholder_with_default([0.5, 0.6], [2]),
                                           validate_args=True).mode()),
        accepted(tf, lambda: d.Categorical(probs=[0.5, 0.5], validate_args=True).mode()),
    ]  # fmt: skip


def validated_numbers_of_classes(tf, np):
    d, some = tf.distributions, tf.placeholder_with_default([1.0], [None])

    def asked(checked):
        many = np.zeros([3000], np.float16)
        return [
            error(lambda: d.Categorical(logits=[1.0], validate_args=checked)),
            error(lambda: d.Multinomial(2.0, probs=[1.0], validate_args=checked)),
            error(lambda: d.Categorical(logits=many, validate_args=checked)),
            accepted(tf, lambda: d.Categorical(logits=some, validate_args=checked).probs),
        ]

    return [asked(False), asked(True)]


def refused(tf, np):
    d = tf.distributions
    return [
        error(lambda: d.Bernoulli()),
        error(lambda: d.Bernoulli(logits=0.0, probs=0.5)),
        error(lambda: d.Categorical(probs=[1, 0])),
        error(lambda: d.Normal(tf.constant(0.0), tf.constant(1.0, tf.float64))),
        error(lambda: d.Normal(1, 2)),
        error(lambda: _uniform(tf).quantile(0.5)),
        error(lambda: _bernoulli(tf).cdf(1)),
        error(lambda: _categorical(tf).mean()),
        error(lambda: _normal(tf).sample([[1]])),
        error(lambda: _normal(tf).covariance()),
    ]
