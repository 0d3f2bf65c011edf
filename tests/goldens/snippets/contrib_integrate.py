"""tf.contrib.integrate: states, what was tried, gradients."""

from goldens.kit import error, run


def _turning(tf):
    matrix = tf.constant([[-0.1, 2.0], [-2.0, -0.1]], tf.float64)
    return matrix, lambda y, t: tf.einsum("i,ij->j", y, matrix) * (1 + 0.1 * tf.cast(t, y.dtype))


def adaptive(tf, np):
    _, slope = _turning(tf)
    start = tf.constant([2.0, 0.0], tf.float64)
    t = np.linspace(0, 3, 5)
    y, info = tf.contrib.integrate.odeint(slope, start, t, rtol=1e-5, atol=1e-7, full_output=True)
    return [y.name, y.shape.as_list(), sorted(info), *run(tf, [y, info])]


def adaptive_gradients(tf, np):
    matrix, slope = _turning(tf)
    start = tf.constant([2.0, 0.0], tf.float64)
    y = tf.contrib.integrate.odeint(slope, start, [0.0, 0.3], 1e-2, 1e-2)
    return run(tf, tf.gradients(y[-1, 0], [start, matrix]))


def adaptive_with_options(tf, np):
    odeint = tf.contrib.integrate.odeint
    options = {"first_step": 0.1, "safety": 0.8, "ifactor": 5.0, "dfactor": 0.5}
    y, info = odeint(lambda y, t: 1j * y, tf.constant([1 + 2j]), [0.0, 0.5], 1e-4, 1e-4,
                     method="dopri5", options=options, full_output=True)  # fmt: skip
    few = odeint(lambda y, t: 5 * y, 1.0, [0.0, 9.0], method="dopri5",
                 options={"max_num_steps": 3})  # fmt: skip
    return [y.dtype.name, *run(tf, [y, info["num_func_evals"]]), error(lambda: run(tf, few))]


def fixed(tf, np):
    _, slope = _turning(tf)
    start, t = tf.constant([2.0, 0.0], tf.float64), np.array([0.0, 0.3, 1.0, 1.2])
    solve = tf.contrib.integrate.odeint_fixed
    made = [solve(slope, start, t), solve(slope, start, t, [0.1, 0.2, 0.5]),
            solve(slope, start, t, method="midpoint"), solve(slope, start, t, [0.1] * 3,
            method="midpoint")]  # fmt: skip
    return [[each.shape.as_list() for each in made], *run(tf, made),
            *run(tf, tf.gradients(made[1][-1, 0], start))]  # fmt: skip


def refused(tf, np):
    odeint, fixed = tf.contrib.integrate.odeint, tf.contrib.integrate.odeint_fixed

    def same(y, t):
        return y

    return [
        error(lambda: odeint(same, 1, [0.0, 1.0])),
        error(lambda: odeint(same, 1.0, [0, 1])),
        error(lambda: odeint(same, 1.0, [0.0, 1.0], method="euler")),
        error(lambda: odeint(same, 1.0, [0.0, 1.0], options={"safety": 0.5})),
        error(lambda: run(tf, odeint(same, 1.0, [1.0, 0.0]))),
        error(lambda: fixed(same, 1.0, [0.0, 1.0], method="euler")),
        error(lambda: fixed(same, 1.0, [0.0, 1.0, 2.0], [0.1])),
        error(lambda: fixed(same, 1.0, [[0.0, 1.0]])),
        error(lambda: run(tf, fixed(same, 1.0, [1.0, 0.5]))),
    ]  # fmt: skip
