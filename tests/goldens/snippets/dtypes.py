"""DType objects, and the dtypes that Python and NumPy values turn into."""

from goldens.kit import accepted, attempt, error, said


def properties(tf, np):
    kinds = (tf.float32, tf.int32, tf.bool, tf.string, tf.complex64, tf.uint8, tf.float16)
    return [
        [
            k.name,
            bool(k.is_floating),
            bool(k.is_integer),
            bool(k.is_bool),
            bool(k.is_complex),
            bool(k.is_unsigned),
            k.as_datatype_enum,
        ]
        for k in kinds
    ]


def sizes(tf, np):
    return [k.size for k in (tf.float16, tf.float32, tf.float64, tf.int8, tf.int64, tf.bool)]


def numpy_forms(tf, np):
    kinds = (
        tf.float16,
        tf.float32,
        tf.float64,
        tf.int8,
        tf.int64,
        tf.uint8,
        tf.bool,
        tf.complex128,
        tf.string,
    )
    return [np.dtype(k.as_numpy_dtype).name for k in kinds]


def limits(tf, np):
    return [
        float(tf.float32.max),
        float(tf.float32.min),
        int(tf.int32.max),
        int(tf.int32.min),
        int(tf.uint8.max),
        error(lambda: tf.string.max),
        [float(x) for x in tf.int8.limits],
    ]


def as_dtype(tf, np):
    values = (
        "float",
        "float32",
        "double",
        "int32",
        "int64",
        "bool",
        "string",
        "half",
        np.float32,
        np.int64,
        float,
        bool,
        1,
        np.dtype("uint8"),
        tf.float32,
        object,
        np.str_,
    )
    return [attempt(lambda value=value: tf.as_dtype(value).name) for value in values]


def as_dtype_refused(tf, np):
    return [
        said(lambda: tf.as_dtype("nonsense"), "Cannot convert value 'nonsense' to a TensorFlow"),
        error(lambda: tf.as_dtype(None)),
        error(lambda: tf.as_dtype(3.5)),
        error(lambda: tf.as_dtype([1])),
    ]


def equality(tf, np):
    return [
        tf.float32 == "float32",
        tf.float32 == np.float32,
        tf.float32 == tf.float64,
        tf.float32 != "float64",
        tf.float32 == None,
        hash(tf.float32) == hash(tf.as_dtype(1)),
        tf.float32 in [np.float32],
        tf.float32 == "nonsense",
        tf.float32 == float,
    ]


def reference_types(tf, np):
    v = tf.Variable(1.0)
    return [
        v.dtype == tf.float32,
        v.dtype.base_dtype == tf.float32,
        v.dtype.name,
        v.dtype._is_ref_dtype,
        v.dtype.is_compatible_with(tf.float32),
        tf.float32.is_compatible_with(v.dtype),
        v.dtype.real_dtype.name,
    ]


def constants(tf, np):
    values = (
        1,
        1.0,
        True,
        "a",
        b"a",
        [1, 2],
        [1.0, 2],
        [True],
        ["a", "b"],
        1j,
        np.float64(1),
        np.float32(1),
        np.int64(1),
        np.int8(1),
        np.ones(2),
        np.ones(2, np.int64),
        np.array("a"),
        [np.float64(1)],
        [np.int64(1)],
        (1, 2),
        2**31 - 1,
        [[1], [2]],
        np.bool_(True),
        [],
    )
    return [tf.constant(value).dtype.name for value in values]


def constant_too_large(tf, np):
    return [
        attempt(lambda: tf.constant(2**31).dtype.name),
        tf.constant(2**31, tf.int64).dtype.name,
        accepted(tf, lambda: tf.constant(2**70, tf.int64)),
    ]


def constant_of_low_bits(tf, np):
    """An int that the type is too small for; what is added to a tensor becomes of its type."""
    made = [
        tf.constant(-(2**31) - 1, tf.int32), tf.constant([2**40, 2**31], tf.int32),
        tf.constant(300, tf.int8), tf.constant(-1, tf.uint8), tf.constant(-1, tf.uint64),
        tf.constant(2**31, tf.int32, shape=[2]), tf.constant([1, 2]) + 2**31,
        tf.convert_to_tensor(2**31, tf.int32),
    ]  # fmt: skip
    with tf.Session() as session:
        found = [value.tolist() for value in session.run(made)]
    return found, error(lambda: tf.constant(2**63, tf.int64))


