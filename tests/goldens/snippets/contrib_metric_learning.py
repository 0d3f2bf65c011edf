"""tf.contrib.losses.metric_learning: values and gradients."""

from goldens.kit import error, run, said

LABELS = [1, 0, 1, 2, 0, 1]


def _rows(tf, np, key=0.0):
    return tf.constant(np.sin(np.arange(18, dtype=np.float32) * 1.7 + key).reshape(6, 3))


def _both(tf, loss, *inputs):
    return [loss.name, loss.shape.as_list(), *run(tf, [loss, tf.gradients(loss, list(inputs))])]


def contrastive(tf, np):
    one, other = _rows(tf, np), _rows(tf, np, 0.4)
    learning = tf.contrib.losses.metric_learning
    loss = learning.contrastive_loss([1, 0, 1, 0, 0, 1], one, other, margin=2.0)
    return _both(tf, loss, one, other)


def triplets(tf, np):
    rows = _rows(tf, np)
    learning = tf.contrib.losses.metric_learning
    unit = tf.nn.l2_normalize(rows, 1)
    given = _both(tf, learning.triplet_semihard_loss(LABELS, unit), rows)
    return given + _both(tf, learning.triplet_semihard_loss(LABELS, rows, 0.1), rows)


def pairs(tf, np):
    one, other = _rows(tf, np), _rows(tf, np, 0.4)
    learning = tf.contrib.losses.metric_learning
    return _both(tf, learning.npairs_loss(LABELS, one, other, 0.1), one, other)


def pairs_of_several_labels(tf, np):
    one, other = _rows(tf, np)[:3], _rows(tf, np, 0.4)[:3]
    learning = tf.contrib.losses.metric_learning
    labels = [tf.SparseTensor([[0, k] for k in given], [1] * len(given), [1, 4])
              for given in ([0, 1], [1, 2], [3])]  # fmt: skip
    loss = learning.npairs_loss_multilabel(labels, one, other)
    refused = error(lambda: learning.npairs_loss_multilabel([1, 2, 3], one, other))
    return [refused, *_both(tf, loss, one, other)[1:]]


def lifted(tf, np):
    rows = _rows(tf, np)
    return _both(tf, tf.contrib.losses.metric_learning.lifted_struct_loss(LABELS, rows), rows)


def labels_of_other_ranks(tf, np):
    learning, rows = tf.contrib.losses.metric_learning, _rows(tf, np)
    return [said(lambda: learning.triplet_semihard_loss([LABELS], rows)),
            said(lambda: learning.lifted_struct_loss([LABELS], rows)),
            said(lambda: learning.npairs_loss([LABELS], rows, rows))]  # fmt: skip
