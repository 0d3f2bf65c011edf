"""tf.distributions: gamma and its kin, Laplace, Student's t, shares and counts of classes."""

from goldens.kit import accepted, error, run


def _gamma(tf):
    return tf.distributions.Gamma([0.5, 3.0], [[1.0], [2.0]])


def _exponential(tf):
    return tf.distributions.Exponential([0.5, 2.0])


def _beta(tf):
    return tf.distributions.Beta([2.0, 0.5], [[3.0], [1.5]])


def _laplace(tf):
    return tf.distributions.Laplace([0.0, 1.0], [[1.0], [2.5]])


def _student_t(tf):
    return tf.distributions.StudentT([0.5, 1.5, 4.0], 1.0, 2.0)


def _dirichlet(tf):
    return tf.distributions.Dirichlet([[1.0, 2.0, 3.0], [2.0, 0.5, 2.0]])


def _multinomial(tf):
    return tf.distributions.Multinomial([4.0, 6.0], probs=[[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]])


def _dirichlet_multinomial(tf):
    return tf.distributions.DirichletMultinomial(5.0, [[1.0, 2.0, 3.0], [2.0, 0.5, 2.0]])


OF_SCALARS = _gamma, _exponential, _beta, _laplace, _student_t
OF_CLASSES = _dirichlet, _multinomial, _dirichlet_multinomial
STATISTICS = "mean", "variance", "stddev", "mode", "entropy", "covariance"
FUNCTIONS = (
    "log_prob", "prob", "cdf", "log_cdf", "survival_function", "log_survival_function",
)  # fmt: skip


def samples(tf, np):
    # Of a batch TensorFlow draws counts in a loop whose iterations overtake one another.
    one = tf.distributions.Multinomial(6.0, logits=[0.0, 1.0, -1.0])
    made = []
    for d in (*(make(tf) for make in OF_SCALARS), _dirichlet(tf), one, _dirichlet_multinomial(tf)):
        made += [d.sample(seed=3), d.sample(4, seed=3), d.sample([2, 3], seed=4)]
    with tf.Session() as sess:
        return [sess.run(made) for _ in range(2)]


def statistics(tf, np):
    found = {}
    for make in OF_SCALARS + OF_CLASSES:
        for name in STATISTICS:
            key = make.__name__ + "_" + name
            if key == "_dirichlet_mode":
                continue  # of a batch TensorFlow fails to give it
            try:
                found[key] = run(tf, getattr(make(tf), name)())
            except NotImplementedError:
                found[key] = "not implemented"
    modes = [tf.distributions.Dirichlet(c).mode() for c in ([2.0, 3.0, 1.5], [2.0, 0.5, 2.0])]
    return [found, run(tf, modes)]


def at_values(tf, np):
    d = tf.distributions
    at = [
        (d.Gamma([0.5, 3.0], [1.0, 2.0]), [0.1, 2.0]),
        (_exponential(tf), [0.3, 1.5]),
        (d.Beta([2.0, 0.5], [3.0, 1.5]), [0.25, 0.9]),
        (_laplace(tf), [-2.0, 3.0]),
        (d.StudentT([0.5, 1.5, 4.0], [1.0] * 3, [2.0] * 3), [-3.0, 1.0, 2.5]),
    ]
    return [
        {name: run(tf, getattr(made, name)(tf.constant(x))) for name in FUNCTIONS}
        for made, x in at
    ]


def at_values_of_classes(tf, np):
    counts = [[1.0, 1.0, 2.0], [0.0, 2.0, 4.0]]
    return [
        run(tf, [d.log_prob(x), d.prob(x)])
        for d, x in (
            (_dirichlet(tf), [0.2, 0.3, 0.5]),
            (_dirichlet(tf), [[0.1, 0.1, 0.8], [0.0, 0.5, 0.5]]),
            (_multinomial(tf), counts),
            (_dirichlet_multinomial(tf), [1.0, 2.0, 2.0]),
        )
    ]


def gradients_of_log_prob(tf, np):
    found = []
    for make, x in ((_gamma, [0.5, 2.0]), (_beta, [0.25, 0.9]), (_laplace, [-2.0, 3.0]),
                    (_student_t, [-3.0, 1.0, 2.5]), (_dirichlet, [0.2, 0.3, 0.5])):  # fmt: skip
        x = tf.constant(x)
        d = make(tf)
        parameters = [p for p in d.parameters if hasattr(d, p)]
        parameters = [getattr(d, p) for p in parameters if hasattr(getattr(d, p), "op")]
        found.append(run(tf, tf.gradients(d.log_prob(x), [x, *parameters])))
    return found


