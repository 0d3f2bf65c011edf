"""Numbers and vectors that are given as tensors of another rank, or are out of range."""

from goldens.kit import accepted, attempt, error, run, said, shape

WRONG = ([1], [[1]], -5)


def numbers(tf, np):
    x = np.ones((2, 2), np.float32)
    asked = [
        lambda n: tf.argmax(x, n), lambda n: tf.gather(x, [0], axis=n), lambda n: tf.cumsum(x, n),
        lambda n: tf.one_hot([1], n), lambda n: tf.unsorted_segment_sum(x, [0, 0], n),
        lambda n: tf.sparse_segment_sum(x, [0], [0], num_segments=n), lambda n: tf.split(x, 2, n),
        lambda n: tf.multinomial(x, n, seed=1), lambda n: tf.histogram_fixed_width(x, [0., 2.], n),
        lambda n: tf.nn.top_k(x, n)[0], lambda n: tf.math.cumulative_logsumexp(x, n),
        lambda n: tf.expand_dims(x, n), lambda n: tf.concat([x, x], n),
    ]  # fmt: skip
    later = tf.placeholder(tf.int32)
    return [
        [accepted(tf, lambda ask=ask, n=n: ask(n)) for n in WRONG] for ask in asked
    ] + [
        [accepted(tf, lambda ask=ask: ask(later), {later: n}) for n in WRONG[:2]]
        for ask in asked
    ]  # fmt: skip


def vectors(tf, np):
    x = np.ones((1,), np.float32)
    asked = [lambda n: tf.tile(x, n), lambda n: tf.slice(x, [0], n), lambda n: tf.slice(x, n, [1]),
             lambda n: tf.transpose(x, n), lambda n: tf.reverse(x, n), lambda n: tf.fill(n, 1.0),
             lambda n: tf.reshape(x, n)]  # fmt: skip
    later = tf.placeholder(tf.int32)
    return [
        [[error(lambda ask=ask, n=n: ask(n)) for n in (0, [[0]])] for ask in asked],
        [[accepted(tf, lambda ask=ask: ask(later), {later: n}) for n in (0, [[0]], [0])]
         for ask in asked],
        shape(tf.slice(np.ones((4, 4)), tf.placeholder(tf.int32), [2, -1])),
    ]  # fmt: skip


def filled(tf, np):
    value, sizes = tf.placeholder(tf.float32), tf.placeholder(tf.int32)
    return [
        error(lambda: tf.fill([2], [1.0, 2.0])), error(lambda: tf.fill([2, -1], 1.0)),
        error(lambda: tf.zeros([-1, 2])), error(lambda: tf.ones([[1, 2]])),
        error(lambda: tf.eye(-1)),
        accepted(tf, lambda: tf.fill([2], value), {value: [1.0, 2.0]}),
        accepted(tf, lambda: tf.fill([2], value), {value: 1.0}),
        [attempt(lambda n=n: run(tf, tf.fill(sizes, 2), {sizes: n})) for n in ([2], 2, [-1])],
        error(lambda: tf.concat([tf.constant(1), tf.constant(2)], sizes)),
    ]  # fmt: skip


def shapes_as_tensors(tf, np):
    large = tf.TensorShape([2**31, 2])
    return [
        run(tf, tf.convert_to_tensor(large)), error(lambda: tf.convert_to_tensor(large, tf.int32)),
        run(tf, tf.convert_to_tensor(tf.TensorShape([3]), tf.int64)),
        error(lambda: tf.convert_to_tensor(tf.TensorShape([3]), tf.float32)),
        error(lambda: tf.convert_to_tensor(tf.Dimension(3), tf.float32)),
        run(tf, tf.convert_to_tensor(tf.Dimension(3))),
    ]  # fmt: skip


def diagonals(tf, np):
    partly = tf.placeholder(tf.float32, [None, 3, 2, None])
    band, upper = tf.placeholder(tf.int32, []), tf.matrix_band_part
    return [
        error(lambda: tf.diag_part(1.0)), error(lambda: tf.diag_part(tf.zeros([2, 3]))),
        shape(tf.diag_part(partly)), shape(tf.diag_part(tf.placeholder(tf.float32, [None, 3]))),
        run(tf, upper(np.ones((2, 2)), band, 0), {band: 0}), error(lambda: upper([[1]], 0, band)),
        error(lambda: tf.gather_nd([[1, 2]], 0)),
        error(lambda: tf.gather_nd([[1, 2]], [[0, 0, 0]])),
    ]  # fmt: skip


