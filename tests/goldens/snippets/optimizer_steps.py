"""`training_ops`: the steps of optimizers as functions of variables."""

from goldens.kit import error, inside

HYPER = {
    "gradient_descent": (1, ["alpha", "grad"]),
    "adam": (3, [0.9, 0.99, "alpha", 0.9, 0.99, 1e-3, "grad"]),
    "ada_max": (3, [0.9, "alpha", 0.9, 0.99, 1e-3, "grad"]),
    "adagrad": (2, ["alpha", "grad"]),
    "adadelta": (3, ["alpha", 0.95, 1e-3, "grad"]),
    "momentum": (2, ["alpha", "grad", 0.9]),
    "rms_prop": (3, ["alpha", 0.9, 0.5, 1e-3, "grad"]),
    "centered_rms_prop": (4, ["alpha", 0.9, 0.5, 1.0, "grad"]),
    "add_sign": (2, ["alpha", 1.5, 0.9, 0.8, "grad"]),
    "power_sign": (2, ["alpha", 1.5, 0.9, 0.8, "grad"]),
    "proximal_gradient_descent": (1, ["alpha", 0.1, 0.2, "grad"]),
    "proximal_adagrad": (2, ["alpha", 0.1, 0.2, "grad"]),
    "ftrl": (3, ["grad", "alpha", 0.1, 0.2, -0.5]),
    "ftrl_v2": (3, ["grad", "alpha", 0.1, 0.2, 0.3, -0.5]),
}


def _stepped(tf, np, kind, resource, **options):
    slots, given = HYPER[kind]
    training_ops = inside(tf, "python.training.training_ops")
    with tf.Graph().as_default(), tf.Session() as sess:
        starts = [[1.0, -2.0, 3.0], [0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [1.5, 1.5, 1.5]][:slots]
        variables = [tf.Variable(start, use_resource=resource) for start in starts]
        rate, grad = tf.constant(0.1), tf.constant([0.5, -0.1, 0.0])
        rest = [{"alpha": rate, "grad": grad}.get(each, each) for each in given]
        first = [v.handle for v in variables] if resource else variables
        step = getattr(training_ops, f"{'resource_' * resource}apply_{kind}")
        made = step(*first, *rest, **options)
        sess.run(tf.global_variables_initializer())
        found = [sess.run(made), sess.run(made)]
        return [made.name if resource else made.op.name, found, sess.run(variables)]


def steps_of_variables(tf, np):
    return [_stepped(tf, np, name, False) for name in sorted(HYPER)]


def steps_of_resource_variables(tf, np):
    return [_stepped(tf, np, name, True) for name in sorted(HYPER)]


def steps_with_options(tf, np):
    return [
        _stepped(tf, np, "momentum", False, use_nesterov=True, use_locking=True, name="mine"),
        _stepped(tf, np, "adam", True, use_nesterov=True),
        _stepped(tf, np, "adagrad", False, update_slots=False),
        error(lambda: _stepped(tf, np, "adam", False, nothing=True)),
    ]


def steps_of_rows(tf, np):
    training_ops = inside(tf, "python.training.training_ops")
    found = []
    for name, given in (("adagrad", [0.1]), ("momentum", [0.1])):
        for resource in (False, True):
            with tf.Graph().as_default(), tf.Session() as sess:
                pair = [tf.Variable(np.ones([3, 2], np.float32), use_resource=resource)
                        for _ in range(2)]  # fmt: skip
                first = [v.handle for v in pair] if resource else pair
                step = getattr(training_ops, f"{'resource_' * resource}sparse_apply_{name}")
                last = [0.9] if name == "momentum" else []
                grad, indices = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([2, 0])
                made = step(*first, *given, grad, indices, *last)
                sess.run(tf.global_variables_initializer())
                found.append([sess.run(made), sess.run(pair)])
    return found
