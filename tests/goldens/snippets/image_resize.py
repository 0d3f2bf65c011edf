"""tf.image: resizing, its gradients, cutting and padding, turning over."""

from goldens.kit import attempt, error, run, shape, shapes

SIZES = [(5, 7), (2, 3), (9, 2), (1, 1), (4, 6)]


def _images(np, dtype="float32", *sizes):
    values = np.random.RandomState(3).uniform(0, 200, sizes or (2, 4, 6, 3))
    return values.astype(dtype)


def _each(tf, np, function, **attributes):
    return [run(tf, function(_images(np), size, **attributes)) for size in SIZES]


def nearest(tf, np):
    return _each(tf, np, tf.image.resize_nearest_neighbor)


def nearest_corners(tf, np):
    return _each(tf, np, tf.image.resize_nearest_neighbor, align_corners=True)


def nearest_half_pixel(tf, np):
    return _each(tf, np, tf.image.resize_nearest_neighbor, half_pixel_centers=True)


def bilinear(tf, np):
    return _each(tf, np, tf.image.resize_bilinear)


def bilinear_corners(tf, np):
    return _each(tf, np, tf.image.resize_bilinear, align_corners=True)


def bilinear_half_pixel(tf, np):
    return _each(tf, np, tf.image.resize_bilinear, half_pixel_centers=True)


def bicubic(tf, np):
    return _each(tf, np, tf.image.resize_bicubic)


def bicubic_corners(tf, np):
    return _each(tf, np, tf.image.resize_bicubic, align_corners=True)


def bicubic_half_pixel(tf, np):
    return _each(tf, np, tf.image.resize_bicubic, half_pixel_centers=True)


def area(tf, np):
    return _each(tf, np, tf.image.resize_area)


def area_corners(tf, np):
    return _each(tf, np, tf.image.resize_area, align_corners=True)


def large_ones(tf, np):
    """Larger images, whose places are further from what float32 can tell apart."""
    images = _images(np, "float32", 1, 57, 83, 1)
    return [
        run(tf, tf.image.resize_images(images, (31, 101), method))[0, ::5, ::9, 0]
        for method in range(4)
    ]


def types(tf, np):
    found = []
    for dtype in ("int8", "uint8", "int16", "uint16", "int32", "int64", "float16", "float64"):
        images = _images(np, "float64", 1, 2, 3, 1) / 2
        images = tf.constant(images.astype(dtype))
        found += [run(tf, tf.image.resize_images(images, (3, 4), method)) for method in range(4)]
    return found


def constants_stay(tf, np):
    images = np.full((1, 5, 7, 1), 255, np.uint8)
    return [run(tf, tf.image.resize_images(images, (8, 3), method)).ravel() for method in range(3)]


def _gradient(tf, np, method, dtype, size, **attributes):
    images = tf.constant(_images(np, dtype))
    resized = method(images, size, **attributes)
    weights = np.random.RandomState(5).normal(size=resized.shape.as_list())
    found = tf.gradients(
        resized * tf.constant(weights.astype(resized.dtype.as_numpy_dtype)), images
    )
    return run(tf, found)


def gradients(tf, np):
    methods = tf.image.resize_nearest_neighbor, tf.image.resize_bilinear, tf.image.resize_bicubic
    return [
        _gradient(tf, np, method, "float32", size, **attributes)
        for method in methods
        for attributes in ({}, {"align_corners": True}, {"half_pixel_centers": True})
        for size in ((5, 7), (2, 3))
    ]


def gradients_of_doubles(tf, np):
    methods = tf.image.resize_nearest_neighbor, tf.image.resize_bilinear, tf.image.resize_bicubic
    return [_gradient(tf, np, method, "float64", (5, 7)) for method in methods]


def gradients_missing(tf, np):
    images = tf.constant(_images(np))
    area = tf.image.resize_area(images, (3, 3))
    near, line = (
        tf.image.resize_nearest_neighbor(images, (3, 3)),
        tf.image.resize_bilinear(images, (3, 3)),
    )
    return [
        error(lambda: tf.gradients(area, images)),
        error(lambda: tf.gradients(tf.gradients(near, images)[0] ** 2, images)),
        error(lambda: tf.gradients(tf.gradients(line**2, images)[0], images)),
        tf.gradients(tf.image.resize_bilinear(tf.constant(_images(np, "uint8")), (3, 3)), images)
        == [None],
    ]


