"""tf.cond, tf.case, tf.while_loop: values, gradients, names, static shapes, what is refused."""

import collections

from goldens.kit import attempt, error, names, run, said, shape, shapes


def _both(tf, build, *values):
    """build(pred, *placeholders) and its gradients, for either value of the predicate."""
    pred = tf.placeholder(tf.bool, [])
    xs = [tf.placeholder(tf.float32, [len(v)]) for v in values]
    y = build(pred, *xs)
    dxs = [dx for dx in tf.gradients(y, xs) if dx is not None]
    feeds = dict(zip(xs, values))
    return [run(tf, [y, dxs], dict(feeds, **{})) for feeds[pred] in (True, False)]


def cond_values(tf, np):
    return _both(tf, lambda p, x: tf.cond(p, lambda: x * 2.0, lambda: tf.exp(x)), [1.0, 2.0])


def cond_of_constant(tf, np):
    return _both(tf, lambda p, x: tf.cond(p, lambda: tf.constant([1.0, 1.0]), lambda: x * x),
                 [1.0, 2.0])  # fmt: skip


def cond_names(tf, np):
    x = tf.placeholder(tf.float32, [2], name="x")
    p = tf.placeholder(tf.bool, [], name="p")
    y = tf.cond(p, lambda: x * 2.0, lambda: tf.add(x, x, name="twice"))
    z = tf.cond(p, lambda: [tf.constant(1.0), x], lambda: [tf.constant(2.0), y], name="pair")
    return sorted(names(tf)), y.name, [t.name for t in z]


def cond_structures(tf, np):
    pair = collections.namedtuple("pair", "a b")
    p = tf.placeholder(tf.bool, [])
    one = tf.cond(p, lambda: [tf.constant(1.0)], lambda: [tf.constant(2.0)])
    strict = tf.cond(p, lambda: [tf.constant(1.0)], lambda: [tf.constant(2.0)], strict=True)
    two = tf.cond(p, lambda: (1.0, 2.0), lambda: (3.0, 4.0))
    named = tf.cond(p, lambda: pair(1, [2, 3]), lambda: pair(4, [5, 6]))
    keyed = tf.cond(p, lambda: {"k": 1}, lambda: {"k": 2})
    done = tf.cond(p, lambda: tf.no_op(), lambda: tf.group())
    return [run(tf, [one, strict, two, named, keyed, done], {p: True}),
            type(strict).__name__, type(named).__name__]  # fmt: skip


def cond_old_names(tf, np):
    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, fn1=lambda: 1, fn2=lambda: 2)
    return [
        run(tf, y, {p: False}),
        said(lambda: tf.cond(p, lambda: 1, fn1=lambda: 1, fn2=lambda: 2), "true_fn and fn1"),
        said(lambda: tf.cond(p, lambda: 1), "false_fn argument required"),
    ]


def cond_refused(tf, np):
    p = tf.placeholder(tf.bool, [])
    return [
        error(lambda: tf.cond(p, 1, 2)),
        error(lambda: tf.cond(True, lambda: 1, lambda: 2)),
        error(lambda: tf.cond(p, lambda: 1, lambda: 2.0)),
        error(lambda: tf.cond(p, lambda: 1, lambda: [1, 2])),
        error(lambda: tf.cond(p, lambda: [1, 2], lambda: (1, 2))),
        error(lambda: tf.cond(p, lambda: None, lambda: None)),
        error(lambda: tf.cond(p, lambda: 1, lambda: None)),
        error(lambda: tf.cond(p, lambda: [], lambda: [])),
        error(lambda: tf.cond(tf.placeholder(tf.float32, []), lambda: 1, lambda: 2)),
        error(lambda: tf.cond(tf.placeholder(tf.bool, [2]), lambda: 1, lambda: 2)),
    ]


def cond_shapes(tf, np):
    p = tf.placeholder(tf.bool, [])
    cases = [([2, 3], [2, 3]), ([2, 3], [2, 4]), ([2], [2, 3]), ([None, 3], [2, 3]), (None, [1])]
    pairs = [[tf.placeholder(tf.float32, s) for s in pair] for pair in cases]
    return shapes(*[tf.cond(p, lambda a=a: a + 1.0, lambda b=b: b + 1.0) for a, b in pairs])


def cond_different_shapes(tf, np):
    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: tf.ones([2]), lambda: tf.zeros([3, 1])) + 1.0
    return [run(tf, y, {p: value}) for value in (True, False)]


def cond_effects(tf, np):
    """Only what the branch built runs."""
    a, b = tf.Variable(0), tf.Variable(0)
    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: tf.assign_add(a, 1), lambda: tf.assign_add(b, 10))
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for value in (True, True, False):
            found.append([sess.run(y, {p: value})] + sess.run([a, b]))
    return found


