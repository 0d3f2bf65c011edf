"""onnx.export: an ONNX runtime computes from the model what the session computes."""
import numpy as np
import pytest

import minitf as tf
from minitf.interop import onnx

reference = pytest.importorskip("onnx.reference")
helper = pytest.importorskip("onnx.helper")
random = np.random.RandomState(0)


try:
    import onnxruntime
except ImportError:
    onnxruntime = None


def evaluated(model, feeds):
    """The outputs by ONNX Runtime where it is installed, else by the package's own reference."""
    if onnxruntime is None:
        return reference.ReferenceEvaluator(model).run(None, feeds)
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, feeds)


def check(build, *arrays, sizes=None, rtol=1e-5, atol=1e-6):
    """Build on placeholders (of `sizes`, or of the arrays'), export, and compare."""
    arrays = [np.asarray(array) for array in arrays]
    inputs = [
        tf.placeholder(array.dtype, array.shape if sizes is None else size, f"in{i}")
        for i, (array, size) in enumerate(zip(arrays, sizes or arrays))
    ]
    found = build(*inputs)
    outputs = found if isinstance(found, (list, tuple)) else [found]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        want = sess.run(list(outputs), dict(zip(inputs, arrays)))
        named = {f"in{i}": x for i, x in enumerate(inputs)}
        model = onnx.export({f"out{i}": y for i, y in enumerate(outputs)}, inputs=named)
    got = evaluated(model, {f"in{i}": array for i, array in enumerate(arrays)})
    for one, other in zip(got, want, strict=True):
        assert one.shape == other.shape and one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol, atol)
    return model


def real(*shape):
    return random.randn(*shape).astype(np.float32)


X, Y = real(2, 3, 4), real(2, 3, 4)
INTS = random.randint(-9, 9, (2, 3, 4)).astype(np.int32)
PICTURES = real(2, 7, 6, 3)
SIMPLE = {
    "neg": lambda x: -x, "abs": tf.abs, "exp": tf.exp, "log": lambda x: tf.log(x * x + 0.1),
    "sqrt": lambda x: tf.sqrt(x * x), "rsqrt": lambda x: tf.rsqrt(x * x + 1.0),
    "square": tf.square, "tanh": tf.tanh, "sigmoid": tf.sigmoid, "relu": tf.nn.relu,
    "relu6": lambda x: tf.nn.relu6(8.0 * x), "elu": tf.nn.elu, "selu": tf.nn.selu,
    "leaky": tf.nn.leaky_relu, "softplus": tf.nn.softplus, "softsign": tf.nn.softsign,
    "erf": tf.erf, "floor": tf.floor, "round": tf.round, "sign": tf.sign, "sin": tf.sin,
    "log1p": lambda x: tf.log1p(x * x), "expm1": tf.expm1, "softmax": tf.nn.softmax,
    "log_softmax": tf.nn.log_softmax, "softmax over axis 1": lambda x: tf.nn.softmax(x, 1),
    "sum": tf.reduce_sum, "sum 1": lambda x: tf.reduce_sum(x, 1, keepdims=True),
    "mean": lambda x: tf.reduce_mean(x, [0, -1]), "max": lambda x: tf.reduce_max(x, 2),
    "min": tf.reduce_min, "prod": lambda x: tf.reduce_prod(x, 1),
    "logsumexp": tf.reduce_logsumexp, "moments": lambda x: list(tf.nn.moments(x, [0, 1])),
    "argmax": lambda x: tf.argmax(x, 1), "argmin": lambda x: tf.argmin(x, 1, output_type=tf.int32),
    "top_k": lambda x: list(tf.nn.top_k(x, 2)), "cumsum": lambda x: tf.cumsum(x, 1),
    "cumsum back": lambda x: tf.cumsum(x, 2, exclusive=True, reverse=True),
    "l2_loss": tf.nn.l2_loss, "l2_normalize": lambda x: tf.nn.l2_normalize(x, 1),
    "transpose": lambda x: tf.transpose(x, [2, 0, 1]), "reshape": lambda x: tf.reshape(x, [-1, 2]),
    "flatten": tf.layers.flatten, "squeeze": lambda x: tf.squeeze(x[:, :1]),
    "expand": lambda x: tf.expand_dims(x, -2), "tile": lambda x: tf.tile(x, [1, 2, 1]),
    "stack": lambda x: tf.stack([x, x * 2.0], 1), "unstack": lambda x: tf.unstack(x, axis=1),
    "split": lambda x: tf.split(x, 2, -1), "split_v": lambda x: tf.split(x, [1, 3], 2),
    "concat": lambda x: tf.concat([x, x], 1), "reverse": lambda x: tf.reverse(x, [0, 2]),
    "slice": lambda x: tf.slice(x, [0, 1, 2], [1, -1, 2]), "index": lambda x: x[1, :, -1],
    "strides": lambda x: x[::-1, tf.newaxis, ..., 3:0:-2], "ellipsis": lambda x: x[..., 1],
    "pad": lambda x: tf.pad(x, [[1, 0], [0, 2], [1, 1]], constant_values=3.0),
    "mirror": lambda x: tf.pad(x, [[0, 0], [1, 1], [2, 1]], "REFLECT"),
    "cast": lambda x: tf.cast(x * 3.0, tf.int32), "shape": tf.shape, "size": tf.size,
    "zeros_like": tf.zeros_like, "ones_like": tf.ones_like, "fill": lambda x: x + tf.fill([4], 2.0),
    "clip": lambda x: tf.clip_by_value(x, -0.5, 0.5), "where": lambda x: tf.where(x > 0, x, x * x),
    "rows": lambda x: tf.where([True, False], x, -x),
    "any": lambda x: tf.reduce_any(x > 1.0, 1), "all": lambda x: tf.reduce_all(x < 1.0),
    "logic": lambda x: tf.logical_and(x > 0.0, tf.logical_not(tf.is_nan(x))),
    "einsum": lambda x: tf.einsum("ijk,ilk->ijl", x, x),
    "batch matmul": lambda x: tf.matmul(x, x, transpose_b=True),
    "floordiv": lambda x: x // 0.7, "mod": lambda x: x % 0.7, "broadcast": lambda x:
    tf.broadcast_to(x[:, :1], [2, 3, 4]), "add_n": lambda x: tf.add_n([x, x, x]),
}  # fmt: skip


