"""What is built of tensors whose rank only the run knows, and its gradients."""

from goldens.kit import attempt, error, run, shape


def _asked(tf, np, build, *values):
    """The static shape, the value, and the gradients by the inputs that are floats."""
    inputs = [tf.placeholder(np.asarray(value).dtype) for value in values]
    result = build(*inputs)
    floats = [x for x in inputs if x.dtype == tf.float32]
    slopes = [tf.convert_to_tensor(g) for g in tf.gradients(result * result, floats)]
    return [shape(result), run(tf, [result, *slopes], dict(zip(inputs, values)))]


def gathered(tf, np):
    x, places = np.arange(12, dtype=np.float32).reshape(3, 4), np.array([[0, 2], [2, 1]])
    axis = tf.placeholder(tf.int32)
    values, ids = tf.placeholder(tf.float32), tf.placeholder(tf.int32)
    slope = tf.gradients(tf.gather(values, ids, axis=axis) ** 2, values)[0]
    return [
        *(_asked(tf, np, lambda x, i, axis=axis: tf.gather(x, i, axis=axis), x, places)
          for axis in (0, 1, -1)),
        run(tf, slope, {values: x, ids: places, axis: 1}),
        run(tf, slope, {values: x, ids: 1, axis: -2}),
        _asked(tf, np, lambda x: tf.signal.frame(x, 3, 2, pad_end=True), x),
        _asked(tf, np, lambda x: tf.signal.overlap_and_add(x, 2), x),
    ]  # fmt: skip


def repeated(tf, np):
    x, times = np.arange(6, dtype=np.float32).reshape(2, 3), np.array([2, 1])
    repeats, values = tf.placeholder(tf.int32), tf.placeholder(tf.float32)
    whole = tf.repeat(values, repeats, axis=0)
    return [
        _asked(tf, np, lambda x, times: tf.repeat(x, times, axis=0), x, times),
        _asked(tf, np, lambda x: tf.repeat(x, 2, axis=1), x),
        run(tf, whole, {values: x, repeats: times}), run(tf, whole, {values: 3.0, repeats: 2}),
        run(tf, whole, {values: x, repeats: [2]}), shape(whole),
        shape(tf.repeat(tf.ones([2, 3]), repeats, axis=1)),
        run(tf, tf.repeat(tf.constant(x), repeats, axis=1), {repeats: [1, 0, 2]}),
        error(lambda: tf.repeat(values, 2, axis=-1)),
    ]  # fmt: skip


def masked(tf, np):
    lengths = tf.placeholder(tf.int32)
    mask = tf.sequence_mask(lengths)
    return [shape(mask), run(tf, mask, {lengths: [1, 3]}), run(tf, mask, {lengths: [[2], [0]]})]


def ranks_asserted(tf, np):
    rank, x = tf.placeholder(tf.int32), tf.constant([1.0, 2.0])

    def checked(check, wanted, feed):
        with tf.control_dependencies([check(x, wanted)]):
            same = tf.identity(x)
        return attempt(lambda: run(tf, same, {rank: feed}))

    checks = (tf.assert_rank, tf.assert_rank_at_least)
    return [
        *([checked(check, rank, feed) for feed in (1, 3, [1, 1], [1])] for check in checks),
        *(checked(tf.assert_rank_in, [rank, 2], feed) for feed in (1, 3, [1, 1])),
    ]  # fmt: skip