def static_shapes(tf, np):
    unknown = tf.placeholder(tf.float32)
    flat = tf.placeholder(tf.float32, [None, None, 3])
    batch = tf.placeholder(tf.float32, [None, 4, None, 3])
    size = tf.placeholder(tf.int32, [2])
    resize = tf.image.resize_images
    return [
        *shapes(resize(flat, [5, 6]), resize(batch, [5, 6]), resize(batch, size)),
        *shapes(tf.image.resize_bilinear(unknown, [5, 6]), resize(flat, [5, size[0]])),
        *shapes(tf.image.resize_nearest_neighbor(batch, size), tf.image.resize_area(batch, [1, 2])),
        resize(tf.zeros([4, 4, 3], tf.uint8), [4, 4]).dtype.name,
        resize(tf.zeros([4, 4, 3], tf.uint8), [4, 5]).dtype.name,
        resize(tf.zeros([4, 4, 3], tf.uint8), [4, 5], 1).dtype.name,
        resize(tf.zeros([4, 4, 3], tf.float64), [4, 5], 2).dtype.name,
    ]


def refused(tf, np):
    resize, image = tf.image.resize_images, tf.zeros([4, 4, 3])
    return [
        error(lambda: resize(tf.placeholder(tf.float32), [2, 2])),
        error(lambda: resize(tf.zeros([4, 4]), [2, 2])),
        error(lambda: resize(image, [2, 2, 2])),
        error(lambda: resize(image, 2)),
        error(lambda: resize(image, [2.5, 2])),
        error(lambda: resize(image, [2, 2], 7)),
        error(lambda: tf.image.resize_bilinear(image, [2, 2])),
        error(lambda: run(tf, resize(image, [0, 2]))),
        error(
            lambda: run(
                tf,
                tf.image.resize_bilinear(
                    image[None], [2, 2], align_corners=True, half_pixel_centers=True
                ),
            )
        ),
        error(lambda: tf.image.resize_bilinear(tf.zeros([1, 4, 4, 3], tf.bool), [2, 2])),
        error(lambda: tf.image.resize_bilinear(tf.zeros([1, 4, 4, 3]), tf.constant([2.0, 2.0]))),
    ]


def names(tf, np):
    with tf.name_scope("a"):
        one = tf.image.resize_images(tf.zeros([4, 4, 3]), [2, 2])
    two = tf.image.resize_bilinear(tf.zeros([1, 4, 4, 3]), [2, 2])
    return [
        one.op.name,
        two.op.name,
        two.op.type,
        two.op.get_attr("align_corners"),
        two.op.get_attr("half_pixel_centers"),
    ]


def aspect_ratio(tf, np):
    images = _images(np)
    fed = tf.placeholder(tf.float32, [None, None, None, 3])
    resize = tf.image.resize_images
    known = resize(images, (7, 7), preserve_aspect_ratio=True)
    return [
        shape(known),
        run(tf, known),
        run(tf, resize(fed, (3, 9), preserve_aspect_ratio=True), {fed: images}),
        shape(resize(fed, (3, 9), preserve_aspect_ratio=True)),
    ]


def with_pad(tf, np):
    images = _images(np)
    found = [tf.image.resize_image_with_pad(images, *size) for size in ((6, 6), (8, 20), (3, 3))]
    one = tf.image.resize_image_with_pad(images[0], 5, 9, 1)
    return [*shapes(*found, one), *run(tf, [*found, one])]


def methods_named(tf, np):
    kinds = tf.image.ResizeMethod
    return [
        kinds.BILINEAR,
        kinds.NEAREST_NEIGHBOR,
        kinds.BICUBIC,
        kinds.AREA,
        run(tf, tf.image.resize(_images(np), (3, 4), method="nearest")),
        run(tf, tf.image.resize(_images(np), (3, 4), method=kinds.AREA)),
    ]


# -- cutting and padding --------------------------------------------------------------------------


def central_crop(tf, np):
    images = _images(np)
    fed = tf.placeholder(tf.float32, [None, None, 3])
    late = tf.image.central_crop(fed, 0.6)
    found = [
        tf.image.central_crop(images, 0.5),
        tf.image.central_crop(images[0], 0.3),
        tf.image.central_crop(images[0], 1.0),
    ]
    return [
        *shapes(*found, late),
        *run(tf, found),
        run(tf, late, {fed: images[0]}),
        error(lambda: tf.image.central_crop(images, 0.0)),
        error(lambda: tf.image.central_crop(images, 1.1)),
        error(lambda: tf.image.central_crop(tf.zeros([2, 2]), 0.5)),
    ]


def boxes_cut_and_padded(tf, np):
    images = _images(np)
    found = [
        tf.image.crop_to_bounding_box(images, 1, 2, 2, 3),
        tf.image.crop_to_bounding_box(images[0], 0, 0, 4, 1),
        tf.image.pad_to_bounding_box(images, 1, 2, 6, 9),
        tf.image.pad_to_bounding_box(images[0], 0, 0, 4, 6),
    ]
    return [*shapes(*found), *run(tf, found)]


def boxes_of_unknown_images(tf, np):
    images, fed = _images(np), tf.placeholder(tf.float32)
    offset = tf.placeholder(tf.int32, [])
    cut = tf.image.crop_to_bounding_box(fed, 1, offset, 2, 3)
    padded = tf.image.pad_to_bounding_box(fed, 1, offset, 7, 9)
    feed = {fed: images[0], offset: 2}
    return [
        *shapes(cut, padded),
        *run(tf, [cut, padded], feed),
        error(lambda: run(tf, cut, {fed: images[0], offset: 9})),
        error(lambda: run(tf, padded, {fed: images[0], offset: -1})),
    ]


