"""tf.contrib.autograph: features that have to be asked for, lists, decorators."""

from goldens.kit import attempt, error, run


def lists(tf, np):
    from_contrib = tf.contrib.autograph

    def squares(n):
        found = []
        from_contrib.set_element_type(found, tf.int32)
        for i in tf.range(n):
            found.append(i * i)
        return from_contrib.stack(found)

    def counted_down(n):
        found = []
        from_contrib.set_element_type(found, tf.float32)
        while n > 0:
            if n != 3:
                found.append(tf.cast(n, tf.float32))
            n -= 1
        return from_contrib.stack(found), len(found)

    def popped(n):
        found = []
        from_contrib.set_element_type(found, tf.int32, ())
        for i in tf.range(n):
            found.append(i * i)
        last = found.pop()
        found.append(last + 1)
        return from_contrib.stack(found), last, found[2]

    def of_python():
        found = [tf.constant(1), tf.constant(2)]
        found.append(tf.constant(3))
        last = found.pop()
        return tf.stack(found), last, tf.constant(len(found))

    def items(x):
        x[1] = 5.0
        return x, x[1], x[:1]

    every = from_contrib.Feature.ALL
    convert = lambda f: from_contrib.to_graph(f, experimental_optional_features=every)  # noqa: E731
    n, x = tf.constant(4), tf.constant([1.0, 2.0, 3.0])
    each = ((squares, n), (counted_down, n), (popped, n), (of_python,), (items, x))
    return [attempt(lambda f=f, args=args: run(tf, convert(f)(*args))) for f, *args in each]


def stack(tf, np):
    of = tf.contrib.autograph.stack
    return [run(tf, of(tf.constant([1, 2]))), error(lambda: of([1, 2])), error(lambda: of(3)),
            of(3, strict=False), of([1, "a"], strict=False)]  # fmt: skip


def equality(tf, np):
    feature = tf.autograph.experimental.Feature.EQUALITY_OPERATORS

    def compared(x):
        y = 0
        if x == 3:
            y = 1
        if x != 4 and 1 < x < 5:
            y += 10
        return y

    convert = tf.autograph.to_graph(compared, experimental_optional_features=feature)
    return run(tf, [convert(tf.constant(i)) for i in range(6)])


def asserts(tf, np):
    features = tf.contrib.autograph.Feature

    def positive(x):
        assert x > 0, "too small"
        return x + 1

    def built(*which):
        made = tf.autograph.to_graph(positive, experimental_optional_features=which)
        return lambda x: attempt(lambda: run(tf, made(tf.constant(x))))

    both = built(features.ASSERT_STATEMENTS, features.AUTO_CONTROL_DEPS)
    return [both(1), both(-1), built(features.ASSERT_STATEMENTS)(-1), built()(1),
            error(lambda: tf.autograph.to_graph(positive)(-1))]  # fmt: skip


def effects_of_functions(tf, np):
    v = tf.Variable(0.0, use_resource=True)

    @tf.function
    def counts(x):
        v.assign_add(1.0)
        if x > 1.0:
            v.assign_add(x)
        for _ in tf.range(3):
            v.assign_add(10.0)
        return v * 2.0

    x = tf.placeholder(tf.float32, [])
    y = counts(x)
    init = tf.global_variables_initializer()
    with tf.Session() as sess:
        sess.run(init)
        return [[sess.run(y, {x: given}), sess.run(v)] for given in (0.0, 2.0, 3.0)]


def effects_where_asked_for(tf, np):
    v = tf.Variable(0.0, use_resource=True)

    def counts(x):
        if x > 1.0:
            v.assign_add(x)
        return x + 1.0

    features = tf.contrib.autograph.Feature
    made = tf.autograph.to_graph(
        counts, experimental_optional_features=(features.AUTO_CONTROL_DEPS,)
    )
    y = made(tf.constant(5.0))
    init = tf.global_variables_initializer()
    with tf.Session() as sess:
        sess.run(init)
        return [sess.run(y), sess.run(v) in (0.0, 5.0)]


def decorators(tf, np):
    autograph = tf.contrib.autograph

    def helper(x):
        while x < 10:
            x *= 2
        return x

    @autograph.convert(recursive=True)
    def deep(x):
        if x > 0:
            return helper(x)
        return x

    @autograph.convert()
    def shallow(x):
        if x > 0:
            return helper(x)
        return x

    options = autograph.ConversionOptions(recursive=True)
    x = tf.constant(3)
    return [run(tf, [deep(x), autograph.converted_call(helper, options, (x,), {})]),
            error(lambda: shallow(x)), options.uses(autograph.Feature.LISTS), options.recursive,
            autograph.ConversionOptions(optional_features=None).uses(autograph.Feature.ALL),
            [each.name for each in autograph.Feature.all()],
            len(autograph.Feature.all_but(autograph.Feature.LISTS)),
            issubclass(autograph.AutoGraphError, Exception)]  # fmt: skip


def name_scopes(tf, np):
    def named(x):
        return tf.add(x, 1, name="sum")

    def _hidden(x):
        return tf.add(x, 1, name="sum")

    scopes = (tf.autograph.experimental.Feature.NAME_SCOPES,)
    return [tf.autograph.to_graph(each, experimental_optional_features=scopes)(tf.constant(1)).name
            for each in (named, _hidden)]  # fmt: skip
