"""The name a composite's result gets, and the one of its second call."""


def _twice(build):
    return [build().name, build().name]


def _batch(tf):
    return tf.placeholder(tf.float32, [None, 3], name="x")


def dropout(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.nn.dropout(x, 0.5))


def softmax_cross_entropy(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.nn.softmax_cross_entropy_with_logits(logits=x, labels=x))


def softmax_cross_entropy_v2(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.nn.softmax_cross_entropy_with_logits_v2(logits=x, labels=x))


def sparse_cross_entropy(tf, np):
    x, y = _batch(tf), tf.placeholder(tf.int64, [None])
    return _twice(lambda: tf.nn.sparse_softmax_cross_entropy_with_logits(logits=x, labels=y))


def sigmoid_cross_entropy(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.nn.sigmoid_cross_entropy_with_logits(logits=x, labels=x))


def weighted_cross_entropy(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.nn.weighted_cross_entropy_with_logits(x, x, 2.0))


def logsumexp(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.reduce_logsumexp(x, 1))


def moments(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.nn.moments(x, [0])[0]) + [tf.nn.moments(x, [0])[1].name]


def batch_normalization(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.nn.batch_normalization(x, 0.0, 1.0, 0.0, 1.0, 1e-3))


def l2_normalize(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.nn.l2_normalize(x, 1))


def clip_by_norm(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.clip_by_norm(x, 1.0))


def clip_by_value(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.clip_by_value(x, 0.0, 1.0))


def clip_by_global_norm(tf, np):
    clipped, norm = tf.clip_by_global_norm([_batch(tf), _batch(tf)], 1.0)
    return [tensor.name for tensor in clipped] + [norm.name]


def norms(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.norm(x)) + [tf.global_norm([x]).name]


def boolean_mask(tf, np):
    x, mask = _batch(tf), tf.placeholder(tf.bool, [None])
    return _twice(lambda: tf.boolean_mask(x, mask))


def random_values(tf, np):
    return (
        _twice(lambda: tf.random_normal([2]))
        + _twice(lambda: tf.random_uniform([2]))
        + _twice(lambda: tf.truncated_normal([2]))
    )


def logical_xor(tf, np):
    a = tf.constant(True, name="a")
    return _twice(lambda: tf.logical_xor(a, a)) + [(a ^ a).name]


def zero_fraction(tf, np):
    x = _batch(tf)
    return _twice(lambda: tf.nn.zero_fraction(x))


def in_top_k(tf, np):
    x, y = _batch(tf), tf.placeholder(tf.int32, [None])
    return _twice(lambda: tf.nn.in_top_k(x, y, 1))


def accuracy_of_the_tutorials(tf, np):
    x = _batch(tf)
    correct = tf.equal(tf.argmax(x, 1), tf.argmax(x, 1))
    return [correct.name, tf.reduce_mean(tf.cast(correct, tf.float32)).name]


def embedding_lookup(tf, np):
    table = tf.get_variable("table", [5, 2])
    return _twice(lambda: tf.nn.embedding_lookup(table, [0]))


def regularizers(tf, np):
    x = _batch(tf)
    l2 = tf.contrib.layers.l2_regularizer(0.1)
    l1 = tf.contrib.layers.l1_regularizer(0.1)
    return _twice(lambda: l2(x)) + _twice(lambda: l1(x))
