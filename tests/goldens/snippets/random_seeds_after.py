"""The seed of what is drawn next, which counts the nodes that stand before it in the graph."""


def _seeds(tf, *builds):
    """The seed of an op that draws, after each of these has built its nodes in a graph of its own;
    and the shapes of what they built."""
    found = []
    for build in builds:
        with tf.Graph().as_default():
            tf.set_random_seed(1)
            built = build()
            tf.random_uniform([])
            nodes = tf.get_default_graph().get_operations()
            drawing = [node for node in nodes if node.type == "RandomUniform"]
            found.append([drawing[-1].get_attr("seed2"), str(getattr(built, "shape", None))])
    return found


def _images(tf):
    """Functions of no arguments that make images: of unknown and of known size, one or several."""
    return (
        lambda: tf.placeholder(tf.float32, [None, None, 3], name="x"),
        lambda: tf.placeholder(tf.float32, [None, None, None, 3], name="x"),
        lambda: tf.zeros([8, 9, 3]),
        lambda: tf.zeros([2, 8, 9, 3]),
    )


def _of_images(tf, change):
    return _seeds(tf, *(lambda make=make: change(make()) for make in _images(tf)))


def cropped(tf, np):
    return _of_images(tf, lambda x: tf.image.crop_to_bounding_box(x, 1, 2, 4, 5))


def cropped_at_tensors(tf, np):
    one = lambda: tf.constant(1)  # noqa: E731
    return _of_images(tf, lambda x: tf.image.crop_to_bounding_box(x, one(), one(), 4, 5))


def padded(tf, np):
    return _of_images(tf, lambda x: tf.image.pad_to_bounding_box(x, 1, 2, 14, 15))


def cropped_or_padded(tf, np):
    return _of_images(tf, lambda x: tf.image.resize_image_with_crop_or_pad(x, 5, 14))


def central(tf, np):
    return _of_images(tf, lambda x: tf.image.central_crop(x, 0.5))


def flipped(tf, np):
    return _of_images(tf, tf.image.flip_left_right)


def flipped_by_chance(tf, np):
    return _of_images(tf, tf.image.random_flip_up_down)


def turned(tf, np):
    return _of_images(tf, lambda x: tf.image.rot90(x, 3))


def standardized(tf, np):
    return _of_images(tf, tf.image.per_image_standardization)


def coloured(tf, np):
    return _of_images(tf, lambda x: tf.image.grayscale_to_rgb(x[..., :1]))


def in_proportion(tf, np):
    return _of_images(tf, lambda x: tf.image.resize_images(x, [4, 5], preserve_aspect_ratio=True))


def noise_ratio(tf, np):
    return _of_images(tf, lambda x: tf.image.psnr(x, x, 1.0))


def rates(tf, np):
    step = lambda: tf.constant(3)  # noqa: E731
    return _seeds(
        tf,
        lambda: tf.train.piecewise_constant(step(), [2], [0.1, 0.2]),
        lambda: tf.train.piecewise_constant(step(), [2, 4, 5], [0.1, 0.2, 0.3, 0.4]),
        lambda: tf.train.polynomial_decay(0.1, step(), 10, 0.01, cycle=True),
        lambda: tf.train.cosine_decay_restarts(0.1, step(), 10),
        lambda: tf.train.inverse_time_decay(0.1, step(), 10, 0.9),
        lambda: tf.train.linear_cosine_decay(0.1, step(), 10),
    )


def _dilated(tf, pixels, padding):
    shape, sides = [2, *[pixels] * 2, 3], [3, 3]
    image = lambda: tf.placeholder(tf.float32, shape)  # noqa: E731
    return _seeds(
        tf,
        lambda: tf.nn.atrous_conv2d(image(), tf.zeros([*sides, 3, 4]), 2, padding),
        lambda: tf.nn.convolution(image(), tf.zeros([*sides, 3, 4]), padding, dilation_rate=[1, 2]),
        lambda: tf.nn.depthwise_conv2d(
            image(), tf.zeros([*sides, 3, 2]), [1, 1, 1, 1], padding, rate=[2, 2]
        ),
        lambda: tf.layers.conv2d(image(), 4, 3, padding=padding, dilation_rate=2),
        lambda: tf.contrib.slim.conv2d(image(), 4, 3, rate=2, padding=padding),
    )


def dilated(tf, np):
    return _dilated(tf, 9, "SAME"), _dilated(tf, 9, "VALID")


def dilated_of_unknown_size(tf, np):
    return _dilated(tf, None, "SAME"), _dilated(tf, None, "VALID")


def dilated_rows_and_volumes(tf, np):
    made = []
    for rank in (1, 3):
        for pixels in (9, None):
            shape, window = [2, *[pixels] * rank, 3], [*[2] * rank, 3, 4]
            rate = [2] * rank
            made.append(lambda s=shape, w=window, r=rate: tf.nn.convolution(
                tf.placeholder(tf.float32, s), tf.zeros(w), "SAME", dilation_rate=r
            ))  # fmt: skip
    return _seeds(tf, *made)


def checked(tf, np):
    """What an assertion prints: numbers and texts, or other tensors, some of them twice."""
    ask = lambda: tf.placeholder(tf.bool, [])  # noqa: E731
    x = lambda: tf.placeholder(tf.float32, [None])  # noqa: E731
    return _seeds(
        tf,
        lambda: tf.Assert(ask(), ["no", tf.constant(3)]),
        lambda: tf.Assert(ask(), ["no", x(), 1.5]),
        lambda: (lambda y: tf.Assert(ask(), [y, y, x()]))(x()),
        lambda: tf.assert_non_negative(tf.placeholder(tf.int64, [None])),
        lambda: tf.assert_less(x(), x(), message="small"),
    )


