"""tf.train.Checkpoint where operations run at once: what is restored when, what statuses say."""

import os
import tempfile

from goldens.kit import eagerly, said
from goldens.snippets.object_checkpoints import _edges


def _folder(tf, test):
    with tempfile.TemporaryDirectory() as folder, eagerly(tf):
        return test(os.path.join(folder, "c"))


def _made(tf):
    """A network, and a function that makes a step of training."""
    layers, ones = tf.keras.layers, tf.keras.initializers.Constant(0.5)

    class Net(tf.keras.Model):
        def __init__(self):
            super().__init__(name="net")
            self.first = layers.Dense(2, kernel_initializer=ones, name="a")
            self.more = [layers.Dense(1, kernel_initializer=ones, name="b")]

        def call(self, inputs):
            return self.more[0](self.first(inputs))

    net = Net()

    def step(optimizer):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.square(net(tf.constant([[1.0, 2.0]])) - 1.0))
        variables = net.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return round(float(loss.numpy()), 5)

    return net, step


def _optimizers(tf):
    return {
        "momentum": tf.train.MomentumOptimizer(0.01, 0.9), "adam": tf.train.AdamOptimizer(0.1),
        "sgd": tf.keras.optimizers.SGD(0.01, momentum=0.9),
    }  # fmt: skip


def _assertions(status):
    return [
        said(getattr(status, name), "Unresolved object", "not bound", "Nothing except")
        for name in
        ("assert_consumed", "assert_existing_objects_matched", "assert_nontrivial_match")
    ]  # fmt: skip


def keys(tf, np):
    def test(path):
        net, step = _made(tf)
        found = _optimizers(tf)
        for optimizer in found.values():
            step(optimizer)
        return _edges(tf, tf.train.Checkpoint(net=net, **found).save(path))

    return _folder(tf, test)


def _goes_on(tf, name):
    def test(path):
        net, step = _made(tf)
        optimizer = _optimizers(tf)[name]
        step(optimizer)
        saved = tf.train.Checkpoint(net=net, optimizer=optimizer).save(path)
        results = [[step(optimizer), step(optimizer)]]
        net, step = _made(tf)
        optimizer = _optimizers(tf)[name]
        checkpoint = tf.train.Checkpoint(net=net, optimizer=optimizer)
        status = checkpoint.restore(saved)
        results += [_assertions(status), [step(optimizer), step(optimizer)], _assertions(status)]
        checkpoint.restore(saved)
        built = len(optimizer.variables())
        return [*results, step(optimizer), built, int(checkpoint.save_counter.numpy())]

    return _folder(tf, test)


def goes_on_with_momentum(tf, np):
    return _goes_on(tf, "momentum")


def goes_on_with_adam(tf, np):
    return _goes_on(tf, "adam")


def goes_on_with_keras(tf, np):
    return _goes_on(tf, "sgd")


def slots_are_made_by_restoring(tf, np):
    def test(path):
        net, step = _made(tf)
        step(_optimizers(tf)["sgd"])
        optimizer = _optimizers(tf)["momentum"]
        step(optimizer)
        saved = tf.train.Checkpoint(net=net, optimizer=optimizer).save(path)
        other = _optimizers(tf)["momentum"]
        status = tf.train.Checkpoint(net=net, optimizer=other).restore(saved)
        return sorted(v.shape.as_list() for v in other.variables()), _assertions(status)

    return _folder(tf, test)


def one_side_has_more(tf, np):
    def test(path):
        saved = tf.train.Checkpoint(a=tf.Variable(1.0), b=tf.Variable(2.0)).save(path)
        less = tf.train.Checkpoint(a=tf.Variable(0.0))
        more = tf.train.Checkpoint(a=tf.Variable(0.0), b=tf.Variable(0.0), c=tf.Variable(0.0))
        found = [_assertions(each.restore(saved).expect_partial()) for each in (less, more)]
        less.b = tf.Variable(0.0)
        return found, float(less.b.numpy()), _assertions(less.restore(None))

    return _folder(tf, test)


def one_variable_by_two_names(tf, np):
    def test(path):
        one = tf.Variable(1.0)
        saved = tf.train.Checkpoint(x=one, y=one).save(path)
        other = tf.train.Checkpoint(x=tf.Variable(0.0), y=tf.Variable(0.0))
        status = other.restore(saved)
        return float(other.x.numpy()), float(other.y.numpy()), _assertions(status)

    return _folder(tf, test)


def what_does_not_fit(tf, np):
    def test(path):
        saved = tf.train.Checkpoint(a=tf.Variable([1.0, 2.0])).save(path)
        restore = lambda value: tf.train.Checkpoint(a=tf.Variable(value)).restore(saved)  # noqa: E731
        return [
            said(lambda: restore([0.0]), "are incompatible"),
            said(lambda: restore([0, 0]), "expected dtype"),
            said(lambda: tf.train.Checkpoint().restore(path + "x")),
            said(lambda: tf.train.Checkpoint(a=3), "was expecting a trackable object"),
            said(lambda: tf.train.Checkpoint(a=[tf.Variable(3)])),
        ]

    return _folder(tf, test)


def by_names(tf, np):
    def test(path):
        saved = tf.train.Saver([tf.Variable(3.0, name="q")]).save(None, path)
        checkpoint = tf.train.Checkpoint(v=tf.Variable(0.0, name="q"))
        status = checkpoint.restore(saved)
        checkpoint.w = tf.Variable(0.0, name="q")
        values = float(checkpoint.v.numpy()), float(checkpoint.w.numpy())
        return [type(status).__name__, values, said(status.assert_consumed, "not restored")]

    return _folder(tf, test)


def weights_of_models_built_later(tf, np):
    def test(path):
        layers = tf.keras.layers
        model = lambda: tf.keras.Sequential([layers.Dense(2), layers.Dense(1)])  # noqa: E731
        first, second, inputs = model(), model(), tf.ones((1, 3))
        want = first(inputs).numpy()
        first.save_weights(path)
        status = second.load_weights(path)
        before = said(status.assert_existing_objects_matched)
        got = second(inputs).numpy()
        return before, bool((want == got).all()), said(status.assert_consumed)

    return _folder(tf, test)


def templates_restored_later(tf, np):
    def made():
        inner = tf.make_template("inner", lambda x: x * tf.get_variable("w", ()))
        return tf.make_template("outer", lambda x: inner(x) + tf.get_variable("v", ()))

    def test(path):
        first, second, inputs = made(), made(), tf.ones(2)
        want = first(inputs).numpy()
        saved = tf.train.Checkpoint(template=first).save(path)
        status = tf.train.Checkpoint(template=second).restore(saved)
        got = second(inputs).numpy()
        return bool((want == got).all()), said(status.assert_consumed), _edges(tf, saved)[0]

    return _folder(tf, test)