def constant_with_dtype(tf, np):
    return [
        tf.constant(1, tf.float32).dtype.name,
        said(
            lambda: tf.constant(1.5, tf.int32), "Expected int32, got 1.5 of type 'float' instead."
        ),
        error(lambda: tf.constant("a", tf.float32)),
        error(lambda: tf.constant(True, tf.int32)),
        error(lambda: tf.constant(1, tf.bool)),
        error(lambda: tf.constant(1, tf.string)),
        tf.constant([1, 2], dtype="float64").dtype.name,
        error(lambda: tf.constant(np.float64(1.5), tf.int32)),
        error(lambda: tf.constant(1j, tf.float32)),
    ]


def constant_mixed_lists(tf, np):
    return [
        error(lambda: tf.constant([1, "a"])),
        error(lambda: tf.constant([1, 2.5])),
        error(lambda: tf.constant([[1, 2], [3]])),
        error(lambda: tf.constant([True, 1])),
        error(lambda: tf.constant([None])),
        error(lambda: tf.constant(None)),
        said(lambda: tf.constant(None), "None values not supported."),
    ]


def constant_of_a_tensor(tf, np):
    return error(lambda: tf.constant(tf.constant(1)))


def constant_shape_fill(tf, np):
    with tf.Session() as sess:
        return sess.run(
            [
                tf.constant(1, shape=[2, 2]),
                tf.constant([1, 2], shape=[2, 2]),
                tf.constant([1, 2, 3, 4], shape=[2, 2]),
                tf.constant(0.5, tf.float64, [1]),
            ]
        )


def constant_shape_refused(tf, np):
    return [
        said(lambda: tf.constant([1, 2, 3], shape=[2]), "Too many elements provided"),
        error(lambda: tf.constant([1, 2, 3], shape=[2, 2], verify_shape=True)),
        error(lambda: tf.constant(1, shape=[-1])),
    ]


def convert_to_tensor(tf, np):
    a = tf.constant(1.0)
    v = tf.Variable(1.0)
    return [
        tf.convert_to_tensor(a) is a,
        tf.convert_to_tensor(v).name,
        tf.convert_to_tensor(1).dtype.name,
        tf.convert_to_tensor(1, tf.float32).dtype.name,
        tf.convert_to_tensor(1, preferred_dtype=tf.float64).dtype.name,
        tf.convert_to_tensor(1.5, preferred_dtype=tf.int32).dtype.name,
        said(lambda: tf.convert_to_tensor(a, tf.int32), "Tensor conversion requested dtype int32"),
        str(tf.convert_to_tensor([a, a])),
        str(tf.convert_to_tensor([[1, 2], [a, 3.0]])),
        error(lambda: tf.convert_to_tensor(object())),
        error(lambda: tf.convert_to_tensor(v, tf.int32)),
        tf.convert_to_tensor(tf.TensorShape([2, 3])).dtype.name,
        error(lambda: tf.convert_to_tensor(tf.TensorShape([None]))),
    ]


def results_of_functions(tf, np):
    a = tf.constant([1.0, 2.0])
    return [
        t.dtype.name
        for t in (
            tf.argmax(a),
            tf.argmax(a, output_type=tf.int32),
            tf.shape(a),
            tf.size(a),
            tf.rank(a),
            a > 1.0,
            tf.equal(a, a),
            tf.range(3),
            tf.range(3.0),
            tf.range(np.int64(3)),
            tf.one_hot(1, 3),
            tf.one_hot(1, 3, on_value=1, off_value=0),
            tf.zeros([2]),
            tf.ones([1], tf.int32),
            tf.fill([1], 1),
            tf.where(a > 1.0),
            tf.random_normal([1]),
            tf.constant(7) / tf.constant(2),
            tf.nn.top_k(a)[1],
            tf.constant(7, tf.int8) / tf.constant(2, tf.int8),
            tf.zeros_like(a, dtype=tf.int32),
            tf.eye(2),
            tf.linspace(0.0, 1.0, 2),
            tf.div(7, 2),
            tf.size(a, out_type=tf.int64),
        )
    ]


def placeholder_dtypes(tf, np):
    return [
        tf.placeholder(kind).dtype.name
        for kind in ("float", "float32", np.float64, tf.int32, "int64", bool, float)
    ]


def what_is_a_tensor(tf, np):
    """A dtype is none, so that `assertAllEqual` compares it as it is."""
    test = tf.test.TestCase("assertTrue")
    test.assertAllEqual(np.zeros(2, np.uint8).dtype, tf.uint8)
    things = [tf.float32, tf.zeros(1).dtype, tf.Variable(1.0).dtype, tf.Variable(1.0), tf.zeros(1)]
    return [(tf.is_tensor(x), tf.contrib.framework.is_tensor(x)) for x in things]
