"""tf.compat.v2: parameters by their places, what other defaults change, variables, refusals."""

import os
import tempfile

from goldens.kit import error, run, said

X = [[0.5, -1.0, 2.0], [3.0, 0.25, -0.75]]


def _x(tf):
    return tf.constant(X)


def reductions(tf, np):
    v2, x = tf.compat.v2, _x(tf)
    made = [getattr(v2, "reduce_" + name)(x, 1, True)
            for name in ("sum", "mean", "max", "min", "prod", "logsumexp")]
    made += [v2.reduce_any(x > 2.0, 0, True), v2.reduce_all(x > -5.0, 0, False)]
    made += [v2.argmax(x, 0, tf.int32), v2.math.argmin(x, 1), v2.norm(x, 2, 1, True)]
    made += [v2.math.count_nonzero(x, 1, True, tf.int32), v2.linalg.l2_normalize(x, 1, 1e-3)]
    return run(tf, made), [y.op.name for y in made], [y.dtype.name for y in made]


def arrays(tf, np):
    v2, x = tf.compat.v2, _x(tf)
    made = [
        v2.transpose(x, [1, 0], True), v2.squeeze(x[None], [0]), v2.expand_dims(x, 1),
        v2.gather(x, [1, 0], None, 1), v2.gather(x, [[2], [0]], None, 1, 1),
        tf.identity(v2.gather_nd(x, [[1], [0]], 1)), v2.where([True, False], x[:, :2], 7.0),
        v2.where(x > 0.3), v2.pad(x, [[1, 0], [0, 1]], "CONSTANT", 5.0), v2.shape(x, tf.int64),
        v2.size(x, tf.int64), v2.zeros_like(x, tf.int32), v2.ones_like(x),
        v2.boolean_mask(x, [True, False, True], 1), v2.reverse_sequence(x, [2, 1], 1, 0),
        v2.batch_to_space(tf.reshape(tf.range(4.0), [4, 1, 1, 1]), [2, 2], [[0, 0], [0, 0]]),
        v2.space_to_batch(tf.reshape(tf.range(4.0), [1, 2, 2, 1]), [2, 2], [[0, 0], [0, 0]]),
        v2.convert_to_tensor([1, 2], None, tf.float64), v2.scalar_mul(2.0, x),
        v2.nn.space_to_depth(tf.reshape(tf.range(4.0), [1, 2, 2, 1]), 2),
    ]  # fmt: skip
    return run(tf, made), [y.op.name for y in made]


def flow(tf, np):
    v2, x = tf.compat.v2, _x(tf)
    loop = v2.while_loop(lambda i: i < 3, lambda i: [i + 1], [tf.constant(0)])
    one = v2.cond(tf.constant(True), lambda: [x], lambda: [2.0 * x])
    dx = v2.gradients([x * x], [x], None, "named")
    tuple_ = v2.tuple([x, x], None, "pair")
    h = v2.hessians(tf.reduce_sum(x * x * x), x)
    case = v2.case([(tf.constant(False), lambda: tf.constant(1))], lambda: tf.constant(2))
    names = [type(one).__name__, type(loop).__name__, tuple_[0].op.name.split("/")[0]]
    return run(tf, [loop, one, dx, tuple_, h, case]), names


def checks(tf, np):
    v2, x = tf.compat.v2, _x(tf)
    made = [
        v2.assert_equal(x, x, "equal", 3, "a"), v2.debugging.assert_less(x, 9.0, "less"),
        v2.debugging.assert_rank(x, 2, "rank"), v2.debugging.assert_near(x, x, 0.1, 0.1, "near"),
        v2.debugging.assert_none_equal(x, 9.0, 2, "none"), v2.debugging.assert_scalar(x[0, 0]),
        v2.debugging.assert_integer(tf.shape(x)), v2.debugging.assert_type(x, tf.float32),
        v2.debugging.assert_shapes([(x, (2, 3))]), v2.debugging.assert_rank_in(x, [1, 2]),
    ]  # fmt: skip
    bad = tf.placeholder_with_default([1.0, -2.0], [2])
    refused = [
        lambda: v2.debugging.assert_rank(x, 3, "three"),
        lambda: v2.debugging.assert_type(x, tf.int32, "whole"),
        lambda: v2.debugging.assert_integer(x, "integers"),
        lambda: run(tf, v2.debugging.assert_non_negative(bad, "below")),
        lambda: v2.debugging.assert_shapes([(x, (5, 3))], None, 3, "shapes"),
    ]
    return [one is None for one in made], [error(one)[0] for one in refused], [
        text in str(said(one)) for one, text in
        zip(refused, ("three", "whole", "integers", "below", "shapes"))
    ]  # fmt: skip