def cond_outside(tf, np):
    """What was built before runs anyway."""
    a = tf.Variable(0)
    changed = tf.assign_add(a, 1)
    y = tf.cond(tf.constant(False), lambda: changed, lambda: tf.constant(7))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(y), sess.run(a), sess.run(y), sess.run(a)]


def cond_errors_of_the_other_branch(tf, np):
    x = tf.placeholder(tf.float32, [])

    def checked():
        with tf.control_dependencies([tf.Assert(x > 10.0, ["small", x])]):
            return tf.identity(x)

    y = tf.cond(x > 0.0, checked, lambda: -x)
    return [attempt(lambda value=value: run(tf, y, {x: value})) for value in (20.0, 2.0, -3.0)]


def cond_inside_fetched(tf, np):
    p = tf.placeholder(tf.bool, [])
    x = tf.constant(1.0)
    y = tf.cond(p, lambda: tf.add(x, 1.0, name="inner"), lambda: x)
    found = [attempt(lambda name=name: run(tf, name, {p: True})) for name in
             ("cond/inner:0", "cond/Merge:0", "cond/pred_id:0", "cond/Switch:0", "cond/Merge:1")]
    return found + [attempt(lambda: run(tf, y, {"cond/inner:0": 5.0, p: True}))]


def cond_nested(tf, np):
    def build(p, x):
        return tf.cond(p, lambda: tf.cond(x[0] > 1.5, lambda: x * x, lambda: x * x * x),
                       lambda: tf.sin(x))  # fmt: skip

    return _both(tf, build, [1.0, 2.0]), _both(tf, build, [2.0, 1.0])


def cond_second_order(tf, np):
    p = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [2])
    y = tf.cond(p, lambda: x * x * x, lambda: tf.sin(x))
    dx = tf.gradients(y, x)[0]
    ddx = tf.gradients(dx, x)[0]
    return [run(tf, [dx, ddx], {p: value, x: [1.0, 2.0]}) for value in (True, False)]


def cond_gradient_by_variable(tf, np):
    w, b = tf.Variable([1.0, 2.0]), tf.Variable([3.0, 4.0])
    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: w * w, lambda: w * b)
    step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(y))
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for value in (True, False):
            sess.run(step, {p: value})
            found.append(sess.run([w, b]))
    return found


def cond_gradient_missing(tf, np):
    p = tf.placeholder(tf.bool, [])
    x, z = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])
    y = tf.cond(p, lambda: x * 1.0, lambda: tf.constant(3.0))
    return [g is None for g in tf.gradients(y, [x, z])]


def cond_of_variables(tf, np):
    v = tf.Variable(5.0)
    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: v, lambda: v + 1.0)
    return [run(tf, y, {p: value}) for value in (True, False)]


def cond_indexed_slices(tf, np):
    table = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: tf.gather(table, [0, 2]), lambda: tf.gather(table, [1, 1]))
    dx = tf.convert_to_tensor(tf.gradients(y * y, table)[0])
    return [run(tf, [y, dx], {p: value}) for value in (True, False)]


def cond_print(tf, np):
    p = tf.placeholder(tf.bool, [])
    x = tf.constant(3.0)
    y = tf.cond(p, lambda: tf.Print(x, [x], "printed: "), lambda: x * 2.0)
    return [run(tf, y, {p: value}) for value in (True, False)]


def cond_random(tf, np):
    p = tf.placeholder(tf.bool, [])
    y = tf.cond(p, lambda: tf.random_uniform([3], seed=1), lambda: tf.zeros([3]))
    drawn, zeros = [run(tf, y, {p: value}) for value in (True, False)]
    return [bool((drawn > 0).all()), zeros, shape(y)]


def case_values(tf, np):
    x = tf.placeholder(tf.int32, [])
    y = tf.case([(x < 0, lambda: tf.constant(-1)), (x > 10, lambda: x * 2)], default=lambda: x)
    return [run(tf, y, {x: value}) for value in (-5, 3, 20)], sorted(names(tf))


def case_first_wins(tf, np):
    x = tf.placeholder(tf.int32, [])
    y = tf.case([(x > 0, lambda: 1), (x > 5, lambda: 2)], default=lambda: 3)
    return [run(tf, y, {x: value}) for value in (-5, 3, 20)]


def case_exclusive(tf, np):
    x = tf.placeholder(tf.int32, [])
    y = tf.case([(x > 0, lambda: 1), (x > 5, lambda: 2)], default=lambda: 3, exclusive=True)
    return [attempt(lambda value=value: run(tf, y, {x: value})) for value in (-5, 3, 20)]


def case_without_default(tf, np):
    x = tf.placeholder(tf.int32, [])
    y = tf.case([(x > 0, lambda: 1), (x < -5, lambda: 2)])
    return [attempt(lambda value=value: run(tf, y, {x: value})) for value in (-7, -3, 20)]


def case_of_dict(tf, np):
    x = tf.placeholder(tf.int32, [])
    y = tf.case({x > 0: lambda: 1, x < -5: lambda: 2}, default=lambda: 3, exclusive=True)
    return [run(tf, y, {x: value}) for value in (-7, -3, 20)]


