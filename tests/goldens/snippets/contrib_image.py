"""tf.contrib.image: turned and moved images, their gradients, transforms."""

from goldens.kit import error


def _images(np):
    return (np.arange(2 * 5 * 6 * 2).reshape(2, 5, 6, 2) % 17).astype(np.float32)


def _run(tf, fetches):
    with tf.Session() as sess:
        return sess.run(fetches)


def rotated(tf, np):
    rotate, images = tf.contrib.image.rotate, _images(np)
    made = [
        rotate(images, 0.4),
        rotate(images, [0.4, -1.3], interpolation="BILINEAR"),
        rotate(images[0], 0.7),
        rotate(images[0, :, :, 0], 2.5, interpolation="BILINEAR"),
        rotate(images.astype(np.uint8), 1.1),
        rotate(images.astype(np.int32)[0, :, :, 0], 1.0, "BILINEAR"),
    ]
    return _run(tf, made) + [[str(each.shape) for each in made]]


def moved(tf, np):
    image, images = tf.contrib.image, _images(np)
    made = [
        image.translate(images, [1.0, -2.0]),
        image.translate(images, [[0.5, 1.25], [-1.0, 0.0]], interpolation="BILINEAR"),
        image.transform(images, [1.0, 0.2, -1.0, 0.1, 0.9, 0.3, 0.01, 0.02]),
        image.transform(images, [1.1, 0.2, -1.0, 0.1, 0.9, 0.3, 0.01, 0.02], "BILINEAR"),
        image.transform(images, [0.5, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0], output_shape=[3, 9]),
    ]
    return _run(tf, made) + [[str(each.shape) for each in made]]


def transforms(tf, np):
    image = tf.contrib.image
    turned = image.angles_to_projective_transforms([0.3, 1.0], 5.0, 7.0)
    shifted = image.translations_to_projective_transforms([1.0, 2.0])
    made = [turned, shifted, image.compose_transforms(turned, shifted),
            image.flat_transforms_to_matrices(turned),
            image.matrices_to_flat_transforms(2.0 * tf.eye(3))]  # fmt: skip
    return _run(tf, made)


def gradients(tf, np):
    images = tf.constant(_images(np))
    factors = tf.constant(_images(np)[:, ::-1])
    found = []
    for how in ("NEAREST", "BILINEAR"):
        y = tf.contrib.image.rotate(images, 0.6, how)
        found += tf.gradients(tf.reduce_sum(y * factors), images)
    return _run(tf, found)


def unknown_shapes(tf, np):
    x = tf.placeholder(tf.float32, [None, None, None, 2])
    y = tf.contrib.image.rotate(x, 0.4)
    with tf.Session() as sess:
        return [sess.run(y, {x: _images(np)}), str(y.shape)]


def refused(tf, np):
    image = tf.contrib.image
    return [
        error(lambda: image.rotate(tf.zeros([4]), 1.0)),
        error(lambda: image.rotate(tf.placeholder(tf.float32), 1.0)),
        error(lambda: image.rotate(tf.zeros([4, 4], tf.bool), 1.0)),
        error(lambda: image.rotate(tf.zeros([4, 4]), [[1.0]])),
        error(lambda: image.translate(tf.zeros([4, 4]), 1.0)),
        error(lambda: image.transform(tf.zeros([4, 4]), [[[1.0] * 8]])),
        error(lambda: image.transform(tf.zeros([4, 4]), [1.0] * 8, output_shape=[1, 2, 3])),
    ]