def networks(tf, np):
    v2 = tf.compat.v2
    image = tf.constant(np.sin(np.arange(2 * 4 * 4 * 2)).reshape(2, 4, 4, 2).astype(np.float32))
    f = tf.constant(np.cos(np.arange(2 * 2 * 2 * 3)).reshape(2, 2, 2, 3).astype(np.float32))
    logits, labels = _x(tf), tf.constant([[0.0, 1.0, 0.0], [0.5, 0.25, 0.25]])
    made = [
        v2.nn.conv2d(image, f, 1, "SAME", "NHWC", 2), v2.nn.conv2d(image, f, [1, 2, 2, 1], "VALID"),
        v2.nn.conv2d_transpose(image[..., :1], f[:, :, :2, :1], [2, 8, 8, 2], 2),
        v2.nn.depthwise_conv2d(image, f, [1, 1, 1, 1], "SAME"),
        v2.nn.separable_conv2d(image, f, tf.ones([1, 1, 6, 2]), [1, 1, 1, 1], "SAME"),
        v2.nn.convolution(image, f, 2, "SAME"), v2.nn.conv1d(image[0], f[0], 1, "SAME"),
        v2.nn.max_pool(image, 2, 2, "VALID"), v2.nn.avg_pool(image, 2, 2, "SAME"),
        v2.nn.pool(image, [2, 2], "AVG", [2, 2], "SAME"), v2.nn.crelu(image, 3)[0, 0],
        v2.nn.max_pool_with_argmax(image, 2, 2, "VALID", "NHWC", tf.int64, True).argmax,
        v2.nn.softmax(logits, 0), v2.math.log_softmax(logits, -1),
        v2.nn.softmax_cross_entropy_with_logits(labels, logits, -1),
        v2.nn.sparse_softmax_cross_entropy_with_logits([1, 0], logits),
        v2.nn.sigmoid_cross_entropy_with_logits(labels, logits),
        v2.nn.weighted_cross_entropy_with_logits(labels, logits, 2.0),
        v2.nn.moments(image, [0, 1], None, True), v2.nn.weighted_moments(logits, [0], labels, True),
        v2.nn.sufficient_statistics(logits, [1], None, True)[:3],
        v2.nn.embedding_lookup([logits, 2.0 * logits], [0, 2, 3], 1.5),
        v2.nn.in_top_k([1, 0], logits, 1), v2.nn.l2_normalize(image, [1, 2], 1e-6),
        v2.nn.batch_norm_with_global_normalization(
            image, *map(tf.constant, ([0.1, 0.2], [1.0, 2.0], [0.0, 1.0], [2.0, 3.0])), 1e-3, True),
        v2.nn.dilation2d(image, f[..., 0], [1, 1, 1, 1], "SAME", "NHWC", [1, 1, 1, 1]),
        v2.nn.erosion2d(image, f[..., 0], [1, 1, 1, 1], "SAME", "NHWC", [1, 1, 1, 1]),
    ]  # fmt: skip
    through = tf.gradients(v2.nn.softmax_cross_entropy_with_logits(labels, logits), labels)
    return run(tf, [made, through])


