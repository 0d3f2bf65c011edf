"""The names and types that the common constructions give their operations."""

from goldens.kit import names, typed


def constants(tf, np):
    tf.constant(1)
    tf.constant(2.0)
    tf.constant("s", name="text")
    tf.constant([1, 2], name="text")
    return typed(tf)


def placeholders(tf, np):
    tf.placeholder(tf.float32)
    tf.placeholder("float", [None, 3])
    tf.placeholder(tf.int32, name="x")
    tf.placeholder(tf.int32, name="x")
    tf.placeholder_with_default(1.0, [])
    return typed(tf)


def add_and_plus(tf, np):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    tf.add(a, b)
    _ = a + b
    tf.add(a, b)
    _ = a + b
    return typed(tf)


def functions_of_two(tf, np):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    for function in (
        tf.subtract,
        tf.multiply,
        tf.divide,
        tf.truediv,
        tf.div,
        tf.div_no_nan,
        tf.realdiv,
        tf.floordiv,
        tf.floor_div,
        tf.mod,
        tf.floormod,
        tf.pow,
        tf.maximum,
        tf.minimum,
        tf.squared_difference,
        tf.equal,
        tf.not_equal,
        tf.less,
        tf.less_equal,
        tf.greater,
        tf.greater_equal,
        tf.atan2,
    ):
        function(a, b)
    return typed(tf)


def functions_of_one(tf, np):
    a = tf.constant(0.5, name="a")
    for function in (
        tf.negative,
        tf.abs,
        tf.sign,
        tf.square,
        tf.sqrt,
        tf.rsqrt,
        tf.exp,
        tf.expm1,
        tf.log,
        tf.log1p,
        tf.sin,
        tf.cos,
        tf.tan,
        tf.asin,
        tf.acos,
        tf.atan,
        tf.sinh,
        tf.cosh,
        tf.tanh,
        tf.sigmoid,
        tf.floor,
        tf.ceil,
        tf.round,
        tf.rint,
        tf.reciprocal,
        tf.is_nan,
        tf.is_inf,
        tf.is_finite,
        tf.erf,
        tf.erfc,
        tf.lgamma,
        tf.digamma,
        tf.identity,
        tf.stop_gradient,
        tf.zeros_like,
        tf.ones_like,
        tf.nn.relu,
        tf.nn.relu6,
        tf.nn.elu,
        tf.nn.selu,
        tf.nn.softplus,
        tf.nn.softsign,
        tf.nn.sigmoid,
        tf.nn.tanh,
    ):
        function(a)
    return typed(tf)