def chosen(tf, np):
    ask = lambda: tf.placeholder(tf.bool, [])  # noqa: E731
    return _seeds(
        tf,
        lambda: tf.case([(ask(), lambda: tf.constant(1.0)), (ask(), lambda: tf.constant(2.0))],
                        default=lambda: tf.constant(3.0), exclusive=True),
        lambda: tf.case([(ask(), lambda: tf.constant(1.0)), (ask(), lambda: tf.constant(2.0))],
                        exclusive=True),
        lambda: tf.nn.swish(tf.placeholder(tf.float32, [None])),
    )  # fmt: skip


def sorted_and_categorical(tf, np):
    x = lambda: tf.placeholder(tf.float32, [None, 4])  # noqa: E731
    label = lambda: tf.placeholder(tf.int32, [None])  # noqa: E731
    return _seeds(
        tf,
        lambda: [tf.sort(x())],
        lambda: tf.argsort(x(), axis=0, direction="DESCENDING"),
        lambda: tf.distributions.Categorical(logits=x()).log_prob(label()),
        lambda: tf.distributions.Categorical(probs=x()).prob(label()),
    )


def columns(tf, np):
    """Of known and unknown batch size: variables of a linear model are resource variables."""
    fc = tf.feature_column
    words = fc.categorical_column_with_vocabulary_list("word", ["a", "b"])
    numbers = fc.numeric_column("number", shape=(2,))
    crossed = fc.crossed_column([words, fc.bucketized_column(numbers, [0.0])], 9)
    weighted = fc.weighted_categorical_column(words, "weight")
    dense = [numbers, fc.embedding_column(words, 2), fc.indicator_column(crossed),
             fc.embedding_column(weighted, 2, max_norm=0.5),
             fc.embedding_column(weighted, 2, "sqrtn")]  # fmt: skip

    def features(batch):
        return {
            "word": tf.placeholder(tf.string, [batch, 2]),
            "number": tf.placeholder(tf.float32, [batch, 2]),
            "weight": tf.placeholder(tf.float32, [batch, 2]),
        }

    builds = []
    for batch in (None, 4):
        builds += [
            lambda column=column, batch=batch: [fc.input_layer(features(batch), [column])]
            for column in dense
        ]
        builds += [
            lambda column=column, batch=batch: [fc.linear_model(features(batch), [column])]
            for column in (words, numbers, crossed, weighted)
        ]
        builds += [
            lambda batch=batch, shape=shape: [tf.sparse.reshape(
                tf.SparseTensor([[0, 0]], [1], [batch or tf.placeholder(tf.int64, []), 3]), shape()
            )] for shape in (
                lambda: [3, -1], lambda: [3, 4], lambda: [tf.reduce_prod([2, 2]), 3],
                lambda: [tf.reduce_prod([2, 2]), tf.gather([1, 3], 1)],
            )
        ]  # fmt: skip
    return _seeds(tf, *builds)


def parsed(tf, np):
    """The names of features are constants in TensorFlow, but for one example, or many sequences."""
    some, one = tf.VarLenFeature(tf.int64), tf.FixedLenFeature([], tf.int64)
    steps = tf.FixedLenSequenceFeature([], tf.int64, allow_missing=True)
    sparse = tf.SparseFeature(["i", "j"], "v", tf.float32, [9, 9])
    batch = lambda: tf.placeholder(tf.string, [None])  # noqa: E731
    single = lambda: tf.placeholder(tf.string, [])  # noqa: E731
    fc = tf.feature_column
    columns = [fc.embedding_column(fc.categorical_column_with_hash_bucket("a", 9), 2),
               fc.numeric_column("b", default_value=1.0)]  # fmt: skip
    spec = fc.make_parse_example_spec(columns)
    return _seeds(
        tf,
        lambda: [tf.parse_example(batch(), {"a": one})],
        lambda: [tf.parse_example(batch(), {"a": some, "b": some, "c": one}, name="x")],
        lambda: [tf.parse_example(batch(), {"a": steps, "b": sparse})],
        lambda: [tf.parse_example(batch(), {"a": tf.FixedLenFeature([2], tf.int64, [1, 2])})],
        lambda: [tf.parse_single_example(single(), {"a": one, "b": some})],
        lambda: [tf.parse_single_example(single(), {"a": one, "b": some}, example_names="e")],
        lambda: [tf.parse_single_sequence_example(single(), {"a": one, "b": some}, {"c": steps})],
        lambda: [tf.io.parse_sequence_example(batch(), {"a": one, "b": some}, {"c": steps})],
        lambda: [fc.input_layer(tf.parse_example(batch(), spec), columns)],
    )


def sequences(tf, np):
    """The categories of a sequence are taken once for the vectors and their lengths."""
    fc, layer = tf.feature_column, tf.contrib.feature_column.sequence_input_layer
    words = fc.sequence_categorical_column_with_hash_bucket("words", 5)
    more = fc.sequence_categorical_column_with_hash_bucket("more", 5)
    several = [
        [fc.embedding_column(words, 2)], [fc.indicator_column(words)],
        [fc.embedding_column(words, 2), fc.embedding_column(more, 3)],
        fc.shared_embedding_columns([words, more], 2),
    ]  # fmt: skip
    text = lambda: tf.sparse_placeholder(tf.string, [None, 3])  # noqa: E731
    return _seeds(tf, *(
        lambda columns=columns: [layer({"words": text(), "more": text()}, columns)]
        for columns in several
    ))  # fmt: skip
