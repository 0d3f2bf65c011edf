"""tf.image: PNG, BMP and GIF files, and what is known of JPEG files without their pixels."""

from goldens.kit import error, run, shape, shapes
from goldens.pictures import picture

PNG = ("grey", "grey_alpha", "rgb", "rgba", "palette", "bits")


def png(tf, np):
    return [run(tf, tf.image.decode_png(picture(name + ".png"))) for name in PNG]


def png_with_channels(tf, np):
    return [
        run(tf, tf.image.decode_png(picture(name + ".png"), channels))
        for name in PNG
        for channels in (1, 3, 4)
    ]


def png_of_16_bits(tf, np):
    names = "grey16", "grey_alpha16", "rgb16", "rgba16", "rgb", "grey"
    found = [run(tf, tf.image.decode_png(picture(n + ".png"), dtype=tf.uint16)) for n in names]
    narrow = [run(tf, tf.image.decode_png(picture(name + ".png"))) for name in names[:4]]
    grey = run(tf, tf.image.decode_png(picture("rgb16.png"), 1, tf.uint16))
    return [
        *found,
        *narrow,
        grey,
        run(tf, tf.image.decode_png(picture("grey16.png"), 4, tf.uint16)),
    ]


def png_with_transparent_colours(tf, np):
    names = "palette_clear", "grey_clear", "rgb_clear"
    return [
        run(tf, tf.image.decode_png(picture(name + ".png"), channels))
        for name in names
        for channels in (0, 3, 4)
    ]


def png_written(tf, np):
    random = np.random.RandomState(0)
    found = []
    for dtype, top in (("uint8", 256), ("uint16", 65536)):
        for depth in (1, 2, 3, 4):
            image = random.randint(0, top, (5, 3, depth)).astype(dtype)
            back = tf.image.decode_png(tf.image.encode_png(tf.constant(image)), dtype=dtype)
            found.append(bool((run(tf, back) == image).all()))
    return found


def bmp(tf, np):
    names = "rgb", "rgba", "grey"
    found = [run(tf, tf.image.decode_bmp(picture(name + ".bmp"))) for name in names[:2]]
    data = picture("rgb.bmp")
    height = np.frombuffer(data[22:26], np.int32)
    upside = data[:22] + (-height).tobytes() + data[26:]
    return [*found, run(tf, tf.image.decode_bmp(upside)), run(tf, tf.image.decode_bmp(data, 3))]


def gif(tf, np):
    one, three = tf.image.decode_gif(picture("one.gif")), tf.image.decode_gif(picture("three.gif"))
    return [shape(one), *run(tf, [one, three])]


def any_file(tf, np):
    def decoded(name, **options):
        return run(tf, tf.image.decode_image(picture(name), **options))

    return [
        decoded("rgb.png"),
        decoded("rgb.png", channels=1),
        decoded("rgb.bmp"),
        decoded("three.gif"),
        decoded("three.gif", expand_animations=False),
        decoded("rgb.png", dtype=tf.float32),
        decoded("rgb16.png", dtype=tf.float32),
        decoded("rgb16.png", dtype=tf.uint16),
        decoded("rgb.png", dtype=tf.uint16),
        decoded("rgb.bmp", dtype=tf.float32),
        decoded("rgb.bmp", dtype=tf.uint16),
        shape(tf.image.decode_image(picture("rgb.png"))),
    ]


def of_another_format(tf, np):
    as_jpeg = tf.image.decode_jpeg(picture("rgb.png"))
    return [
        run(tf, as_jpeg),
        run(tf, tf.image.decode_jpeg(picture("rgb.png"), channels=1)),
        run(tf, tf.image.decode_jpeg(picture("rgb.png"), channels=4)),
        run(tf, tf.image.decode_png(picture("one.gif"))),
        run(tf, tf.image.decode_jpeg(picture("one.gif"))),
        error(lambda: run(tf, tf.image.decode_png(picture("three.gif")))),
        error(lambda: run(tf, tf.image.decode_gif(picture("rgb.png")))),
        error(lambda: run(tf, tf.image.decode_jpeg(picture("rgb.bmp")))),
        error(lambda: run(tf, tf.image.decode_bmp(picture("rgb.png")))),
    ]