def drawn(tf, np):
    v2 = tf.compat.v2
    v2.random.set_seed(5)
    made = [
        v2.random.poisson([3], [1.0, 4.0], tf.float64, 7), v2.nn.dropout(_x(tf), 0.4, None, 3),
        v2.random_normal_initializer(0.5, 2.0, 4)([3]), v2.random_uniform_initializer(seed=2)([3]),
        v2.random_normal_initializer(seed=4)([2], tf.float64),
        v2.zeros_initializer()([2], tf.int32),
        v2.random_uniform_initializer(0, 9, 1)([4], tf.int32),
    ]  # fmt: skip
    weights = tf.constant(np.sin(np.arange(12.0)).reshape(6, 2))
    weights, labels = tf.cast(weights, tf.float32), tf.constant([[1], [5]], tf.int64)
    loss = v2.nn.nce_loss(weights, tf.zeros(6), labels, weights[:2], 3, 6)
    sampled = v2.nn.sampled_softmax_loss(weights, tf.zeros(6), labels, weights[:2], 3, 6)
    after = tf.random_uniform([2])
    ops = [op for op in tf.get_default_graph().get_operations() if op.type == "RandomUniform"]
    return run(tf, [made, loss, sampled, after]), ops[-1].get_attr("seed2")


def resized(tf, np):
    v2 = tf.compat.v2
    image = tf.constant(np.sin(np.arange(2 * 4 * 5 * 2)).reshape(2, 4, 5, 2).astype(np.float32))
    made = [v2.image.resize(image, [7, 3], method)
            for method in ("bilinear", "nearest", "bicubic", "area")]
    made += [v2.image.resize(image[0], [4, 5]), v2.image.resize(image, [9, 9], "bilinear", True)]
    made += [v2.image.resize_with_pad(image, 6, 9)]
    made += [v2.image.resize_with_pad(image[1], 3, 3, "area")]
    made += [v2.image.crop_and_resize(image, [[0.0, 0.1, 0.9, 1.0]], [1], [3, 2])]
    values = vars(v2.image.ResizeMethod)
    return run(tf, made), [y.op.type for y in made[:5]], sorted(
        value for name, value in values.items() if name.isupper()
    ), error(lambda: v2.image.resize(image, [2, 2], "other"))[0]  # fmt: skip


def variables(tf, np):
    v2 = tf.compat.v2
    v = v2.Variable([1.0, 2.0], False, True, None, "kept", None, tf.float64)
    w = v2.Variable(lambda: tf.ones([2]), name="w")
    plain = tf.Variable(3.0)
    with v2.name_scope("inner") as scope, v2.name_scope("deep"):
        y = v2.Variable(4.0)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        values = sess.run([v, w.assign_add([1.0, 1.0]), y + 1.0])
    kinds = [isinstance(each, v2.Variable) for each in (v, w, plain, values[0])]
    return values, kinds, [v.name, w.name, y.name, scope, v.dtype.name], [
        each.name for each in tf.trainable_variables()
    ], [error(lambda: v2.name_scope(3))[0], error(v2.Variable)[0]], [
        issubclass(tf.Variable, v2.Variable), type(v).__name__.endswith("Variable"),
    ]  # fmt: skip


def small(tf, np):
    v2 = tf.compat.v2
    a = tf.SparseTensor([[0, 1], [1, 0]], [1.0, 2.0], [2, 2])
    made = [
        v2.sparse.add(a, a, 3.0).values, v2.sparse.concat(1, [a, a], True).indices,
        v2.sparse.reduce_sum(a, 0, True), v2.sparse.reduce_max(a, 1, True, True).values,
        v2.sparse.segment_sum(_x(tf), [0, 1], [0, 0]), v2.sparse.split(a, 2, 1)[0].values,
        v2.strings.length(["ab", "c"], "BYTE"), v2.strings.reduce_join([["a", "b"]], 1, True, "-"),
        v2.strings.substr(["hello"], 1, 3), v2.strings.split(["a b", "c"]).flat_values,
        v2.strings.to_hash_bucket(["a"], 10), v2.strings.to_number(["1.5"], tf.float64),
        v2.math.bincount([1, 1, 3], None, 5), v2.math.confusion_matrix([0, 1], [1, 1], 3),
        v2.math.in_top_k([0, 1], _x(tf), 2), v2.io.decode_raw(["ab"], tf.uint8),
        v2.io.decode_csv(["1;2"], [[0], [0.0]], ";"),
    ]  # fmt: skip
    return run(tf, made)


