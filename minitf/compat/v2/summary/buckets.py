"""How many values lie in which of some buckets of equal width."""
from minitf.compat.v2.later import public


def buckets_of(data, count):
    """[left edge, right edge, how many] of each bucket, as float64 [count, 3].

    One bucket of width 1 where all values are the same; none where there is no value.
    """
    tf = public("compat.v1")
    with tf.name_scope("buckets"):
        values = tf.cast(tf.reshape(data, [-1]), tf.float64)
        none = tf.zeros([0, 3], tf.float64)
        return tf.cond(tf.equal(tf.size(values), 0), lambda: none, lambda: _some(tf, values, count))


def _some(tf, values, count):
    least, greatest = tf.reduce_min(values), tf.reduce_max(values)
    return tf.cond(tf.equal(least, greatest), lambda: _one(tf, values, least),
                   lambda: _spread(tf, values, least, greatest, count))  # fmt: skip


def _one(tf, values, centre):
    return tf.stack([[centre - 0.5, centre + 0.5, tf.cast(tf.size(values), tf.float64)]])


def _spread(tf, values, least, greatest, count):
    width = (greatest - least) / tf.cast(count, tf.float64)
    which = tf.minimum(tf.cast(tf.floor((values - least) / width), tf.int32), count - 1)
    counts = tf.cast(tf.reduce_sum(tf.one_hot(which, count), 0), tf.float64)
    edges = tf.concat([tf.linspace(least, greatest, count + 1)[:-1], [greatest]], 0)
    return tf.stack([edges[:-1], edges[1:], counts], 1)
