"""Variables by way of `tf.variable_creator_scope`."""

from goldens.kit import eagerly, error, inside, run


def _noting(seen):
    def creator(next_creator, **kwargs):
        shape = kwargs["shape"]
        seen.append((kwargs["name"], kwargs["trainable"], None if shape is None else str(shape)))
        return next_creator(**kwargs)

    return creator


def whatever_makes_them(tf, np):
    seen = []
    with tf.variable_creator_scope(_noting(seen)):
        tf.get_variable("a", [2])
        tf.get_variable("b", [2], trainable=False)
        tf.Variable(1.0)
        tf.layers.dense(tf.ones([2, 2]), 1)
        tf.keras.layers.Dense(2)(tf.ones([1, 2]))
        v = tf.keras.backend.variable(1.0)
        tf.keras.optimizers.SGD(0.1, momentum=0.9).get_updates(v * v, [v])
        tf.train.AdamOptimizer().minimize(v * v, tf.train.get_or_create_global_step(), [v])
        tf.metrics.mean([1.0])
    tf.Variable(2.0, name="after")
    return seen


def one_after_another(tf, np):
    seen = []

    def outer(next_creator, **kwargs):
        seen.append("outer " + kwargs["name"])
        return next_creator(**kwargs)

    def inner(next_creator, **kwargs):
        seen.append("inner " + kwargs["name"])
        kwargs.update(name=kwargs["name"] + "_renamed", trainable=False)
        return next_creator(**kwargs)

    with tf.variable_creator_scope(outer):
        with tf.variable_creator_scope(inner):
            made = tf.Variable(1.0, name="v")
        tf.Variable(1.0, name="w")
    names = [v.name for v in tf.global_variables()]
    return seen, made.name, names, [v.name for v in tf.trainable_variables()]


def in_place_of_variables(tf, np):
    with tf.variable_creator_scope(lambda next_creator, **kwargs: tf.constant(7.0)):
        dense = tf.keras.layers.Dense(1, use_bias=False)
        with tf.variable_scope("s"):
            got = tf.get_variable("v", [], initializer=tf.zeros_initializer())
    with tf.variable_creator_scope(lambda next_creator, **kwargs: got):
        again = tf.Variable(3.0)
    return run(tf, got), got is again, len(tf.global_variables()), dense.built


def kept_in_threads_and_graphs(tf, np):
    seen = []
    with tf.variable_creator_scope(_noting(seen)):
        with tf.Graph().as_default():
            tf.Variable(1.0, name="elsewhere")
        tf.Variable(1.0, name="here")
    first, second = (tf.variable_creator_scope(_noting([])) for _ in range(2))
    first.__enter__()
    second.__enter__()
    return seen, error(lambda: first.__exit__(None, None, None))


def of_traced_functions(tf, np):
    seen = []
    with eagerly(tf):
        made = []

        @tf.contrib.eager.defun
        def function(x):
            if not made:
                made.append(tf.contrib.eager.Variable(2.0, name="plain"))
                made.append(tf.Variable(3.0, name="noted"))
            return x * made[0] * made[1]

        with tf.variable_creator_scope(_noting(seen)):
            value = function(tf.constant(5.0)).numpy()
    return seen, value


def _scaled(tf, **options):
    def function(x):
        scale = tf.Variable(2.0, name="scale", use_resource=True)
        shift = tf.Variable(1.0, trainable=False, name="shift", use_resource=True)
        return x * scale + shift

    return tf.keras.layers.Lambda(function, **options)


def made_in_a_lambda_layer(tf, np):
    model = tf.keras.Sequential([
        _scaled(tf, input_shape=(2,)), tf.keras.layers.Dense(1, use_bias=False),
    ])  # fmt: skip
    before = [v.name for v in model.trainable_weights]
    model(tf.ones([1, 2]))
    model.compile("sgd", "mse")
    model.set_weights([np.array(2.0), np.array(1.0), np.ones([2, 1])])
    model.fit(np.ones([4, 2]), np.zeros([4, 1]), verbose=0)
    made = [v.name for v in model.layers[0].weights]
    return before, len(model.weights), made, model.get_weights()


def made_in_a_lambda_layer_at_once(tf, np):
    with eagerly(tf):
        layer = _scaled(tf)
        first = layer(tf.ones([2])).numpy()
        layer.trainable_weights[0].assign(5.0)
        return first, layer(tf.ones([2])).numpy(), len(layer.weights)


def trained_by_synchronization(tf, np):
    variable, sync = inside(tf, "python.ops.variable_scope").variable, tf.VariableSynchronization
    made = [
        make(1.0, trainable=trainable, synchronization=how)
        for make in (variable, tf.Variable)
        for trainable in (None, True)
        for how in (sync.AUTO, sync.ON_READ)
    ]
    named = tf.get_local_variable("v", [], None, None, None, True, None, None, None, False)
    return [[v.trainable for v in made], named.trainable, len(tf.trainable_variables())]
