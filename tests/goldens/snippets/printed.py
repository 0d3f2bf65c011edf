"""What print and repr show."""


def constants(tf, np):
    a = tf.constant([[1.0, 2.0]], name="a")
    return [str(a), repr(a), str(tf.constant("s")), repr(tf.constant(1))]


def placeholders(tf, np):
    made = (
        tf.placeholder(tf.float32),
        tf.placeholder(tf.float32, [None, 3]),
        tf.placeholder(tf.int32, []),
        tf.placeholder(tf.string, [None]),
    )
    return [[str(x), repr(x)] for x in made]


def results(tf, np):
    a, b = tf.constant(1.0), tf.constant([1.0, 2.0])
    return [str(a + b), repr(tf.reduce_mean(b)), str(tf.matmul(tf.ones([2, 3]), tf.ones([3, 1])))]


def in_a_device(tf, np):
    with tf.device("/gpu:0"):
        a = tf.constant(1.0)
    return [str(a), repr(a)]


def variables(tf, np):
    v = tf.Variable([1.0, 2.0], name="v")
    w = tf.get_variable("w", [2, 3], dtype=tf.float64)
    return [repr(v), str(v), repr(w), str(v.value()), str(v.read_value())]


def operations(tf, np):
    v = tf.Variable(1.0, name="v")
    return [repr(v.op), repr(tf.no_op()), repr(tf.global_variables_initializer())]


def assignments(tf, np):
    v = tf.Variable(1.0, name="v")
    return [str(v.assign(2.0)), repr(tf.assign_add(v, 1.0))]


def dtypes(tf, np):
    kinds = (
        tf.float16,
        tf.float32,
        tf.float64,
        tf.int8,
        tf.int32,
        tf.int64,
        tf.uint8,
        tf.bool,
        tf.string,
        tf.complex64,
        tf.resource,
        tf.variant,
        tf.bfloat16,
        tf.qint8,
    )
    return [[str(kind), repr(kind), kind.name] for kind in kinds]


def reference_dtypes(tf, np):
    v = tf.Variable(1.0)
    return [repr(v.dtype), str(v.dtype), v.dtype.base_dtype.name, v.value().dtype.name]


def tensor_shapes(tf, np):
    made = (None, [], [3], [None, 3], [None], [1, 2, 3])
    return [[str(tf.TensorShape(x)), repr(tf.TensorShape(x))] for x in made]


def dimensions(tf, np):
    return [[str(tf.Dimension(x)), repr(tf.Dimension(x))] for x in (None, 3)]


def shapes_inside_a_list(tf, np):
    x = tf.placeholder(tf.float32, [None, 3])
    return [str(x.get_shape().as_list()), str(list(x.shape)), str([x.shape]), str(x.shape[1:])]


def graph_of_tensors_in_containers(tf, np):
    a = tf.constant(1.0, name="a")
    return [str([a]), str({"a": a}), str((a, a.op.type))]


def formatting(tf, np):
    a = tf.constant(1.0, name="a")
    return [f"{a}", "%s" % a, f"{a.shape}", f"{a.dtype}"]


def indexed_slices(tf, np):
    slices = tf.IndexedSlices(tf.constant([1.0], name="v"), tf.constant([0], name="i"))
    return [str(slices), str(tf.IndexedSlices(slices.values, slices.indices, tf.constant([3])))]


def versions(tf, np):
    return [type(tf.__version__).__name__, type(tf.VERSION).__name__]


def names_of_classes(tf, np):
    a = tf.constant(1.0)
    kinds = (a, a.op, a.graph, a.shape, a.dtype, tf.Dimension(1))
    return [type(x).__name__ for x in kinds]


def is_tensor(tf, np):
    a, v = tf.constant(1.0), tf.Variable(1.0)
    return [
        tf.is_tensor(a),
        tf.is_tensor(v),
        tf.is_tensor(1.0),
        tf.is_tensor(np.ones(1)),
        isinstance(a, tf.Tensor),
        isinstance(v, tf.Tensor),
        isinstance(v, tf.Variable),
        isinstance(a.op, tf.Operation),
        tf.contrib.framework.is_tensor(a),
    ]