def divergences(tf, np):
    d = tf.distributions
    pairs = [
        (_gamma(tf), d.Gamma(2.0, 1.5)),
        (_exponential(tf), d.Exponential(1.0)),
        (_beta(tf), d.Beta(1.0, 2.0)),
        (_dirichlet(tf), d.Dirichlet([1.0, 1.0, 2.0])),
    ]
    return [run(tf, [d.kl_divergence(a, b), a.kl_divergence(b)]) for a, b in pairs]


def shapes(tf, np):
    found = []
    for make in OF_SCALARS + OF_CLASSES:
        d = make(tf)
        found.append(
            [str(d.batch_shape), str(d.event_shape), d.dtype.name, str(d.sample([5, 2]).shape),
             sorted(d.parameters), d.name, str(d),
             run(tf, [d.batch_shape_tensor(), d.event_shape_tensor(), d.is_scalar_event(),
                      d.is_scalar_batch()])]
        )  # fmt: skip
    d = tf.distributions
    for kind in (d.Gamma, d.Exponential, d.Beta, d.Laplace, d.StudentT):
        sizes = kind.param_static_shapes([2, 3])
        found.append({name: str(sizes[name]) for name in sorted(sizes)})
    return found


def copies(tf, np):
    exponential = _exponential(tf).copy(rate=4.0)
    multinomial = _multinomial(tf).copy(total_count=[1.0, 2.0])
    return run(tf, [exponential.mean(), exponential.rate, multinomial.mean(), multinomial.logits])


def checks(tf, np):
    d, strict = tf.distributions, {"validate_args": True}
    return [
        accepted(tf, lambda: d.Gamma(-1.0, 1.0, **strict).mean()),
        accepted(tf, lambda: d.Gamma(1.0, 1.0, **strict).prob(-1.0)),
        accepted(tf, lambda: d.Exponential(0.0, **strict).mean()),
        accepted(tf, lambda: d.Beta(0.0, 1.0, **strict).mean()),
        accepted(tf, lambda: d.Beta(1.0, 1.0, **strict).prob(1.5)),
        accepted(tf, lambda: d.Laplace(0.0, -1.0, **strict).mean()),
        accepted(tf, lambda: d.StudentT(-1.0, 0.0, 1.0, **strict).mode()),
        accepted(tf, lambda: d.Dirichlet([1.0, -1.0], **strict).mean()),
        accepted(tf, lambda: d.Dirichlet([1.0, 1.0], **strict).prob([0.5, 0.7])),
        accepted(tf, lambda: d.Dirichlet([1.0, 1.0], **strict).prob([0.5, 0.5])),
        accepted(tf, lambda: d.Multinomial(4.5, probs=[0.5, 0.5], **strict).mean()),
        accepted(tf, lambda: d.Multinomial(4.0, probs=[0.5, 0.5], **strict).prob([1.0, 2.0])),
        accepted(tf, lambda: d.Multinomial(4.0, probs=[0.5, 0.5], **strict).prob([2.0, 2.0])),
        accepted(tf, lambda: d.DirichletMultinomial(3.0, [1.0, 0.0], **strict).mean()),
        error(lambda: d.DirichletMultinomial(3.0, [1.0], **strict)),
        error(lambda: d.Gamma(1.0, tf.constant(1.0, tf.float64))),
        error(lambda: d.Multinomial(3.0)),
    ]


def undefined(tf, np):
    d, strict = tf.distributions, {"allow_nan_stats": False}
    return [
        accepted(tf, lambda: d.Gamma([2.0, 0.5], 1.0, **strict).mode()),
        accepted(tf, lambda: d.Beta(2.0, 0.5, **strict).mode()),
        accepted(tf, lambda: d.StudentT(0.5, 0.0, 1.0, **strict).mean()),
        accepted(tf, lambda: d.StudentT(1.5, 0.0, 1.0, **strict).variance()),
        accepted(tf, lambda: d.Dirichlet([2.0, 0.5], **strict).mode()),
        accepted(tf, lambda: d.Dirichlet([2.0, 1.5], **strict).mode()),
    ]
