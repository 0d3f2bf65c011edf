"""tf.contrib.resampler, sparsemax, periodic_resample."""

import functools

from goldens.kit import accepted, run


def _wave(np, *shape):
    return np.sin(np.arange(np.prod(shape), dtype=np.float32) * 1.3).reshape(shape)


def resampled(tf, np):
    read = tf.contrib.resampler.resampler
    data = tf.constant(_wave(np, 2, 3, 4, 2))
    edges = [[-1.5, 0.0], [-0.5, -0.25], [3.4, 2.7], [4.0, 1.0], [3.0, 2.0], [0.0, 0.0]]
    warp = tf.constant(np.float32([edges, np.array(edges) * 0.4 + 0.1]))
    several = tf.constant(_wave(np, 2, 2, 3, 2) * 2 + 1)
    made = [read(data, warp), read(data, several)]
    slopes = [tf.gradients(each**2, [data, by]) for each, by in zip(made, (warp, several))]
    return [[each.shape.as_list() for each in made], *run(tf, [made, slopes])]


def resampled_refused(tf, np):
    """Places of as many images as there are, no less and no more."""
    read, data = tf.contrib.resampler.resampler, tf.zeros([1, 3, 4, 2])
    unknown = tf.placeholder(tf.float32, [None, 4, 2])
    fed = {unknown: np.zeros([2, 4, 2])}
    known = [functools.partial(read, data, tf.zeros([count, 4, 2])) for count in (1, 2)]
    return [accepted(tf, build) for build in known] + [
        accepted(tf, lambda: read(data, unknown), fed)]  # fmt: skip


def sparse_probabilities(tf, np):
    sparse = tf.contrib.sparsemax
    logits = tf.constant(_wave(np, 5, 4) * 2)
    labels = tf.constant(np.float32(np.eye(5, 4)))
    found = sparse.sparsemax(logits)
    loss = sparse.sparsemax_loss(logits, found, labels)
    slopes = tf.gradients(loss, logits) + tf.gradients(found**2, logits)
    return [found.name, loss.name, *run(tf, [found, loss, slopes])]


def sparse_probabilities_of_what_is_no_number(tf, np):
    sparse, inf, nan = tf.contrib.sparsemax, float("inf"), float("nan")
    logits = tf.constant([[1.0, nan, 0.0], [-inf, 1.0, 2.0], [inf, 0.0, 1.0], [-inf, -inf, -inf]])
    found = sparse.sparsemax(logits)
    return run(tf, [found, sparse.sparsemax_loss(logits, found, tf.constant(np.eye(4, 3, 1, "f")))])


def dealt_out(tf, np):
    deal = tf.contrib.periodic_resample.periodic_resample
    two, four = tf.constant(_wave(np, 3, 4)), tf.constant(_wave(np, 2, 2, 3, 8))
    made = [deal(two, [6, None]), deal(two, [None, 9]), deal(two, [5, None]),
            deal(four, [2, 4, 6, None])]  # fmt: skip
    return [[each.shape.as_list() for each in made], *run(tf, made)]
