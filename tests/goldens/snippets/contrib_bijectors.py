"""tf.contrib.distributions.bijectors: values, inverses, Jacobians, shapes, flows."""

from goldens.kit import accepted, attempt, error, run

VALUES = [[0.1, 0.5, 0.2], [0.3, 0.4, 0.9]]
LOWER = [[1.0, 0.0, 0.0], [0.5, 2.0, 0.0], [0.1, 0.2, 0.3]]


def _facts(tf, np, ndims, value, *bijectors):
    """What each makes of events of so many axes, and of them back; its Jacobians and shapes."""
    return [run(tf, _asked(tf, b, ndims, np.float32(value))) for b in bijectors]


def _asked(tf, b, ndims, value):
    x, event = tf.constant(value), value.shape[value.ndim - ndims :]
    y = b.forward(x)
    apart = tf.identity(y)  # what was computed of y is not that of x
    asked = {
        "forward": y, "inverse": b.inverse(apart), "gradient": tf.gradients(y, x)[0],
        "shape": b.forward_event_shape_tensor(event),
        "shape back": b.inverse_event_shape_tensor(b.forward_event_shape(event).as_list()),
        "known": tf.constant([b.name, str(b.forward_min_event_ndims), str(y.shape),
                              str(b.inverse_min_event_ndims), str(b.is_constant_jacobian)]),
    }  # fmt: skip
    for more in 0, 1:
        asked["log_det %d" % more] = b.forward_log_det_jacobian(x, ndims + more)
        asked["log_det back %d" % more] = b.inverse_log_det_jacobian(
            apart, b.inverse_min_event_ndims + more
        )
    return asked


def of_numbers(tf, np):
    b = tf.contrib.distributions.bijectors
    return _facts(
        tf, np, 0, VALUES, b.Identity(), b.Exp(), b.PowerTransform(2.0), b.Sigmoid(), b.Softplus(),
        b.Softplus(2.0), b.Softsign(), b.Square(), b.AffineScalar(1.0, [2.0, 3.0, -4.0]),
    )  # fmt: skip


def of_numbers_that_distributions_are_made_of(tf, np):
    b = tf.contrib.distributions.bijectors
    return _facts(
        tf, np, 0, VALUES, b.SinhArcsinh(0.5, 2.0), b.Gumbel(1.0, 2.0), b.Kumaraswamy(2.0, 3.0),
        b.Invert(b.Exp()), b.Chain([b.Exp(), b.AffineScalar(1.0, 2.0)]), b.Chain([]),
    )  # fmt: skip


def of_both_signs(tf, np):
    b = tf.contrib.distributions.bijectors.AbsoluteValue()
    values = np.float32(VALUES)
    return run(tf, [b.forward(-values), b.inverse(values), b.inverse_log_det_jacobian(values, 1)])


def affine(tf, np):
    b = tf.contrib.distributions.bijectors
    shift, lower = [1.0, 2.0, 3.0], np.float32(LOWER)
    return _facts(
        tf, np, 1, VALUES, b.Affine(shift), b.Affine(scale_identity_multiplier=3.0),
        b.Affine(shift, scale_diag=shift), b.Affine(scale_tril=lower, scale_identity_multiplier=2.),
        b.Affine(shift, scale_diag=shift, scale_perturb_factor=[[0.1], [0.2], [0.3]]),
        b.AffineLinearOperator(shift, tf.linalg.LinearOperatorFullMatrix(lower)),
    )  # fmt: skip


def affine_refused(tf, np):
    b = tf.contrib.distributions.bijectors
    full = tf.linalg.LinearOperatorFullMatrix(LOWER)
    return [
        error(lambda: b.Affine(scale_perturb_diag=[1.0])),
        error(lambda: b.Affine([1.0], scale_diag=np.float64([1.0]))),
        error(lambda: b.AffineLinearOperator([1.0], 2.0)),
        error(lambda: b.AffineLinearOperator([1.0], full, validate_args=True)),
        accepted(tf, lambda: b.Affine(scale_diag=tf.placeholder_with_default([0.0], [1]),
                                      validate_args=True).forward([[1.0]])),
    ]  # fmt: skip


