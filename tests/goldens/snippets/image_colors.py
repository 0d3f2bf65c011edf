"""tf.image: colours, brightness, types, likeness."""

from goldens.kit import accepted, error, run, shape, shapes


def _images(np, dtype="float32", low=0.0, high=1.0, *sizes):
    values = np.random.RandomState(6).uniform(low, high, sizes or (2, 4, 5, 3))
    return values.astype(dtype)


def _special(np):
    """Pixels with equal channels, at the ends of the range, and outside."""
    return np.array(
        [
            [0, 0, 0],
            [1, 1, 1],
            [0.5, 0.5, 0.5],
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
            [1, 1, 0],
            [0, 1, 1],
            [1, 0, 1],
            [0.2, 0.2, 0.7],
            [0.7, 0.2, 0.2],
            [0.2, 0.7, 0.7],
            [0.3, 0.7, 0.3],
            [-0.5, 0.2, 1.5],
        ],
        np.float32,
    )


def rgb_to_hsv(tf, np):
    found = [
        tf.image.rgb_to_hsv(_images(np)),
        tf.image.rgb_to_hsv(_special(np)),
        tf.image.rgb_to_hsv(_images(np, "float64")),
        tf.image.rgb_to_hsv(_images(np)[0, 0, 0]),
    ]
    return [*shapes(*found), *run(tf, found)]


def hsv_to_rgb(tf, np):
    found = [
        tf.image.hsv_to_rgb(_images(np)),
        tf.image.hsv_to_rgb(_special(np)),
        tf.image.hsv_to_rgb(_images(np, "float64")),
    ]
    return [*shapes(*found), *run(tf, found)]


def hsv_refused(tf, np):
    image = tf.constant(_images(np))
    return [
        error(lambda: tf.image.rgb_to_hsv(image[..., :2])),
        error(lambda: tf.image.rgb_to_hsv(1.0)),
        error(lambda: tf.image.rgb_to_hsv(tf.zeros([3], tf.int32))),
        tf.gradients(tf.image.hsv_to_rgb(image), image) == [None],
        shape(tf.image.rgb_to_hsv(tf.placeholder(tf.float32))),
        shape(tf.image.rgb_to_hsv(tf.placeholder(tf.float32, [None, None]))),
    ]


def gradient_of_hsv(tf, np):
    image = tf.constant(_images(np))
    hsv = tf.image.rgb_to_hsv(image)
    weights = np.random.RandomState(1).normal(size=(2, 4, 5, 3)).astype(np.float32)
    return run(tf, [tf.gradients(hsv[..., i] * weights[..., i], image)[0] for i in range(3)])


def gradient_of_special_hsv(tf, np):
    image = tf.constant(_special(np)[:-1])
    hsv = tf.image.rgb_to_hsv(image)
    return run(tf, [tf.gradients(hsv[..., i], image)[0] for i in range(3)])


def adjust_hue(tf, np):
    return run(
        tf,
        [
            tf.image.adjust_hue(image, delta)
            for delta in (-0.7, -0.2, 0.0, 0.3, 0.9)
            for image in (_images(np), _special(np)[:, None])
        ],
    )


def adjust_saturation(tf, np):
    return run(
        tf,
        [
            tf.image.adjust_saturation(image, factor)
            for factor in (0.0, 0.4, 1.0, 3.0)
            for image in (_images(np), _special(np)[:-1, None])
        ],
    )


def adjust_contrast(tf, np):
    return run(tf, [tf.image.adjust_contrast(_images(np), factor) for factor in (-1.0, 0.4, 3.0)])


def adjust_brightness(tf, np):
    return run(tf, [tf.image.adjust_brightness(_images(np), delta) for delta in (-0.5, 0.3)])


def adjust_gamma(tf, np):
    image = _images(np)
    gamma = tf.placeholder(tf.float32, [])
    late = tf.image.adjust_gamma(image, gamma)
    return [
        run(tf, [tf.image.adjust_gamma(image, 2.2, 0.5), tf.image.adjust_gamma(image)]),
        error(lambda: tf.image.adjust_gamma(image, -1)),
        run(tf, late, {gamma: 0.5}),
        error(lambda: run(tf, late, {gamma: -1})),
    ]


