"""What TensorFlow's own tests of tf.contrib, and of its helpers, ask for."""
import functools

from goldens.kit import inside, said


def none_of_a_barrier(tf, np):
    barrier = inside(tf, "python.ops.data_flow_ops").Barrier(
        [tf.float32, tf.string], shapes=[(2,), ()]
    )
    parts = [barrier.insert_many(0, ["a"], [[1.0, 2.0]]), barrier.insert_many(1, ["a"], ["x"])]
    count = tf.placeholder(tf.int32, [])
    taken = barrier.take_many(count)
    found = [taken.keys, *taken.values]
    with tf.Session() as sess:
        none = sess.run(found, {count: 0})
        for part in parts:
            sess.run(part)
        return [none, sess.run(found, {count: 0}), sess.run(found, {count: 1})]


def a_learn_model_of_own_arguments(tf, np):
    """Arguments of any name, labels that are used in prediction, and float64 as it is."""
    learn, seen = tf.contrib.learn, []

    def model_fn(x, target, mode):
        seen.append([mode, x.dtype.name, x.shape.as_list(), target.dtype.name,
                     target.shape.as_list()])  # fmt: skip
        target = tf.one_hot(target, 3, 1, 0)
        weights = tf.get_variable("w", [2, 3], tf.float64, tf.zeros_initializer())
        logits = tf.matmul(x, weights)
        loss = tf.losses.softmax_cross_entropy(target, logits)
        step = tf.train.GradientDescentOptimizer(0.5).minimize(loss, tf.train.get_global_step())
        return {"class": tf.argmax(logits, 1), "prob": tf.nn.softmax(logits)}, loss, step

    x, y = np.array([[1.0, 2.0], [3.0, 1.0], [0.0, 1.0]]), np.array([0, 2, 1])
    model = learn.Estimator(model_fn).fit(x, y, steps=3)
    return [
        [each["prob"] for each in model.predict(x[:2])], sorted(model.evaluate(x, y)), seen,
        said(lambda: model.fit(x[:, :1], y, steps=1), "Features are incompatible with given"),
        said(lambda: model.fit(x, y.astype(np.float32), steps=1), "Labels are incompatible with"),
        {key: str(value) for key, value in
         learn.infer_real_valued_columns_from_input(x)[0].config.items()},
    ]  # fmt: skip


def collections_of_a_function(tf, np):
    """What a function of a graph adds is its own, but for variables."""
    seen, made = [], []

    @tf.function
    def double(x):
        if not made:
            made.append(tf.Variable(2.0))
        tf.add_to_collection("mine", 7)
        tf.losses.absolute_difference(x, x * 2.0)
        seen.append([tf.get_collection("mine"), len(tf.losses.get_losses())])
        return x * made[0]

    tf.add_to_collection("mine", 3)
    y = double(tf.constant(4.0))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = sess.run(y)
    return [found, seen[0], tf.get_collection("mine"), tf.losses.get_losses(),
            len(tf.global_variables())]  # fmt: skip


def _plain(a, b, c=3, **others):
    return a, b, c


def arguments_of_callables(tf, np):
    """What tf_inspect says of partials, decorated functions, classes and objects."""
    asked = inside(tf, "python.util.tf_inspect")
    tools = inside(tf, "python.util.tf_decorator")
    spec = asked.ArgSpec(["x", "y"], None, None, (5,))

    class Made:
        def __init__(self, first, second=2):
            pass

        def __call__(self, third):
            pass

    class New(tuple):
        def __new__(cls, fourth):
            return super().__new__(cls)

    def mine(target):
        return tools.make_decorator(target, lambda *args: args, decorator_argspec=spec)

    decorated = mine(_plain)
    around = tools.TFDecorator("around", _plain, "Its own text.")
    found = [tuple(asked.getargspec(each)) for each in (
        functools.partial(_plain, 1), functools.partial(_plain, b=7, c=8), decorated, Made,
        Made(1), New, functools.partial(_plain, 1, extra=4), around,
    )]  # fmt: skip
    return [
        found, asked.getfullargspec(decorated).args, decorated._tf_decorator.decorator_name,
        around.__doc__, around(1, 2), asked.getcallargs(_plain, 1, c=4, b=2, extra=0),
        asked.getcallargs(decorated, 1),
        said(lambda: asked.getargspec(functools.partial(_plain, a=1)), "['b']",
             "can not be expressed with ArgSpec."),
        said(lambda: asked.getargspec(functools.partial(len, nothing=1))),
    ]  # fmt: skip


def weights_of_a_layer(tf, np):
    layer = tf.layers.Dense(3, kernel_initializer=tf.ones_initializer())
    y = layer(tf.ones([1, 2]))
    with tf.Session():
        first = layer.get_weights()
        layer.set_weights([first[0] * 2.0, np.float32([1.0, 2.0, 3.0])])
        found = [first, layer.get_weights(), y.eval(), layer.count_params()]
        wrong = np.zeros((3, 2), np.float32)
        return found + [
            said(lambda: layer.set_weights(first[:1]), "length 1, but the layer was expecting 2"),
            said(lambda: layer.set_weights([wrong, first[1]]), "Layer weight shape (2, 3) not"),
        ]  # fmt: skip


def layers_are_modules(tf, np):
    """A module has the variables of the layers among its attributes."""

    class Net(tf.Module):
        def __init__(self):
            super().__init__()
            self.first = tf.keras.layers.Dense(1, name="first")
            self.more = [tf.keras.Sequential([tf.keras.layers.Dense(2, name="inside")], name="s")]
            self.scale = tf.Variable(1.0, name="scale")
            self.cell = tf.nn.rnn_cell.GRUCell(2, name="cell")

        def __call__(self, x):
            return self.cell(self.more[0](self.first(x)), tf.zeros([3, 2]))[0] * self.scale

    net, model = Net(), tf.keras.Sequential([tf.keras.layers.Dense(1, name="only")])
    before = [len(net.submodules), [v.name for v in net.variables]]
    net(tf.ones([3, 4]))
    frozen = net.more[0]
    frozen.trainable = False
    return [
        before, [each.name for each in net.submodules], [v.name for v in net.variables],
        [v.name for v in net.trainable_variables], isinstance(net.first, tf.Module),
        issubclass(tf.keras.Model, tf.Module), issubclass(tf.nn.rnn_cell.GRUCell, tf.Module),
        isinstance(net.scale, tf.Module), [each.name for each in model.submodules],
        [v.name for v in net._flatten(predicate=lambda each: isinstance(each, tf.Variable))],
    ]  # fmt: skip
