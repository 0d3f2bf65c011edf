"""What came to light where arguments of single ops were drawn at random."""

from goldens.kit import accepted, attempt, error, run, said, shape


def nothing_meets_a_number(tf, np):
    fed = tf.placeholder(tf.int64)
    none = tf.constant([], tf.int64, shape=[0])
    made = [none + fed, none * fed, tf.maximum(fed, none), tf.concat([none, none], 0) + fed]
    with tf.Session() as sess:
        return [[value.dtype.name, value.shape] for value in sess.run(made, {fed: -1})]


def boxes_that_are_chosen_once(tf, np):
    boxes = np.float32([[0.1, 0.6, 0.9, 0.7], [0.2, 0.1, 0.8, 0.7], [0.1, 0.2, 0.8, 0.9],
                        [0.0, 0.0, 0.1, 0.1]])  # fmt: skip
    scores = np.float32([1.4, -0.5, 0.9, 0.3])
    return [
        run(tf, list(tf.image.non_max_suppression_with_scores(
            boxes[:n], scores[:n], 3, most, least, soft_nms_sigma=sigma)))
        for n in (1, 4) for most in (0.5, 1.0) for least in (-np.inf, 0.0) for sigma in (0.0, 0.5)
    ]  # fmt: skip


def mirrors_that_are_too_small(tf, np):
    x, paddings = tf.placeholder(tf.float32), tf.placeholder(tf.int32)
    return [
        attempt(lambda mode=mode, around=around: run(
            tf, tf.pad(x, paddings, mode), {x: np.ones([2, 1]), paddings: around}))
        for mode in ("REFLECT", "SYMMETRIC")
        for around in ([[1, 1], [0, 0]], [[2, 0], [0, 1]], [[0, 2], [0, 0]], [[0, 3], [0, 0]])
    ]  # fmt: skip


def slices_of_unequal_lengths(tf, np):
    x, begin, end = tf.zeros([3, 4]), tf.placeholder(tf.int32), tf.placeholder(tf.int32)
    fed = tf.strided_slice(x, begin, end)
    return [
        error(lambda: tf.strided_slice(x, [0, 1], [2])),
        error(lambda: tf.strided_slice(x, [0], [2, 2], [1])),
        error(lambda: tf.strided_slice(x, [0], [2], [1, 1])),
        accepted(tf, lambda: fed, {begin: [0, 0], end: [1]}),
        accepted(tf, lambda: fed, {begin: [0, 0], end: [1, 1]}),
    ]


def second_derivatives_of_relu6(tf, np):
    x = tf.constant([-1.0, 0.0, 2.0, 6.0, 7.0])
    slope = tf.gradients(tf.nn.relu6(x), x)[0]
    return run(tf, [slope, tf.gradients(slope, x)[0]])


def without_elements(tf, np):
    return [
        run(tf, tf.linalg.expm(np.zeros([0, 2, 2], np.complex64))).shape,
        run(tf, tf.nn.in_top_k(np.zeros([2, 0], np.float32), [0, 1], 1)),
    ]


def complex_means_of_segments(tf, np):
    x = tf.constant([[1 + 2j, 3.0], [2.0, 1j], [0.5, 1.0]], tf.complex64)
    mean = tf.segment_mean(x, [0, 0, 2])
    above = tf.constant([[1j, 1], [2, 2], [1 + 1j, 3]], tf.complex64)
    return run(tf, [mean, tf.gradients(mean, x, above)[0]])


def least_squares_of_any_shape(tf, np):
    x, y = tf.placeholder(tf.float64), tf.placeholder(tf.float64)
    solved = tf.matrix_solve_ls(x, y, 0.5)
    slopes = tf.gradients(solved, [x, y])
    with tf.Session() as sess:
        return [
            sess.run([solved, *slopes], {x: np.sin(np.arange(6.0)).reshape(sizes), y: right})
            for sizes, right in (((3, 2), np.eye(3)), ((2, 3), np.eye(2)), ((1, 2, 3), [np.eye(2)]))
        ]


def slopes_of_activations_of_unknown_shape(tf, np):
    x = tf.placeholder(tf.float32)
    above = tf.placeholder(tf.float32, [2, 3])
    functions = [tf.nn.relu, tf.nn.relu6, tf.nn.elu, tf.nn.selu, tf.nn.leaky_relu]
    return [shape(tf.gradients(function(x), x, above)[0]) for function in functions]


