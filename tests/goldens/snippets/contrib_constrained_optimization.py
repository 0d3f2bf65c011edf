"""tf.contrib.constrained_optimization: what each step leaves of the weights and of the mixture."""

from goldens.kit import inside, names, said


def _problem(tf, np, proxies=False, shape=(2,), counted=None):
    """(a problem, its variable): the least squares of x, whose means are bounded."""
    base = tf.contrib.constrained_optimization.ConstrainedMinimizationProblem
    variable = tf.get_variable("x", initializer=tf.constant([0.5, -1.0, 2.0]), use_resource=True)
    x = variable.read_value()  # once: TensorFlow may read it after the step otherwise
    objective = tf.reduce_sum(tf.square(x - [3.0, 2.0, 1.0]))
    constraints = tf.reshape(tf.stack([x[0] + x[1] - 2.0, 0.5 - x[2] * x[0]]), shape)
    proxy = tf.reshape(tf.stack([x[0] + x[1] - 1.5, 0.75 - x[2]]), shape)

    class Problem(base):
        objective = property(lambda self: objective_)
        constraints = property(lambda self: constraints_)
        proxy_constraints = property(lambda self: proxy if proxies else None)
        pre_train_ops = property(lambda self: counted)

    objective_, constraints_ = objective, constraints
    return Problem(), variable


def _steps(tf, np, optimizer, steps=12, **kwargs):
    problem, _ = _problem(tf, np, **kwargs)
    train = optimizer.minimize_constrained(problem)
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(steps):
            sess.run(train)
            if i % 4 == 3:
                found.append(sess.run([v.value() for v in tf.global_variables()]))
    return [found, [v.name for v in tf.global_variables()],
            [v.name for v in tf.trainable_variables()]]  # fmt: skip


def _sgd(tf, rate=0.1):
    return tf.train.GradientDescentOptimizer(rate)


def external(tf, np):
    make = tf.contrib.constrained_optimization.AdditiveExternalRegretOptimizer
    return _steps(tf, np, make(_sgd(tf), _sgd(tf)))


def external_bounded(tf, np):
    make = tf.contrib.constrained_optimization.AdditiveExternalRegretOptimizer
    return _steps(tf, np, make(_sgd(tf), _sgd(tf, 0.8), maximum_multiplier_radius=0.6),
                  proxies=True, shape=(1, 2))  # fmt: skip


def external_with_slots(tf, np):
    make = tf.contrib.constrained_optimization.AdditiveExternalRegretOptimizer
    return _steps(tf, np, make(tf.train.AdagradOptimizer(0.5), _sgd(tf, 0.7)))


def swap_additive(tf, np):
    make = tf.contrib.constrained_optimization.AdditiveSwapRegretOptimizer
    return _steps(tf, np, make(_sgd(tf)), proxies=True)


def swap_additive_by_two(tf, np):
    make = tf.contrib.constrained_optimization.AdditiveSwapRegretOptimizer
    return _steps(tf, np, make(_sgd(tf), tf.train.MomentumOptimizer(0.2, 0.5)))


def swap_multiplicative(tf, np):
    make = tf.contrib.constrained_optimization.MultiplicativeSwapRegretOptimizer
    return _steps(tf, np, make(_sgd(tf), minimum_multiplier_radius=0.05))


def swap_multiplicative_by_two(tf, np):
    make = tf.contrib.constrained_optimization.MultiplicativeSwapRegretOptimizer
    made = make(_sgd(tf), _sgd(tf, 0.9), minimum_multiplier_radius=0.01,
                initial_multiplier_radius=0.5)  # fmt: skip
    return _steps(tf, np, made, proxies=True)


def some_steps_without_constraints(tf, np):
    make = tf.contrib.constrained_optimization.AdditiveExternalRegretOptimizer
    step = tf.train.get_or_create_global_step()
    before = tf.get_variable("before", [], initializer=tf.zeros_initializer())
    problem, x = _problem(tf, np, counted=[before.assign_add(1.0)])
    train = make(_sgd(tf), _sgd(tf)).minimize(problem, unconstrained_steps=3, global_step=step)
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(6):
            sess.run(train)
            found.append(sess.run([step, before, x, *tf.global_variables()[3:]]))
    return found