def of_vectors(tf, np):
    b = tf.contrib.distributions.bijectors
    increasing = [[1.0, 2.0, 4.0], [2.0, 3.0, 3.5]]
    return [
        *_facts(tf, np, 1, VALUES, b.SoftmaxCentered(), b.Permute([2, 0, 1]),
                b.Chain([b.SoftmaxCentered(), b.Affine(scale_tril=LOWER)])),
        *_facts(tf, np, 1, increasing, b.Ordered()),
        *_facts(tf, np, 1, np.arange(12).reshape(2, 6) / 10.0, b.ScaleTriL(),
                b.FillTriangular(upper=True)),
    ]  # fmt: skip


def of_matrices(tf, np):
    b = tf.contrib.distributions.bijectors
    lower = np.stack([LOWER, LOWER + np.eye(3)])
    return _facts(
        tf, np, 2, lower, b.CholeskyOuterProduct(), b.MatrixInverseTriL(),
        b.TransformDiagonal(b.Exp()),
    )  # fmt: skip


def from_vectors_to_covariances(tf, np):
    b = tf.contrib.distributions.bijectors
    whole = b.Chain([b.CholeskyOuterProduct(), b.TransformDiagonal(b.Exp()), b.FillTriangular()])
    return _facts(tf, np, 1, np.arange(12).reshape(2, 6) / 10.0, whole)


def reshaped(tf, np):
    b = tf.contrib.distributions.bijectors
    x = np.float32(np.arange(24).reshape(4, 3, 2))
    made = b.Reshape([-1], [3, 2])
    other = b.Reshape(tf.placeholder_with_default([3, -1], [2]), [6])
    return run(
        tf, [made.forward(x), made.inverse(x.reshape(4, 6)), made.forward_log_det_jacobian(x, 2),
             other.forward(x.reshape(4, 6)), made.forward_event_shape_tensor([3, 2])],
    ) + [str(made.forward_event_shape([3, 2])), str(made.inverse_event_shape([6])),
         error(lambda: made.forward(x.reshape(4, 6))), error(lambda: b.Reshape([[1]])),
         error(lambda: b.Reshape([1.5]))]  # fmt: skip


def one_of_my_own(tf, np):
    b = tf.contrib.distributions.bijectors

    class LeakyReLU(b.Bijector):
        def __init__(self, alpha=0.5, name="leaky"):
            super().__init__(forward_min_event_ndims=1, name=name)
            self.alpha = alpha

        def _forward(self, x):
            return tf.where(tf.greater_equal(x, 0), x, self.alpha * x)

        def _inverse(self, y):
            return tf.where(tf.greater_equal(y, 0), y, 1.0 / self.alpha * y)

        def _inverse_log_det_jacobian(self, y):
            inside = tf.where(tf.greater_equal(y, 0), tf.ones_like(y), tf.ones_like(y) / self.alpha)
            return tf.reduce_sum(tf.log(tf.abs(inside)), axis=-1)

    d = tf.contrib.distributions
    flow = b.Chain([LeakyReLU(), b.Affine([1.0, -1.0], scale_tril=[[1.0, 0.0], [2.0, 3.0]])])
    whole = d.TransformedDistribution(d.MultivariateNormalDiag([0.0, 0.0]), flow)
    return run(tf, [whole.sample(3, seed=1), whole.log_prob([[1.0, 2.0], [-1.0, 0.5]])]) + [
        flow.name, whole.name,
    ]  # fmt: skip


def of_functions(tf, np):
    b = tf.contrib.distributions.bijectors
    made = b.Inline(forward_fn=tf.exp, inverse_fn=tf.log, forward_min_event_ndims=0,
                    inverse_log_det_jacobian_fn=lambda y: -tf.log(y))  # fmt: skip
    missing = b.Inline(forward_fn=tf.exp, forward_min_event_ndims=0)
    return _facts(tf, np, 0, VALUES, made) + [
        error(lambda: missing.inverse(1.0)),
        error(lambda: missing.inverse_log_det_jacobian(1.0, 0)),
    ]