def strings_and_halves_as_text(tf, np):
    texts = tf.constant([b"a", b"\xc3\xa9t", b"q\"\n\t\r'\\?", b"\x00\x7f~"])
    halves = tf.constant([1.7548828125, 0.1, 3.0, 6e-8], tf.float16)
    with tf.Session() as sess:
        return [
            sess.run(tf.strings.format("{} and {}", [texts, halves])),
            sess.run(tf.strings.format("{}", tf.constant("it's"))),
            said(lambda: sess.run(tf.Assert(False, [texts, halves], summarize=4)),
                 r"""[a \303\251t q\"\n\t\r\'\\? \000\177~] [1.75488281 0.0999755859 3 """),
        ]  # fmt: skip


def gradients_of_another_shape(tf, np):
    made = [
        lambda: tf.train.AdamOptimizer(0.1), lambda: tf.train.MomentumOptimizer(0.1, 0.9),
        lambda: tf.train.RMSPropOptimizer(0.1, centered=True), lambda: tf.train.FtrlOptimizer(0.1),
        lambda: tf.train.GradientDescentOptimizer(0.1), lambda: tf.train.AdadeltaOptimizer(0.1),
        lambda: tf.train.AdagradOptimizer(0.1), lambda: tf.contrib.opt.PowerSignOptimizer(0.1),
    ]  # fmt: skip
    given = tf.placeholder(tf.float32)
    sizes = [(3,), (), (2, 1), (2, 3)]

    def applied(make, resource):
        v = tf.Variable(np.ones([2, 3], np.float32), use_resource=resource)
        step = make().apply_gradients([(given, v)])
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            late = [attempt(lambda n=n: sess.run(step, {given: np.ones(n)})) for n in sizes]
        return late, [error(lambda n=n: make().apply_gradients([(tf.ones(n), v)]))
                      for n in sizes]  # fmt: skip

    return [applied(make, resource) for make, resource in zip(made, [False, True] * 4)]


def without_rows_or_axes(tf, np):
    none = tf.SparseTensor(*(tf.placeholder(dtype) for dtype in (tf.int64, tf.float32, tf.int64)))
    return [
        run(tf, tf.strings.unicode_encode(tf.zeros([2, 0], tf.int32), "UTF-8")),
        run(tf, tf.strings.unicode_encode(tf.fill([2, 2, 1], 65), "UTF-8")),
        run(tf, tf.strings.unicode_encode([72, 105], "UTF-8")),
        run(tf, tf.slice(tf.constant(b"abc"), *[np.zeros([0], np.int32)] * 2)),
        error(lambda: tf.norm(1.0, 2, axis=[0, 1])),
        error(lambda: tf.sparse.expand_dims(none, 0)),
    ]


def windows_larger_than_images(tf, np):
    def made(x, stride):
        filters, window = tf.ones([3, 3, 2, 2]), [1, stride, stride, 1]
        sizes = [1, 3, 3, 1]
        return [
            lambda: tf.nn.conv2d(x, filters, window, "VALID"),
            lambda: tf.nn.conv2d(x, filters, window, [[0, 0], [0, 1], [0, 0], [0, 0]]),
            lambda: tf.nn.depthwise_conv2d(x, filters, window, "VALID"),
            lambda: tf.nn.max_pool(x, sizes, window, "VALID"),
            lambda: tf.nn.avg_pool(x, sizes, window, "VALID"),
            lambda: tf.nn.max_pool_with_argmax(x, sizes, window, "VALID")[0],
        ]

    fed = tf.placeholder(tf.float32, [None, None, None, 2])
    found = []
    for stride in (1, 2, 3):
        late = made(fed, stride)
        slopes = [tf.gradients(build(), fed)[0] for build in late[2:5]]
        for height, width in ((2, 5), (1, 1), (2, 2), (0, 3)):
            image = np.ones([1, height, width, 2], np.float32)
            found.append([
                [error(build) for build in made(tf.constant(image), stride)],
                [attempt(lambda t=t, image=image: run(tf, t, {fed: image}).shape)
                 for t in (*(build() for build in late), *slopes)],
            ])  # fmt: skip
    return found