def boxes_refused(tf, np):
    cut, padded, images = tf.image.crop_to_bounding_box, tf.image.pad_to_bounding_box, _images(np)
    both = tf.image.resize_image_with_crop_or_pad
    return [
        error(lambda: cut(images, -1, 0, 2, 2)),
        error(lambda: cut(images, 0, 0, 9, 2)),
        error(lambda: cut(images, 0, 0, 0, 2)),
        error(lambda: cut(images[0, 0], 0, 0, 1, 1)),
        error(lambda: padded(images, -1, 0, 9, 9)),
        error(lambda: padded(images, 1, 0, 4, 9)),
        error(lambda: both(images, 0, 9)),
        error(lambda: cut(tf.zeros([0, 2, 3]), 0, 0, 1, 1)),
    ]


def crop_or_pad(tf, np):
    images, fed = _images(np), tf.placeholder(tf.float32, [None, None, 3])
    sizes = (4, 6), (2, 9), (7, 3), (5, 5), (3, 3)
    found = [tf.image.resize_image_with_crop_or_pad(images, *size) for size in sizes]
    late = tf.image.resize_image_with_crop_or_pad(fed, 3, 8)
    return [*shapes(*found, late), *run(tf, found), run(tf, late, {fed: images[0]})]


def crop_or_pad_to_tensors(tf, np):
    images, height = _images(np), tf.placeholder(tf.int32, [])
    found = tf.image.resize_image_with_crop_or_pad(images[0], height, 4)
    return [shape(found), run(tf, found, {height: 3}), run(tf, found, {height: 6})]


def gradient_of_a_crop(tf, np):
    images = tf.constant(_images(np)[0])
    both = tf.image.resize_image_with_crop_or_pad(images, 3, 9)
    return run(tf, tf.gradients(both * both, images))


# -- turning over ---------------------------------------------------------------------------------


def flips(tf, np):
    images = _images(np)
    found = [
        tf.image.flip_left_right(images),
        tf.image.flip_up_down(images),
        tf.image.flip_left_right(images[0]),
        tf.image.flip_up_down(images[0]),
        tf.image.transpose_image(images),
        tf.image.transpose_image(images[0]),
    ]
    return [*shapes(*found), *run(tf, found)]


def flips_of_unknown_images(tf, np):
    images, fed = _images(np), tf.placeholder(tf.float32)
    found = [
        tf.image.flip_left_right(fed),
        tf.image.flip_up_down(fed),
        tf.image.transpose_image(fed),
    ]
    return [
        *shapes(*found),
        *run(tf, found, {fed: images[0]}),
        error(lambda: run(tf, found, {fed: images[0, 0]})),
        error(lambda: tf.image.flip_left_right(tf.zeros([2, 2]))),
        error(lambda: tf.image.flip_left_right(tf.zeros([1, 1, 2, 2, 1]))),
    ]


def quarter_turns(tf, np):
    images = _images(np)
    found = [tf.image.rot90(image, k) for image in (images, images[0]) for k in (0, 1, 2, 3, 5, -1)]
    return [
        shape(tf.image.rot90(images)),
        shape(tf.image.rot90(images[0])),
        *run(tf, found),
        shape(tf.image.rot90(images[:, :4, :4])),
        error(lambda: tf.image.rot90(tf.zeros([2]), 1)),
    ]


def quarter_turns_by_tensor(tf, np):
    image, k = tf.constant(_images(np)[0]), tf.placeholder(tf.int32, [])
    turned = tf.image.rot90(image, k)
    weights = tf.reshape(tf.range(72.0), tf.shape(turned))
    both = [turned, tf.gradients(turned * weights, image)[0]]
    return [run(tf, both, {k: 1}), run(tf, both, {k: 2})]


def random_flips(tf, np):
    images = _images(np)
    found = [
        tf.image.random_flip_left_right(images, seed=4),
        tf.image.random_flip_up_down(images, seed=7),
        tf.image.random_flip_left_right(images[0], seed=1),
        tf.image.random_flip_up_down(images[0], seed=2),
    ]
    with tf.Session() as sess:
        return [*shapes(*found), [sess.run(found) for _ in range(4)]]


def random_flip_of_bytes(tf, np):
    images = _images(np, "uint8")
    found = tf.image.random_flip_left_right(images, seed=4)
    with tf.Session() as sess:
        return [sess.run(found) for _ in range(3)]


def random_crops(tf, np):
    found = tf.image.random_crop(_images(np)[0], [2, 3, 3], seed=4)
    with tf.Session() as sess:
        return [attempt(lambda: sess.run(found)) for _ in range(3)]