def refused(tf, np):
    b = tf.contrib.distributions.bijectors
    return [
        error(lambda: b.Inline(forward_fn=tf.exp)),
        error(lambda: b.Inline(forward_min_event_ndims=-1)),
        error(lambda: b.Inline(forward_min_event_ndims=1.5)),
        error(lambda: b.SoftmaxCentered().forward_log_det_jacobian([1.0], 0)),
        error(lambda: b.Exp().forward_log_det_jacobian([1.0], 1.0)),
        error(lambda: b.PowerTransform(-1.0)),
        error(lambda: b.Permute([0, 2])),
        error(lambda: b.Permute([0.0, 1.0])),
        error(lambda: b.Invert(b.AbsoluteValue())),
        error(lambda: b.Chain([b.AbsoluteValue()])),
        error(lambda: b.AbsoluteValue().forward_log_det_jacobian([1.0], 0)),
        error(lambda: b.FillTriangular().forward_event_shape([4])),
        error(lambda: b.BatchNormalization(tf.layers.Dense(1))),
        error(lambda: b.Affine(scale_diag=[1.0]).forward(np.float64([1.0]))),
        accepted(tf, lambda: b.Ordered(validate_args=True).forward([2.0, 1.0])),
        accepted(tf, lambda: b.Square(validate_args=True).forward([-1.0])),
        accepted(tf, lambda: b.Gumbel(validate_args=True).inverse([2.0])),
        accepted(tf, lambda: b.MatrixInverseTriL(validate_args=True).forward([[1.0, 2.0],
                                                                              [0.0, 1.0]])),
    ]  # fmt: skip


def computed_once(tf, np):
    d, b = tf.contrib.distributions, tf.contrib.distributions.bijectors
    made = b.Exp()
    x = tf.constant([1.0])
    y = made.forward(x)
    whole = d.TransformedDistribution(d.Normal(0.0, 1.0), b.Inline(
        forward_fn=tf.exp, forward_min_event_ndims=0,
        forward_log_det_jacobian_fn=lambda x: x))  # fmt: skip
    sample = whole.sample(3, seed=1)
    return [made.inverse(y) is x, made.forward(x) is y, run(tf, whole.log_prob(sample)),
            attempt(lambda: whole.log_prob([1.0])), y.name]  # fmt: skip


def _variables(tf):
    trained = {v.name for v in tf.trainable_variables()}
    return [[v.name, str(v.shape), v.name in trained] for v in tf.global_variables()]


def masked_autoregressive_flow(tf, np):
    d, b = tf.contrib.distributions, tf.contrib.distributions.bijectors
    network = b.masked_autoregressive_default_template(
        [4, 8], kernel_initializer=tf.ones_initializer()
    )
    flow = b.MaskedAutoregressiveFlow(network)
    unrolled = b.MaskedAutoregressiveFlow(network, unroll_loop=True)
    x = tf.constant(VALUES)
    y = flow.forward(x)
    whole = d.TransformedDistribution(d.Normal(0.0, 1.0), flow, event_shape=[3])
    return run(
        tf, [y, unrolled.forward(x), flow.inverse(tf.constant(VALUES)),
             flow.inverse_log_det_jacobian(tf.constant(VALUES), 1), whole.log_prob(VALUES),
             whole.sample(2, seed=3), tf.gradients(y, tf.trainable_variables()[:2])],
    ) + _variables(tf)  # fmt: skip


def inverse_autoregressive_flow(tf, np):
    b = tf.contrib.distributions.bijectors
    flow = b.Invert(b.MaskedAutoregressiveFlow(b.masked_autoregressive_default_template(
        [4], shift_only=True, kernel_initializer=tf.ones_initializer(), name="mine")))
    return run(tf, [flow.forward(VALUES), flow.forward_log_det_jacobian(VALUES, 1),
                    b.masked_dense(tf.constant(VALUES), 6, 3, True, tf.ones_initializer(),
                                   name="dense")]) + _variables(tf)  # fmt: skip


def real_nvp(tf, np):
    d, b = tf.contrib.distributions, tf.contrib.distributions.bijectors
    flow = b.RealNVP(1, b.real_nvp_default_template([4], kernel_initializer=tf.ones_initializer()))
    whole = d.TransformedDistribution(d.MultivariateNormalDiag([0.0] * 3), flow)
    x = tf.constant(VALUES)
    return run(
        tf, [flow.forward_log_det_jacobian(x, 1), flow.inverse(tf.constant(VALUES)),
             flow.inverse_log_det_jacobian(tf.constant(VALUES), 1), whole.sample(3, seed=3),
             whole.log_prob(VALUES)],
    ) + _variables(tf) + [error(lambda: b.RealNVP(0, None)),
                          error(lambda: b.RealNVP(3, None).forward(x))]  # fmt: skip


def batch_normalization(tf, np):
    b = tf.contrib.distributions.bijectors
    found = []
    for training in True, False:
        flow = b.BatchNormalization(training=training)
        x = tf.constant(VALUES)
        found.append(run(
            tf, [flow.inverse(x), flow.inverse_log_det_jacobian(x, 1),
                 flow.forward(np.float32(VALUES) + 1)],
        ))  # fmt: skip
    return found + _variables(tf)