def adjusting_bytes(tf, np):
    image = tf.constant(_images(np, "uint8", 0, 256))
    found = [
        tf.image.adjust_hue(image, 0.2),
        tf.image.adjust_saturation(image, 1.5),
        tf.image.adjust_contrast(image, 2.0),
        tf.image.adjust_brightness(image, 0.3),
        tf.image.adjust_gamma(image, 0.5),
    ]
    return [*[each.dtype.name for each in found], *run(tf, found)]


def adjusting_halves_and_doubles(tf, np):
    found = []
    for dtype in ("float16", "float64", "int16"):
        image = tf.constant(
            _images(np, "float64", 0, 1 if dtype[0] == "f" else 30000).astype(dtype)
        )
        found += [
            tf.image.adjust_hue(image, 0.2),
            tf.image.adjust_saturation(image, 0.5),
            tf.image.adjust_contrast(image, 0.5),
            tf.image.adjust_brightness(image, 0.1),
        ]
    return [
        [each.dtype.name for each in found],
        shapes(*found),
        [value.astype(np.float32).mean().round(2) for value in run(tf, found)],
    ]


def no_gradients(tf, np):
    image = tf.constant(_images(np))
    return [
        error(lambda: tf.gradients(tf.image.adjust_hue(image, 0.1), image)),
        error(lambda: tf.gradients(tf.image.adjust_saturation(image, 0.1), image)),
        error(lambda: tf.gradients(tf.image.adjust_contrast(image, 0.1), image)),
        run(tf, tf.gradients(tf.image.adjust_brightness(image, 0.1) ** 2, image)),
    ]


def random_colors(tf, np):
    image = _images(np)
    found = [
        tf.image.random_brightness(image, 0.3, seed=1),
        tf.image.random_contrast(image, 0.3, 1.5, seed=2),
        tf.image.random_hue(image, 0.4, seed=3),
        tf.image.random_saturation(image, 0.3, 1.5, seed=4),
    ]
    with tf.Session() as sess:
        return [sess.run(found) for _ in range(2)]


def random_colors_refused(tf, np):
    image, of = _images(np), tf.image
    return [
        error(lambda: of.random_brightness(image, -1)),
        error(lambda: of.random_contrast(image, 2, 1)),
        error(lambda: of.random_contrast(image, -1, 1)),
        error(lambda: of.random_hue(image, 0.6)),
        error(lambda: of.random_hue(image, -0.1)),
        error(lambda: of.random_saturation(image, 1, 1)),
        error(lambda: of.adjust_contrast(tf.zeros([2, 2]), 1.0)),
        error(lambda: of.adjust_hue(tf.zeros([2, 2, 3]), tf.constant(1.0, tf.float64))),
    ]


def standardization(tf, np):
    found = [
        tf.image.per_image_standardization(_images(np, "float32", 0, 255)),
        tf.image.per_image_standardization(_images(np, "float32", 0, 255)[0]),
        tf.image.per_image_standardization(np.full([3, 4, 1], 7.0, np.float32)),
    ]
    return [
        *shapes(*found),
        *run(tf, found),
        error(lambda: tf.image.per_image_standardization(tf.zeros([2, 2]))),
        tf.image.per_image_standardization(tf.zeros([2, 2, 1], tf.uint8)).dtype.name,
    ]


def gradient_of_standardization(tf, np):
    image = tf.constant(_images(np))
    standard = tf.image.per_image_standardization(image)
    return run(tf, tf.gradients(standard**3, image))


TYPES = "uint8", "int16", "uint16", "int32", "float16", "float32", "float64"


def image_types(tf, np):
    found = []
    for source in TYPES:
        top = 1.2 if source[0] == "f" else 250
        values = np.linspace(-0.1 if source[0] == "f" else 0, top, 7).astype(source)
        for to in TYPES:
            saturate = source[0] == "f" and to[0] != "f" and to != "int32"
            if source != to:
                found.append(run(tf, tf.image.convert_image_dtype(values, to, saturate=saturate)))
    return found


def image_types_wrapping(tf, np):
    image = np.array([0.0, 0.25, 0.5, 0.999, 1.0], np.float32)
    return [
        run(tf, tf.image.convert_image_dtype(image, to))
        for to in ("uint8", "uint16", "int16", "float64")
    ]


def image_types_refused(tf, np):
    return [
        error(lambda: tf.image.convert_image_dtype([1.0], tf.bool)),
        error(lambda: tf.image.convert_image_dtype([1.0], tf.string)),
        tf.image.convert_image_dtype(tf.zeros([2]), tf.float32).op.type,
    ]