def names_of_a_step(tf, np):
    make = tf.contrib.constrained_optimization.AdditiveExternalRegretOptimizer
    step = tf.train.get_or_create_global_step()
    problem, _ = _problem(tf, np)
    before = len(names(tf))
    optimizer = make(_sgd(tf))
    train = optimizer.minimize(problem, global_step=step, name="mine")
    made = [n for n in names(tf)[before:] if not n.startswith(("gradients", "update/update_"))]
    return [train.name, made,
            optimizer.constraint_optimizer, problem.num_constraints]  # fmt: skip


def refused(tf, np):
    parts = tf.contrib.constrained_optimization
    problem, _ = _problem(tf, np)
    typed = type("Other", (type(problem),), {"objective": tf.constant(1.0, tf.float64)})()
    unknown = type("Other", (type(problem),), {"constraints": tf.placeholder(tf.float32, [None])})()
    other = type("Other", (type(problem),), {"proxy_constraints": tf.zeros([3])})()
    external, swap = parts.AdditiveExternalRegretOptimizer, parts.MultiplicativeSwapRegretOptimizer
    return [
        said(parts.ConstrainedMinimizationProblem), said(lambda: parts.ConstrainedOptimizer(None)),
        said(lambda: external(_sgd(tf), maximum_multiplier_radius=-1.0), "strictly positive"),
        said(lambda: swap(_sgd(tf), minimum_multiplier_radius=1.0), "range (0,1)"),
        said(lambda: swap(_sgd(tf), None, 0.1, 0.05), "initial_multiplier_radius must"),
        said(lambda: external(_sgd(tf)).minimize(problem, 3), "global_step cannot be None"),
        said(lambda: external(_sgd(tf)).minimize(typed), "same dtype"),
        said(lambda: external(_sgd(tf)).minimize(unknown), "fully-known"),
        said(lambda: external(_sgd(tf)).minimize(other), "same shape"),
    ]  # fmt: skip


def projected(tf, np):
    external = inside(tf, "contrib.constrained_optimization.python.external_regret_optimizer")
    swap = inside(tf, "contrib.constrained_optimization.python.swap_regret_optimizer")
    vector = external._project_multipliers_wrt_euclidean_norm
    matrix = swap._project_stochastic_matrix_wrt_euclidean_norm
    of_log = swap._project_log_stochastic_matrix_wrt_kl_divergence
    x = np.random.RandomState(3).randn(4, 4).astype(np.float32)
    values = [vector(tf.constant(row), 1.5) for row in x] + [matrix(tf.constant(x)), of_log(x)]
    values.append(swap._maximal_eigenvector_power_method(tf.constant(abs(x))))
    with tf.Session() as sess:
        found = sess.run(values)
    return [*found, said(lambda: vector(tf.zeros([2, 2]), 1.0)),
            said(lambda: vector(tf.zeros([]), 1.0)),
            said(lambda: vector(tf.zeros([2], tf.int32), 1.0)),
            said(lambda: matrix(tf.zeros([2]))),
            said(lambda: matrix(tf.zeros([2, 3])))]  # fmt: skip


def _candidates(np):
    objective = np.array([1.0, 0.4, 0.2, 0.7, 0.4])
    constraints = np.array([[-0.5, 0.3, 0.5, -0.1, 0.3], [-0.1, -0.3, 0.2, 0.1, -0.3]])
    return objective, constraints


def best_index(tf, np):
    objective, constraints = _candidates(np)
    best = tf.contrib.constrained_optimization.find_best_candidate_index
    return [best(objective, constraints), best(objective, constraints, rank_objectives=True),
            best(objective, constraints + 0.2), best(objective[:3], constraints[:, :3], True),
            best(objective[1:], constraints[:0, 1:]),
            said(lambda: best(objective, constraints[:, :3]), "objective_vector must")]  # fmt: skip
