"""tf.contrib.distributions at their edges: values far out, values and parameters that are wrong."""

from goldens.kit import accepted, attempt, run, shapes


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