def refused(tf, np):
    of, png, jpeg = tf.image, picture("rgb.png"), picture("rgb.jpg")
    return [
        error(lambda: run(tf, of.decode_png("nothing of the kind"))),
        error(lambda: run(tf, of.decode_png(png[:60]))),
        error(lambda: run(tf, of.decode_jpeg(jpeg[:300]))),
        error(lambda: run(tf, of.decode_jpeg(jpeg, channels=4))) != "no error",
        error(lambda: run(tf, of.decode_png(png, channels=7))) != "no error",
        error(lambda: of.decode_png(png, dtype=tf.float32)) != "no error",
        error(lambda: of.decode_image(png, channels=2)),
        error(lambda: run(tf, of.decode_image("nothing"))),
        error(lambda: run(tf, of.decode_image(picture("three.gif"), channels=1))),
        error(lambda: run(tf, of.decode_image(jpeg, channels=4))),
        error(lambda: of.decode_png([png])),
        error(lambda: run(tf, of.decode_bmp(picture("rgb.bmp")[:80]))),
        error(lambda: run(tf, of.decode_bmp(picture("rgb.bmp"), 4))),
        error(lambda: run(tf, of.encode_png(np.zeros((2, 2, 5), np.uint8)))),
        error(lambda: of.encode_png(np.zeros((2, 2), np.uint8))),
        error(lambda: of.encode_png(tf.zeros([2, 2, 1], tf.float32))),
        error(lambda: run(tf, of.encode_jpeg(np.zeros((2, 2, 4), np.uint8)))),
        error(lambda: run(tf, of.encode_jpeg(np.zeros((2, 2, 3), np.uint8), quality=101))),
        error(lambda: run(tf, of.encode_jpeg(np.zeros((2, 2, 3), np.uint8), format="grayscale"))),
        error(lambda: of.decode_jpeg(jpeg, ratio=3)) != "no error"
        or error(lambda: run(tf, of.decode_jpeg(jpeg, ratio=3))) != "no error",
        error(lambda: run(tf, of.extract_jpeg_shape("no"))),
        error(lambda: run(tf, of.decode_and_crop_jpeg(jpeg, [0, 0, 99, 2]))),
    ]


def static_shapes(tf, np):
    of, data = tf.image, tf.placeholder(tf.string)
    window = tf.placeholder(tf.int32, [4])
    return [
        *shapes(of.decode_png(data), of.decode_png(data, 3), of.decode_jpeg(data, channels=1)),
        *shapes(of.decode_gif(data), of.decode_bmp(data), of.decode_bmp(data, 3)),
        *shapes(of.decode_and_crop_jpeg(data, [1, 2, 3, 4], 3)),
        *shapes(of.decode_and_crop_jpeg(data, window), of.extract_jpeg_shape(data)),
        *shapes(of.encode_png(tf.zeros([2, 2, 3], tf.uint8)), of.is_jpeg(data)),
        of.decode_png(data, dtype=tf.uint16).dtype.name,
    ]


def jpeg_headers(tf, np):
    names = "rgb", "grey", "cmyk", "progressive"
    found = [run(tf, tf.image.extract_jpeg_shape(picture(name + ".jpg"))) for name in names]
    return [*found, run(tf, tf.image.extract_jpeg_shape(picture("rgb.jpg"), tf.int64))]


def jpeg_sizes(tf, np):
    data = picture("rgb.jpg")
    found = [tf.image.decode_jpeg(data, ratio=ratio) for ratio in (1, 2, 4, 8)]
    found += [tf.image.decode_jpeg(data, 1), tf.image.decode_jpeg(picture("grey.jpg"), 3)]
    found += [
        tf.image.decode_jpeg(picture("cmyk.jpg"), 3),
        tf.image.decode_jpeg(picture("grey.jpg")),
    ]
    return [list(value.shape) for value in run(tf, found)]


def still_pictures_as_gif(tf, np):
    data = picture("rgb.png")
    return [run(tf, tf.image.decode_gif(data)), error(lambda: run(tf, tf.image.decode_gif("no")))]