@pytest.mark.parametrize("name", SIMPLE)
def test_op(name):
    check(SIMPLE[name], X)


NEED_SIZES = {"unstack", "rows", "fill", "broadcast", "squeeze"}


@pytest.mark.parametrize("name", sorted(SIMPLE.keys() - NEED_SIZES))
def test_op_of_a_batch_of_any_size(name):
    model = check(SIMPLE[name], X, sizes=[(None, 3, 4)])
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param


TWO = [tf.add, tf.subtract, tf.multiply, tf.divide, tf.maximum, tf.minimum, tf.greater,
       tf.less_equal, tf.squared_difference, tf.not_equal]  # fmt: skip


@pytest.mark.parametrize("op", TWO)
def test_op_of_two(op):
    check(op, X, Y[:1, :, :1])


def test_op_of_integers():
    check(lambda x: [x // 4, x % 4, x * x, tf.equal(x, 3), tf.gather(X, x[0, 0] % 2)], INTS)
    check(lambda x: [tf.range(3) + x[0, 0, :1], tf.cast(x, tf.int64)], INTS)


def test_one_hot():
    check(lambda x: [tf.one_hot(x % 5, 5), tf.one_hot(x % 5, 5, axis=0)], INTS)


def test_gather_nd_and_embeddings():
    check(lambda i: tf.gather_nd(X, i), np.array([[0, 1], [1, 2]], np.int32))
    table = tf.get_variable("table", [10, 4])
    check(lambda i: tf.nn.embedding_lookup(table, i), np.array([[1, 2], [9, 0]], np.int32))


@pytest.mark.parametrize("a", [False, True])
@pytest.mark.parametrize("b", [False, True])
def test_matmul(a, b):
    x, y = real(*((3, 5) if a else (5, 3))), real(*((4, 3) if b else (3, 4)))
    check(lambda x, y: tf.matmul(x, y, transpose_a=a, transpose_b=b), x, y)


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("stride", [1, 2])
def test_convolution_and_pooling(padding, stride):
    filter = tf.constant(real(3, 2, 3, 4))
    depthwise = tf.constant(real(3, 2, 3, 2))

    def build(x):
        return [
            tf.nn.conv2d(x, filter, stride, padding),
            tf.nn.depthwise_conv2d(x, depthwise, [1, stride, stride, 1], padding),
            tf.nn.max_pool(x, 3, stride, padding),
            tf.nn.avg_pool(x, 2, stride, padding),
        ]

    check(build, PICTURES, rtol=1e-4, atol=1e-5)


def test_dilation_and_transposed_convolution():
    filter = tf.constant(real(3, 3, 3, 4))
    check(lambda x: tf.nn.conv2d(x, filter, 1, "VALID", dilations=2), PICTURES, rtol=1e-4,
          atol=1e-5)  # fmt: skip
    for padding in ("SAME", "VALID"):
        check(lambda x, p=padding: tf.layers.conv2d_transpose(x, 5, 3, 2, p), PICTURES, rtol=1e-4,
              atol=1e-5)  # fmt: skip


@pytest.mark.skipif(onnxruntime is None, reason="the reference leaves out the last neighbour")
def test_local_response_normalization():
    check(lambda x: tf.nn.lrn(x, 1, 1.0, 0.5, 0.75), PICTURES, rtol=1e-4)


def test_resizing():
    for corners in (False, True):
        check(lambda x, c=corners: tf.image.resize_bilinear(x, [9, 11], align_corners=c), PICTURES,
              rtol=1e-4, atol=1e-5)  # fmt: skip
        check(lambda x, c=corners: tf.image.resize_nearest_neighbor(x, [9, 11], align_corners=c),
              PICTURES)  # fmt: skip


def network(x, training):
    h = tf.layers.conv2d(x, 8, 3, padding="same", activation=tf.nn.relu)
    h = tf.layers.batch_normalization(h, training=training)
    h = tf.layers.max_pooling2d(h, 2, 2)
    h = tf.layers.conv2d(h, 4, 3, 2, "same", activation=tf.nn.relu)
    h = tf.layers.dropout(tf.layers.flatten(h), 0.5, training=training)
    return tf.nn.softmax(tf.layers.dense(h, 10), name="probabilities")


def test_a_network_for_what_it_is_to_be_used_for(tmp_path):
    x = tf.placeholder(tf.float32, [None, 12, 12, 1], "x")
    training = tf.placeholder(tf.bool, [], "training")
    y = network(x, training)
    images = real(5, 12, 12, 1)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        want = sess.run(y, {x: images, training: False})
        model = onnx.export(y, tmp_path / "net.onnx", feed_dict={training: False})
    assert [each.name for each in model.graph.input] == ["x"]
    assert [each.name for each in model.graph.output] == ["probabilities"]
    np.testing.assert_allclose(evaluated(model, {"x": images})[0], want, 1e-4, 1e-6)
    read = pytest.importorskip("onnx").load(tmp_path / "net.onnx")
    np.testing.assert_allclose(evaluated(read, {"x": images[:1]})[0], want[:1], 1e-4, 1e-6)
    kinds = [node.op_type for node in model.graph.node]
    assert "Where" not in kinds  # the branch that is not for use is gone
    assert kinds.count("Transpose") <= 2, kinds  # one before the network, one behind


def test_an_unrolled_recurrent_network():
    def build(x):
        w, h = tf.get_variable("w", [7, 4]), tf.zeros([2, 4])
        for part in tf.unstack(x, axis=1):
            h = tf.tanh(tf.matmul(tf.concat([part, h], 1), w))
        return h

    check(build, real(2, 5, 3), rtol=1e-4)


def test_a_branch_that_the_run_chooses_is_chosen_by_the_model():
    check(lambda x: tf.cond(tf.reduce_sum(x) > 0.0, lambda: x * 2.0, lambda: x - 1.0), X)
    check(lambda x: tf.cond(tf.reduce_sum(x) > 0.0, lambda: x * 2.0, lambda: x - 1.0), -X)


def test_what_cannot_be_exported_names_the_op_and_the_line():
    x = tf.placeholder(tf.float32, [3], "x")
    with tf.Session(), pytest.raises(tf.errors.UnimplementedError) as error:
        onnx.export(tf.math.bessel_i0e(x, name="odd"))
    assert "BesselI0e 'odd' has no translation" in str(error.value)
    assert "test_onnx.py" in str(error.value)
    training = network(tf.placeholder(tf.float32, [2, 12, 12, 1]), True)
    with tf.Session() as sess, pytest.raises(tf.errors.UnimplementedError, match="in training"):
        sess.run(tf.global_variables_initializer())
        onnx.export(training)


def test_a_variable_without_a_value_is_named():
    w = tf.get_variable("w", [3])
    with tf.Session(), pytest.raises(tf.errors.FailedPreconditionError, match="w"):
        onnx.export(tf.exp(w))
