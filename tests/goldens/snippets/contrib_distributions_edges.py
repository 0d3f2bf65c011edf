"""tf.contrib.distributions at their edges: values far out, values and parameters that are wrong."""

from goldens.kit import accepted, attempt, run, said, shapes


def far_out(tf, np):
    d, x = tf.contrib.distributions, np.array([1e-30, 1e20, np.inf])
    made = [d.Exponential(np.float64(1.0)), d.Gamma(np.float64(1e-5), np.float64(1.0)),
            d.Gamma(np.float64(3.0), np.float64(2.0)), d.Chi2(np.float64(1e-3)),
            d.InverseGamma(np.float64(0.5), np.float64(1e-10))]  # fmt: skip
    return run(tf, [each.cdf(x) for each in made])


def what_is_no_class(tf, np):
    d = tf.contrib.distributions
    made = d.Categorical(probs=[0.2, 0.3, 0.5], validate_args=True)
    return [accepted(tf, lambda f=f, k=k: getattr(made, f)(k)) for f in ("log_prob", "cdf")
            for k in ([0, 2], [-1, 1], [0.0, 1.0], [0.5, 1.0])]  # fmt: skip


def what_is_singular(tf, np):
    l, nan = tf.linalg, np.float32(np.nan)  # noqa: E741
    made = [l.LinearOperatorDiag, l.LinearOperatorCirculant]
    checks = [accepted(tf, lambda each=each, x=x: each(x).assert_non_singular()) for each in made
              for x in ([1.0, -2.0], [0.0, 1.0], [nan, 1.0])]  # fmt: skip
    lower = l.LinearOperatorLowerTriangular
    checks += [accepted(tf, lambda x=x: lower([[1.0, 0.0], [2.0, x]]).assert_non_singular())
               for x in (3.0, 0.0, nan)]  # fmt: skip
    d = tf.contrib.distributions.MultivariateNormalDiag
    return checks + [
        accepted(tf, lambda: d(scale_diag=[nan, 1.0], validate_args=True).sample(seed=1))
    ]


def unknown_triangles(tf, np):
    made = tf.contrib.distributions.bijectors.FillTriangular()
    return [str(made.inverse_event_shape(tf.TensorShape(sizes)))
            for sizes in (None, [None, None], [2, 3, 3])]  # fmt: skip


def shapes_of_parameters(tf, np):
    d = tf.contrib.distributions
    made = [d.Normal, d.Beta, d.Bernoulli, d.Chi2, d.Poisson, d.Mixture, d.MultivariateNormalDiag]
    return [attempt(lambda each=each: {k: str(v) for k, v in
                                       each.param_static_shapes([2, 3]).items()})
            for each in made]  # fmt: skip



def reshaped_batches_of_unknown_shape(tf, np):
    d = tf.contrib.distributions
    loc = tf.placeholder(tf.float32)
    made = [d.BatchReshape(d.Normal(loc, 1.0), sizes, validate_args=True)
            for sizes in ([2, 3], [2, -1], [4, 2])]  # fmt: skip
    tensors = [t for each in made for t in (each.mean(), each.sample(4), each.entropy())]
    runs = [accepted(tf, lambda each=each: each.mean(), {loc: np.zeros(6)}) for each in made]
    return [str(each.batch_shape) for each in made], shapes(*tensors), runs


def what_is_no_event(tf, np):
    d, p = tf.contrib.distributions, {"validate_args": True}
    value = tf.placeholder(tf.float32)
    of_one = [d.Bernoulli(probs=0.3, **p), d.Poisson(2.0, **p), d.Kumaraswamy(2.0, 3.0, **p)]
    return [[accepted(tf, lambda each=each: each.log_prob(value), {value: x}) for each in of_one]
            for x in (0.0, 1.0, 0.5, -1.0, 2.0, 1.5)]  # fmt: skip


def what_errors_say(tf, np):
    d, p = tf.contrib.distributions, {"validate_args": True, "allow_nan_stats": False}
    ones = d.Kumaraswamy([1.0, 2.0], [2.0, 2.0], **p), d.Beta([2.0, 2.0], [1.0, 2.0], **p)
    parts = ["Elements must be bool-equivalent.",
             "Mode undefined for concentration1 <= 1.", "Mode undefined for concentration0 <= 1.",
             "sample must be non-negative", "sample must be no larger than `1`.",
             "Elements cannot exceed 1.",
             "cannot contain fractional components.", "at most one `-1`"]  # fmt: skip
    value, sizes = tf.placeholder(tf.float32, [1]), [4, -1, -1]
    builds = [
        (lambda: d.Bernoulli(probs=0.3, **p).log_prob(value), [0.5]),
        (lambda: d.Bernoulli(probs=0.3, **p).log_prob([0, 2]), [0.5]),
        (lambda: ones[0].mode(), [0.0]), (lambda: ones[1].mode(), [0.0]),
        (lambda: ones[0].prob(value), [-1.0]), (lambda: ones[0].prob(value), [1.5]),
        (lambda: d.Multinomial([1.5], probs=[0.3, 0.7], **p).sample(), [0.0]),
        (lambda: d.bijectors.Reshape(sizes, validate_args=True).forward(value), [0.0]),
    ]  # fmt: skip
    return [said(lambda build=build, x=x: run(tf, build(), {value: x}), *parts)[1]
            for build, x in builds]  # fmt: skip


def components_of_another_rank(tf, np):
    d, loc = tf.contrib.distributions, tf.placeholder(tf.float32)
    both = [d.Normal(loc, 1.0), d.Normal(0.0, 1.0)]
    made = d.Mixture(d.Categorical(probs=[0.3, 0.7]), both, validate_args=True)
    of_vectors = d.bijectors.Affine(scale_identity_multiplier=2.0, validate_args=True)
    ndims, x = tf.placeholder(tf.int32), np.ones([2, 3], np.float32)
    fed = [(made.mean(), {loc: x}) for x in (0.0, [0.0], [0.0, 1.0])]
    jacobian = of_vectors.forward_log_det_jacobian(x, ndims)
    fed += [(jacobian, {ndims: n}) for n in (1, 2, [1], [1, 2])]
    return [accepted(tf, lambda each=each: each, feed) for each, feed in fed]