def case_refused(tf, np):
    p = tf.placeholder(tf.bool, [])
    return [
        error(lambda: tf.case(5, default=lambda: 1)),
        error(lambda: tf.case([(p, 1)], default=lambda: 1)),
        error(lambda: tf.case([(p, lambda: 1, 2)], default=lambda: 1)),
        error(lambda: tf.case([(True, lambda: 1)], default=lambda: 1)),
        error(lambda: tf.case([(tf.constant(1), lambda: 1)], default=lambda: 1)),
        error(lambda: tf.case([(p, lambda: 1)], default=3)),
    ]


def slices_in_groups(tf, np):
    slices = tf.IndexedSlices(tf.constant([[1.0, 2.0]]), tf.constant([1]))
    first, none, second = tf.tuple([slices, None, tf.constant(3.0)])
    with tf.control_dependencies([slices]):
        after = tf.constant(4.0, name="after")
    return [
        run(tf, [first.values, first.indices, second]), none, type(first).__name__,
        tf.group(slices, after).type, [op.name for op in after.op.control_inputs],
    ]  # fmt: skip


def invariants_as_specs(tf, np):
    result = tf.while_loop(
        lambda i, _: i < 2, lambda i, x: (i + 1, tf.stack([x, x])),
        [tf.constant(0), tf.constant([1])],
        [tf.TensorSpec([], tf.int32), tf.TensorSpec(None, tf.int32)],
    )  # fmt: skip
    return [str(result[1].shape), run(tf, result)]


def branches_that_would_not_fit(tf, np):
    """What sizes known before the run would forbid in the branch that is not taken."""
    x = tf.ones([2, 3])
    n = tf.shape(x)[1]

    def sizes(most):
        wide = n > most
        return [
            tf.cond(wide, lambda: x[:, :most], lambda: tf.pad(x, [[0, 0], [0, most - n]])),
            tf.cond(wide, lambda: tf.slice(x, [0, 0], [2, most]), lambda: x),
            tf.cond(wide, lambda: tf.zeros([n - most]), lambda: tf.fill([most - n], 2.0)),
            tf.cond(wide, lambda: tf.range(n - most), lambda: tf.range(0, most - n)),
            tf.cond(wide, lambda: tf.one_hot([0], n - most), lambda: tf.one_hot([0], most - n)),
            tf.cond(wide, lambda: tf.nn.top_k(x, n - most)[0], lambda: tf.nn.top_k(x, most - n)[0]),
        ]

    with tf.Session() as sess:
        return [[value.tolist() for value in sess.run(sizes(most))] for most in (2, 5)]


def cond_waited_for(tf, np):
    """What waits for a branch comes after what it does, also where a run knows which it is."""
    x = tf.constant(1.0)
    flag, small = tf.placeholder(tf.bool, []), tf.placeholder(tf.bool, [])
    v = tf.Variable(1.0)

    def changed(factor):
        with tf.control_dependencies([v.assign_sub(x * factor)]):
            return tf.identity(x)

    def read_after(y):
        with tf.control_dependencies([y]):
            return v.read_value() + 0.0

    ways = [lambda factor=factor: changed(factor) for factor in (2.0, 3.0, 5.0)]
    outside = v.assign_add(100.0)
    reads = [
        read_after(tf.cond(tf.constant(True), *ways[:2])),
        read_after(tf.cond(flag, *ways[1:])),
        read_after(tf.case([(flag, ways[0]), (small, ways[1])], default=ways[2])),
        read_after(tf.cond(flag, lambda: outside, lambda: outside + 1.0)),
    ]
    found = []
    with tf.Session() as sess:
        sess.run(v.initializer)
        for fed in ((True, False), (False, True), (False, False)):
            feeds = {flag: fed[0], small: fed[1]}
            found.append([[float(sess.run(each, feeds)) for each in reads] for _ in range(4)])
    return found


def cond_with_a_part_of_an_array(tf, np):
    """A branch that takes a part of an array, and changes a variable by it."""
    x, flag = tf.placeholder(tf.float32, []), tf.placeholder(tf.bool, [])
    v = tf.Variable([4, 5, 6])
    t = tf.constant([1, 2, 3]) + tf.cast(x * 2.0, tf.int32) % 5

    def nested():
        return tf.cond(x > 0, lambda: v.assign(t * 2).op, lambda: v.assign_sub(t).op)

    y = tf.cond(flag, nested, lambda: tf.scatter_mul(v, [1], t[:1]).op)
    with tf.control_dependencies([y]):
        after = v.read_value() + 0
    found = []
    with tf.Session() as sess:
        sess.run(v.initializer)
        for fed in ((1.5, True), (-1.0, True), (2.0, False)):
            found += [sess.run(after, {x: fed[0], flag: fed[1]}) for _ in range(2)]
    return found