def _events(tf, folder):
    """[step, tag, plugin, what it is told, description, values or count of bytes] of each."""
    found = []
    for file in sorted(os.listdir(folder)):
        for event in tf.train.summary_iterator(os.path.join(folder, file)):
            for value in event.summary.value:
                array = tf.make_ndarray(value.tensor)
                if value.metadata.plugin_data.plugin_name in ("images", "audio"):
                    array = [each[:4] for each in array.ravel()]
                found.append([
                    event.step, value.tag, value.metadata.plugin_data.plugin_name,
                    value.metadata.plugin_data.content, value.metadata.summary_description, array,
                ])  # fmt: skip
    return found


def summaries(tf, np):
    summary = tf.compat.v2.summary
    folder = tempfile.mkdtemp()
    none = summary.scalar("nowhere", 1.0, 1)
    writer = summary.create_file_writer(folder)
    step = tf.placeholder_with_default(tf.constant(5, tf.int64), [])
    values = tf.constant([0.0, 0.1, 0.5, 1.0, 1.0])
    image = tf.constant(np.linspace(0, 1, 4 * 2 * 3).reshape(4, 2, 3, 1).astype(np.float32))
    sound = tf.constant(np.linspace(-1, 1, 12).reshape(2, 6, 1).astype(np.float32))
    with writer.as_default(), tf.name_scope("outer"):
        made = [
            summary.scalar("a b!", tf.constant(2), step, "tells"), summary.text("t", ["x"], 3),
            summary.histogram("h", values, step, 4), summary.histogram("one", values * 0.0, step),
            summary.histogram("empty", values[:0], step), summary.image("i", image, step, 2),
            summary.audio("s", sound, 8000, step, 1), summary.write("raw", values, 9),
        ]
        failed = error(lambda: summary.scalar("no step", 1.0))
        summary.experimental.set_step(7)
        made.append(summary.scalar("later", 3.0))
        with summary.record_if(False):
            made.append(summary.scalar("never", 3.0))
        with summary.record_if(tf.greater(step, 5)):
            made.append(summary.scalar("perhaps", 4.0))
        at = summary.experimental.get_step()
        summary.experimental.set_step(None)
    with tf.Session() as sess:
        sess.run(writer.init())
        told = [sess.run(one) for one in [none] + made]
        told.append(sess.run(made[-1], {step: 6}))
        sess.run(writer.close())
    return told, _events(tf, folder), at, failed, error(lambda: summary.create_file_writer(None))


def names(tf, np):
    v2 = tf.compat.v2
    absent = ["Session", "placeholder", "get_variable", "contrib", "layers", "global_variables"]
    there = ["Module", "function", "GradientTape", "keras", "data", "nest", "where"]
    with v2.device("/cpu:0"):
        x = v2.constant(1.0)
    return [hasattr(v2, name) for name in absent], [hasattr(v2, name) for name in there], [
        x.device, error(lambda: v2.device(lambda op: "/cpu:0"))[0],
    ]  # fmt: skip


def small_constants(tf, np):
    v2 = tf.compat.v2
    assert v2.constant([1, 2], tf.float32, [2], "kept").op.name == "kept"
    return run(tf, v2.constant(3.0, None, [2])), error(lambda: v2.constant([1.0], None, [2, 3]))[0]


def filled_constants(tf, np):
    """As many values as the shape has, or one."""
    of = tf.compat.v2.constant
    made = [of([1, 2, 3], shape=[3, 1]), of([1], shape=[3]), of(1.5, tf.float64, [2, 2]),
            of([1, 2], tf.int32, [0])]  # fmt: skip
    refused = ([1, 2], []), ([1, 2], [3]), ([1, 2, 3], [2]), ([], [2])
    return run(tf, made), [error(lambda v=v, s=s: of(v, shape=s)) for v, s in refused]