def grey(tf, np):
    image, few = tf.constant(_images(np)), tf.constant(_images(np, "uint8", 0, 256))
    found = [
        tf.image.rgb_to_grayscale(image),
        tf.image.rgb_to_grayscale(few),
        tf.image.grayscale_to_rgb(image[..., :1]),
        tf.image.grayscale_to_rgb(few[..., :1]),
    ]
    unknown = tf.placeholder(tf.float32, [None, None, None, 1])
    return [
        *shapes(*found, tf.image.grayscale_to_rgb(unknown)),
        *run(tf, found),
        error(lambda: tf.image.grayscale_to_rgb(image)),
        error(lambda: tf.image.grayscale_to_rgb(image[0, 0, 0])),
    ]


def linear_colors(tf, np):
    image = tf.constant(_images(np))
    of = tf.image
    found = [
        change(image) for change in (of.rgb_to_yiq, of.yiq_to_rgb, of.rgb_to_yuv, of.yuv_to_rgb)
    ]
    return [
        *shapes(*found),
        *run(tf, [*found, *(tf.gradients(each * each, image)[0] for each in found)]),
    ]


# -- likeness -------------------------------------------------------------------------------------


def total_variation(tf, np):
    image = tf.constant(_images(np))
    found = [tf.image.total_variation(image), tf.image.total_variation(image[0])]
    return [
        *shapes(*found),
        *run(tf, [*found, *tf.gradients(found[0], image)]),
        error(lambda: tf.image.total_variation(image[0, 0])),
    ]


def image_gradients(tf, np):
    image = tf.constant(_images(np))
    dy, dx = tf.image.image_gradients(image)
    return [*shapes(dy, dx), *run(tf, [dy, dx]), error(lambda: tf.image.image_gradients(image[0]))]


def sobel_edges(tf, np):
    image = tf.constant(_images(np))
    edges = tf.image.sobel_edges(image)
    return [
        shape(edges),
        *run(tf, [edges, *tf.gradients(edges * edges, image)]),
        shape(tf.image.sobel_edges(tf.placeholder(tf.float32, [None, None, None, 2]))),
    ]


def psnr(tf, np):
    a, b = _images(np), _images(np, "float32", 0.2, 0.7)
    found = [
        tf.image.psnr(tf.constant(a), tf.constant(b), 1.0),
        tf.image.psnr(
            tf.constant((a * 255).astype(np.uint8)), tf.constant((b * 255).astype(np.uint8)), 255
        ),
    ]
    return [
        *shapes(*found),
        *run(tf, found),
        error(lambda: tf.image.psnr(tf.zeros([2, 2, 3]), tf.zeros([2, 3, 3]), 1)),
    ]


def ssim(tf, np):
    a, b = (
        _images(np, "float32", 0, 1, 2, 14, 15, 3),
        _images(np, "float32", 0.2, 0.7, 2, 14, 15, 3),
    )
    x, y = tf.constant(a), tf.constant(b)
    found = [
        tf.image.ssim(x, y, 1.0),
        tf.image.ssim(x, x, 1.0),
        tf.image.ssim(x[0], y, 1.0),
        tf.image.ssim(
            tf.constant((a * 255).astype(np.uint8)), tf.constant((b * 255).astype(np.uint8)), 255
        ),
    ]
    smaller = tf.image.ssim(
        x[:, :9], y[:, :9], 1.0, filter_size=5, filter_sigma=1.0, k1=0.02, k2=0.04
    )
    return [
        *shapes(*found),
        *run(tf, found),
        accepted(tf, lambda: tf.image.ssim(x[:, :9], y[:, :9], 1.0)),
        run(tf, smaller),
    ]


def gradient_of_ssim(tf, np):
    x = tf.constant(_images(np, "float32", 0, 1, 1, 12, 13, 1))
    y = tf.constant(_images(np, "float32", 0.2, 0.7, 1, 12, 13, 1))
    return run(tf, tf.gradients(tf.image.ssim(x, y, 1.0), x))


def ssim_multiscale(tf, np):
    rows = np.random.RandomState(3).uniform(0, 1, (1, 31, 26, 2)).astype(np.float32)
    x, y = tf.constant(rows), tf.constant(np.sqrt(rows))
    found = tf.image.ssim_multiscale(x, y, 1.0, power_factors=(0.3, 0.4, 0.3), filter_size=5)
    return [shape(found), run(tf, found), accepted(tf, lambda: tf.image.ssim_multiscale(x, y, 1.0))]
