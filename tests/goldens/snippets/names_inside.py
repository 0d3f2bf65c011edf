"""What functions made of several operations look like inside, as TensorBoard shows them."""

from goldens.kit import names, typed


def logsumexp(tf, np):
    tf.reduce_logsumexp(tf.placeholder(tf.float32, [None, 3], name="x"), 1)
    return names(tf)


def boolean_mask(tf, np):
    tf.boolean_mask(tf.constant([1, 2, 3], name="a"), tf.constant([True, False, True], name="m"))
    return names(tf)


def clip_by_norm(tf, np):
    tf.clip_by_norm(tf.ones([2], name="a"), 1.0)
    return names(tf)


def softmax_cross_entropy(tf, np):
    logits = tf.placeholder(tf.float32, [None, 3], name="logits")
    labels = tf.placeholder(tf.float32, [None, 3], name="labels")
    tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=labels)
    return names(tf)


def softmax_cross_entropy_v2(tf, np):
    logits = tf.placeholder(tf.float32, [None, 3], name="logits")
    labels = tf.placeholder(tf.float32, [None, 3], name="labels")
    tf.nn.softmax_cross_entropy_with_logits_v2(logits=logits, labels=labels)
    return names(tf)


def sparse_cross_entropy(tf, np):
    logits = tf.placeholder(tf.float32, [None, 3], name="logits")
    labels = tf.placeholder(tf.int64, [None], name="labels")
    tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels)
    return names(tf)


def sigmoid_cross_entropy(tf, np):
    logits = tf.placeholder(tf.float32, [None, 3], name="logits")
    labels = tf.placeholder(tf.float32, [None, 3], name="labels")
    tf.nn.sigmoid_cross_entropy_with_logits(logits=logits, labels=labels)
    return names(tf)


def dropout(tf, np):
    tf.nn.dropout(tf.ones([2, 3], name="a"), 0.5)
    return names(tf)


def dropout_with_a_placeholder(tf, np):
    keep_prob = tf.placeholder(tf.float32, name="keep_prob")
    tf.nn.dropout(tf.placeholder(tf.float32, [None, 3], name="a"), keep_prob)
    return names(tf)


def moments(tf, np):
    tf.nn.moments(tf.ones([2, 3], name="a"), [0])
    return names(tf)


def gradient_operations_of_a_square(tf, np):
    a = tf.constant(2.0, name="a")
    tf.gradients(tf.square(a), a)
    return typed(tf)
