"""tf.contrib.image: warps, splines, matches, components."""

from goldens.kit import attempt, error, run


def _wave(np, *shape, dtype="float32"):
    return np.sin(np.arange(np.prod(shape), dtype=dtype) * 1.3).reshape(shape)


def _precise(np, *shape):
    return _wave(np, *shape, dtype="float64")


def dense(tf, np):
    image, flow = tf.constant(_wave(np, 2, 4, 5, 2)), tf.constant(_wave(np, 2, 4, 5, 2) * 3)
    warped = tf.contrib.image.dense_image_warp(image, flow)
    slopes = tf.gradients(warped * warped, [image, flow])
    return [warped.name[:17], warped.shape.as_list(), *run(tf, [warped, slopes])]


def dense_refused(tf, np):
    warp = tf.contrib.image.dense_image_warp
    flat = tf.zeros([1, 1, 5, 2])
    return [error(lambda: warp(flat[0], flat)), error(lambda: run(tf, warp(flat, flat)))]


def sparse(tf, np):
    image = tf.constant(_precise(np, 1, 5, 6, 2))
    source = tf.constant([[[1.0, 1.0], [3.0, 2.0], [2.0, 4.0], [0.5, 3.0]]], tf.float64)
    target = source + tf.constant(_precise(np, 1, 4, 2))
    warp, found = tf.contrib.image.sparse_image_warp, []
    for order, weight, points in ((1, 0.0, 0), (2, 0.01, 2), (3, 0.0, 1)):
        warped, flow = warp(image, source, target, order, weight, points)
        found.append([warped, flow, tf.gradients(warped[..., 0] * flow[..., 0], [image, target])])
    return run(tf, found)


def splines(tf, np):
    points = tf.constant(_precise(np, 2, 5, 2))
    values = tf.constant(_precise(np, 2, 5, 3) * 2)
    queries = tf.constant(_precise(np, 2, 4, 2) * 0.7)
    made = [tf.contrib.image.interpolate_spline(points, values, queries, order, weight)
            for order, weight in ((1, 0.0), (2, 0.1), (3, 0.0), (4, 0.3), (6, 0.5))]  # fmt: skip
    slopes = tf.gradients(made[1] ** 2, [points, values, queries])
    unknown = tf.placeholder(tf.float32, [1, 3, None])
    refused = error(lambda: tf.contrib.image.interpolate_spline(unknown, values, queries, 1))
    return [refused, [each.shape.as_list() for each in made], *run(tf, [made, slopes])]


def matches(tf, np):
    far, match = np.abs(_wave(np, 4, 3)), tf.contrib.image.bipartite_match
    made = [match(far, -1), match(far, [2.0]), match(far, -1, top_k=2), match(far.T, 3, top_k=9)]
    return [[t.dtype.name for t in made[0]], [t.shape.as_list() for t in made[0]],
            [list(each) for each in run(tf, made)],
            attempt(lambda: run(tf, match(far, [1.0, 2.0]))), made[0][0].op.inputs[0].name,
            error(lambda: match(tf.zeros([2, 2], tf.float64), 1.0))]  # fmt: skip


def components(tf, np):
    spots, find = _wave(np, 2, 6, 7) > 0, tf.contrib.image.connected_components
    numbers = np.round(_wave(np, 4, 9) * 1.4).astype(np.int32)
    spiral = np.array([[1, 1, 1, 1, 1], [0, 0, 0, 0, 1], [1, 1, 1, 0, 1], [1, 0, 0, 0, 1],
                       [1, 1, 1, 1, 1]]) > 0  # fmt: skip
    made = [find(spots), find(spots[0]), find(numbers), find(spiral), find(spots & False)]
    return [[(t.dtype.name, t.shape.as_list()) for t in made], *run(tf, made),
            error(lambda: find(tf.zeros([1, 2, 3, 4])))]  # fmt: skip