def parts_assigned(tf, np):
    def assigned(index, value):
        tf.reset_default_graph()
        part = tf.Variable([[1, 2, 3], [4, 5, 6]])[index]
        return attempt(lambda: run(tf, part.assign(np.array(value, np.int32))))

    nothing = (slice(8, 10), slice(8, 10))
    return [
        assigned(nothing, [[]]), assigned((slice(8, 10), 0), []), assigned(nothing, [[7, 8]]),
        assigned((0, slice(0, 2)), [[1, 2]]), assigned((0, slice(0, 2)), [8, 9]),
    ]  # fmt: skip


def lines_of_commas(tf, np):
    def read(*lines, **how):
        defaults = [[7]] * how.pop("count", 1)
        return attempt(lambda: run(tf, tf.decode_csv(list(lines), defaults, **how)))

    return [
        read(""), read("1", ""), read("1,", count=2), read(",", count=2),
        read("1::2", count=2, field_delim="::"), read("1:2", count=2, field_delim=":"),
        read("1,2,3", count=2, select_cols=[0, 3]), read("1,2,3", count=2, select_cols=[0, 2]),
    ]  # fmt: skip


def limits_of_random_numbers(tf, np):
    def drawn(low, high):
        return accepted(tf, lambda: tf.random_uniform([4], low, high, tf.int32))

    def stateless(low, high):
        low, high = (tf.constant(limit) for limit in (low, high))
        return accepted(tf, lambda: tf.random.stateless_uniform([4], [1, 2], low, high, tf.int32))

    return [
        [draw(1, 5), draw([1, 2], 5), draw(1, [5]), draw(5, 5), draw(6, 5)]
        for draw in (drawn, stateless)
    ] + [
        shape(tf.random_uniform([4], [0.0], [[1.0], [2.0]])),
        accepted(tf, lambda: tf.multinomial(np.zeros((2, 0), np.float32), 3)),
        accepted(tf, lambda: tf.multinomial(np.zeros((0, 2), np.float32), 3)),
    ]  # fmt: skip


def frames(tf, np):
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    return [
        error(lambda: tf.signal.frame(x, [2], 1)), error(lambda: tf.signal.frame(x, 2, [1])),
        error(lambda: tf.signal.frame(x, 2, 1, pad_end=True, pad_value=[1.0])),
        accepted(tf, lambda: tf.signal.frame(x, 2, 1, axis=2)),
        run(tf, tf.signal.frame(x, 2, 2, pad_end=True, pad_value=9.0)),
        run(tf, tf.signal.frame(x, 1, 1, axis=-2)),
    ]  # fmt: skip


def places_outside(tf, np):
    """The message says which index it is; in C of places of several numbers the row."""
    variable = tf.Variable([1.0, 2.0, 3.0])
    asked = [
        (lambda: tf.gather([1, 2, 3], [[0, 7]]), "indices[0,1] = 7 is not in [0, 3)"),
        (lambda: tf.gather([1, 2, 3], -1), "indices = -1 is not in [0, 3)"),
        (lambda: tf.gather_nd([[1, 2]], [[[0, 1], [0, 5]]]),
         "indices[0,1] = [0, 5] does not index into param shape [1,2]"),
        (lambda: tf.scatter_nd([[1, 1], [7, 1]], [1, 2], [4, 2]), "indices[1] = "),
        (lambda: tf.tensor_scatter_update([1, 2], [[0], [-1]], [1, 2]), "indices[1] = "),
        (lambda: tf.scatter_nd_update(variable, [[0], [9]], [1.0, 2.0]), "indices[1] = "),
        (lambda: tf.scatter_update(variable, [[0], [9]], [[1.0], [2.0]]), "indices[1"),
        (lambda: tf.dynamic_partition([[1, 2]], [[0, 9]], 3),
         "partitions[0,1] = 9 is not in [0, 3)"),
    ]  # fmt: skip
    return [said(lambda build=build: run(tf, build()), part) for build, part in asked]
