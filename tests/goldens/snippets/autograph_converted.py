"""What is converted, and what is called as it is: by tf.function in a graph."""

import functools

from goldens.kit import error, run


def _positive(x):
    if x > 0:
        return x
    return -x


def _not_left(x, n=3):
    while x < n:
        x += 1
    return x


class _Base:
    def method(self, x):
        return _positive(x) + 1


class _Derived(_Base):
    scale = 10

    def method(self, x):
        if x > 0:
            return super(_Derived, self).method(x) * self.scale
        return super(_Derived, self).method(x)

    def shorter(self, x):
        if x > 0:
            x = super().method(x) * 2
        return x

    @staticmethod
    def static(x):
        return 1 if x > 0 else 2

    @classmethod
    def of_class(cls, x):
        return cls.scale if x > 0 else x

    def __call__(self, x):
        if x > 0:
            return x + self.scale
        return x


def _values(tf, *functions):
    return run(tf, [[tf.function(f)(tf.constant(x)) for x in (-2, 5)] for f in functions])


def functions(tf, np):
    def short(x):
        return functools.partial(_not_left, n=4)(x)

    def longer(x):
        return _not_left(x, n=7)

    chosen = lambda x: 1 if x > 0 else 2  # noqa: E731
    return _values(tf, _positive, short, longer, chosen, functools.partial(_not_left, n=6))


def methods(tf, np):
    it = _Derived()

    def static(x):
        return it.static(x), it.of_class(x)

    def called(x):
        return it(x)

    return _values(tf, it.method, it.shorter, static, it, called, _Base().method)


def as_decorators(tf, np):
    class Counter:
        def __init__(self, n):
            self.n = n

        @tf.function
        def up(self, x):
            for _ in tf.range(self.n):
                x += 1
            return x

    @tf.function(input_signature=[tf.TensorSpec([], tf.int32)])
    def signed(x):
        return _positive(x)

    @tf.function
    def calls(x):
        if x > 0:
            x = signed(x) * 2
        return x

    return run(tf, [signed(-3), calls(tf.constant(4))])


def what_is_left(tf, np):
    @tf.autograph.experimental.do_not_convert
    def left(x):
        return 1 if x > 0 else 2

    def generated(x):
        if x > 0:
            yield x

    space = {}
    exec("def dynamic(x):\n    return 1 if x > 0 else 2", space)
    x = tf.constant(1)
    return [
        error(lambda: tf.function(left)(x)),
        error(lambda: tf.function(lambda y: left(y))(x)),
        error(lambda: tf.function(_positive, autograph=False)(x)),
        error(lambda: tf.function(lambda y: list(generated(y)))(x)),
        error(lambda: tf.function(space["dynamic"])(x)),
        error(lambda: tf.autograph.to_graph(space["dynamic"])),
        error(lambda: tf.autograph.to_graph(len)),
        error(lambda: tf.autograph.to_graph(_sums, recursive=False)(x)),
        error(lambda: tf.cond(x > 0, lambda: _positive(x), lambda: x)),
    ]  # fmt: skip


def _sums(x):
    if x > 0:
        x = x + 1
    return _positive(x)


def to_graph(tf, np):
    x, y = tf.constant(5), tf.constant(-5)
    made = tf.autograph.to_graph(_Base)
    method = tf.autograph.to_graph(_Base.method)
    shorter = tf.autograph.to_graph(_Derived().shorter)
    return run(tf, [tf.autograph.to_graph(_sums)(x), made().method(y), method(_Base(), x),
                    shorter(_Derived(), y)])  # fmt: skip


def code(tf, np):
    found = tf.autograph.to_code(_positive)
    return [found.startswith("def tf___positive(x):"), "if_stmt" in found,
            tf.autograph.to_graph(_positive).__name__]  # fmt: skip


def layers(tf, np):
    class Own(tf.keras.layers.Layer):
        def call(self, x):
            if tf.reduce_sum(x) > 3.0:
                return x * 2.0
            return x

    class Former(tf.layers.Layer):
        def call(self, x):
            for _ in tf.range(3):
                x = x + 1.0
            return x

    class Whole(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.own = Own()

        def call(self, x):
            y = self.own(x)
            return y + 1.0 if tf.reduce_sum(y) > 3.0 else y

    x = tf.ones([2])
    return run(tf, [Own()(x), Own()(x * 3.0), Former()(x), Whole()(x), Whole()(x * 3.0)])


def datasets(tf, np):
    def odd(x):
        if x % 2 > 0:
            return True
        return False

    def weighted(state, x):
        if x > 2:
            state = state + x * 10
        return state + x

    def several(x):
        n = x
        while n < 3:
            n += 1
        return tf.data.Dataset.range(n - x)

    def elements(dataset):
        step = tf.data.make_one_shot_iterator(dataset).get_next()
        found = []
        with tf.Session() as sess:
            try:
                while True:
                    found.append(sess.run(step))
            except tf.errors.OutOfRangeError:
                return found

    d = tf.data.Dataset.range(5)
    scanned = d.apply(tf.data.experimental.scan(
        tf.constant(0, tf.int64), lambda s, x: (s + x if x > 1 else s, s)))  # fmt: skip
    return [elements(d.map(lambda x: x * 2 if x > 2 else x)), elements(d.filter(odd)),
            elements(d.flat_map(several)), run(tf, d.reduce(tf.constant(0, tf.int64), weighted)),
            elements(scanned)]  # fmt: skip


def loops_over_datasets(tf, np):
    def summed(d):
        total, last = tf.constant(0, tf.int64), tf.constant(-1, tf.int64)
        for x in d:
            if x % 3 > 1:
                continue
            total += x
            last = x
        return total, last

    def broken(d):
        total = tf.constant(0, tf.int64)
        for x in d:
            if x > 4:
                break
            total += x
        return total

    def paired(d):
        total = tf.constant(0, tf.int64)
        for i, (x, y) in enumerate(zip(d, d.skip(1))):
            total += i * x - y
        return total

    d = tf.data.Dataset.range(8)
    return run(tf, [tf.function(each)(d) for each in (summed, broken, paired)])