def operators(tf, np):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    _ = [a + b, a - b, a * b, a / b, a // b, a % b, a**b, -a, abs(a)]
    _ = [a < b, a <= b, a > b, a >= b]
    return typed(tf)


def reverse_operators(tf, np):
    a = tf.constant(1.0, name="a")
    _ = [1.0 + a, 1.0 - a, 2.0 * a, 1.0 / a, 1.0 // a, 1.0 % a, 2.0**a]
    return typed(tf)


def integer_operators(tf, np):
    a, b = tf.constant(7, name="a"), tf.constant(2, name="b")
    _ = [a / b, a // b, a % b, a + 1, 3 * a]
    return typed(tf)


def logical_operators(tf, np):
    a, b = tf.constant(True, name="a"), tf.constant(False, name="b")
    _ = [a & b, a | b, a ^ b, ~a, True & a]
    tf.logical_and(a, b)
    tf.logical_or(a, b)
    tf.logical_not(a)
    tf.logical_xor(a, b)
    return typed(tf)


def matmul_operator(tf, np):
    a = tf.ones([2, 2], name="a")
    _ = a @ a
    tf.matmul(a, a)
    tf.matmul(a, a, name="product")
    return typed(tf)


def batched_matmul(tf, np):
    a = tf.ones([3, 2, 2], name="a")
    tf.matmul(a, a)
    _ = a @ a
    return typed(tf)


def linear_model(tf, np):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.Variable(tf.zeros([3, 1]), name="w")
    _ = tf.matmul(x, w) + 1.0
    return typed(tf)


def slicing(tf, np):
    a = tf.constant([[1, 2, 3], [4, 5, 6]], name="a")
    _ = a[0]
    _ = a[:, 1:]
    return typed(tf)


def slicing_with_a_tensor(tf, np):
    a = tf.constant([1, 2, 3], name="a")
    i = tf.constant(1, name="i")
    _ = a[i]
    _ = a[i:]
    return typed(tf)


def reductions(tf, np):
    a = tf.ones([2, 3], name="a")
    tf.reduce_sum(a)
    tf.reduce_mean(a, 0)
    tf.reduce_max(a, axis=[0, 1])
    tf.reduce_min(a)
    tf.reduce_prod(a)
    tf.reduce_all(a > 0.0)
    tf.reduce_any(a > 0.0)
    return typed(tf)


def reduction_of_unknown_rank(tf, np):
    tf.reduce_mean(tf.placeholder(tf.float32, name="x"))
    return typed(tf)


def reduce_mean_named(tf, np):
    tf.reduce_mean(tf.placeholder(tf.float32, [None], name="x"), name="cost")
    return typed(tf)


def argmax_argmin(tf, np):
    a = tf.ones([2, 3], name="a")
    tf.argmax(a, 1)
    tf.arg_max(a, 1)
    tf.argmin(a, axis=0)
    return typed(tf)


def shape_size_rank(tf, np):
    known = tf.ones([2, 3], name="known")
    free = tf.placeholder(tf.float32, [None, 3], name="free")
    for function in (tf.shape, tf.size, tf.rank):
        function(known)
        function(free)
    return typed(tf)


def filled(tf, np):
    tf.zeros([2])
    tf.ones([2])
    tf.fill([2], 3)
    tf.zeros([2000, 2])
    tf.zeros([])
    return typed(tf)


def filled_like(tf, np):
    tf.zeros_like(tf.placeholder(tf.float32, [2], name="known"))
    tf.zeros_like(tf.placeholder(tf.float32, [None], name="free"))
    tf.ones_like(tf.placeholder(tf.float32, [2], name="known"))
    tf.ones_like(tf.placeholder(tf.float32, [None], name="free"))
    return typed(tf)


def ranges(tf, np):
    tf.range(3)
    tf.range(1, 3)
    tf.range(0.0, 1.0, 0.5, name="grid")
    tf.linspace(0.0, 1.0, 3)
    tf.lin_space(0.0, 1.0, 3, name="grid")
    return typed(tf)


def joining(tf, np):
    a, b = tf.ones([2], name="a"), tf.ones([2], name="b")
    tf.concat([a, b], 0)
    tf.stack([a, b])
    tf.stack([1, 2])
    tf.unstack(a)
    tf.split(a, 2)
    tf.split(a, [1, 1])
    return typed(tf)


def reshaping(tf, np):
    a = tf.ones([2, 3], name="a")
    tf.reshape(a, [-1])
    tf.transpose(a)
    tf.transpose(a, [1, 0])
    tf.expand_dims(a, 0)
    tf.squeeze(tf.ones([1, 2], name="b"))
    tf.tile(a, [1, 2])
    tf.pad(a, [[1, 1], [0, 0]])
    tf.reverse(a, [0])
    return typed(tf)


def transpose_of_unknown_rank(tf, np):
    tf.transpose(tf.placeholder(tf.float32, name="x"))
    return typed(tf)


def indexing(tf, np):
    a = tf.ones([2, 3], name="a")
    tf.gather(a, [0])
    tf.gather_nd(a, [[0, 1]])
    tf.slice(a, [0, 0], [1, 2])
    tf.one_hot([0, 1], 3)
    tf.where(a > 1.0)
    tf.where(a > 1.0, a, a)
    tf.nn.embedding_lookup(a, [1])
    return typed(tf)


def casts(tf, np):
    a = tf.constant(1.5, name="a")
    tf.cast(a, tf.int32)
    tf.cast(a, tf.float32)
    tf.to_int32(a)
    tf.to_float(a)
    tf.cast(1, tf.float32)
    return typed(tf)


def add_n_accumulate(tf, np):
    a = tf.constant(1.0, name="a")
    tf.add_n([a, a])
    tf.add_n([a])
    tf.accumulate_n([a, a])
    return typed(tf)


def clipping(tf, np):
    a = tf.constant(1.0, name="a")
    tf.clip_by_value(a, 0.0, 1.0)
    return typed(tf)


def softmax_layers(tf, np):
    a = tf.ones([2, 3], name="a")
    tf.nn.softmax(a)
    tf.nn.log_softmax(a)
    tf.nn.l2_loss(a)
    tf.nn.bias_add(a, [1.0, 1.0, 1.0])
    tf.nn.leaky_relu(a)
    return typed(tf)


def xw_plus_b(tf, np):
    tf.nn.xw_plus_b(tf.ones([1, 2], name="x"), tf.ones([2, 2], name="w"), tf.ones([2], name="b"))
    return typed(tf)


def random_ops(tf, np):
    tf.random_normal([2])
    tf.random_uniform([2])
    tf.truncated_normal([2])
    tf.random_uniform([2], maxval=5, dtype=tf.int32)
    tf.random_shuffle([1, 2, 3])
    return typed(tf)


def no_op_and_group(tf, np):
    a = tf.constant(1.0, name="a")
    tf.no_op()
    tf.group(a)
    tf.group(a.op, name="step")
    tf.tuple([a, a])
    return typed(tf)


def names_given(tf, np):
    a = tf.constant(1.0, name="a")
    tf.add(a, a, name="total")
    tf.add(a, a, name="total")
    tf.add(a, a, name="total_1")
    tf.square(a, "sq")
    return names(tf)


def python_numbers_become_constants(tf, np):
    a = tf.constant(1.0, name="a")
    tf.add(a, 1.0)
    tf.add(1.0, a)
    tf.multiply(a, 3, name="tripled")
    _ = a * 2
    return names(tf)


def numpy_array_operands(tf, np):
    a = tf.constant([1.0, 2.0], name="a")
    _ = np.array([1.0, 1.0], np.float32) + a
    _ = a * np.array([1.0, 1.0], np.float32)
    return typed(tf)


def sizes_of_lists(tf, np):
    """What is measured in the run is made a tensor twice where it is none."""
    x, v = tf.placeholder(tf.float32, [None]), tf.Variable([1.0, 2.0], validate_shape=False)
    resource = tf.Variable(tf.placeholder(tf.float32), validate_shape=False, use_resource=True)
    for measure in (tf.shape, tf.size, tf.rank):
        for value in ([x, x], v, resource, x, [1, 2]):
            measure(value)
    return names(tf)
