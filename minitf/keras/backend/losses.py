"""Cross entropies and CTC of `tf.keras.backend`."""
import minitf as tf
from minitf.keras.backend.config import epsilon


def _logits(output, activation):
    """What the activation was given that made `output`; None when it was another op."""
    made = isinstance(output, tf.Tensor) and output.op.type == activation
    made = made and not output.graph.eager
    return output.op.inputs[0] if made else None


def _cut(output):
    """Probabilities kept away from 0 and 1."""
    small = tf.convert_to_tensor(epsilon(), output.dtype.base_dtype)
    return tf.clip_by_value(output, small, 1.0 - small)


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Cross entropy of distributions `target`, along `axis`.

    `output` are probabilities; of those that a softmax made, its inputs are taken, which is exact.
    """
    logits = output if from_logits else _logits(output, "Softmax")
    if logits is None:
        shares = _cut(output / tf.reduce_sum(output, axis, True))
        return -tf.reduce_sum(target * tf.log(shares), axis)
    return tf.nn.softmax_cross_entropy_with_logits_v2(labels=target, logits=logits, axis=axis)


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """The same for targets that are the numbers of classes."""
    logits = output if from_logits else _logits(output, "Softmax")
    if logits is None:
        logits = tf.log(_cut(output))
    rank = logits.shape.ndims
    if rank is None and axis != -1:
        raise ValueError(f"Cannot compute sparse categorical crossentropy with `axis={axis}` on an "
                         "output tensor with unknown rank")  # fmt: skip
    if rank is not None and axis % rank != rank - 1:
        axis %= rank
        logits = tf.transpose(logits, [i for i in range(rank) if i != axis] + [axis])
    return _of_classes(tf.cast(target, tf.int64), logits, rank)


def _of_classes(target, logits, rank):
    sizes, target_rank = tf.shape(logits), target.shape.ndims
    flat = target_rank is not None and rank is not None and target_rank != rank - 1
    if flat:
        target, logits = tf.reshape(target, [-1]), tf.reshape(logits, [-1, sizes[-1]])
    found = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=target, logits=logits)
    return tf.reshape(found, sizes[:-1]) if flat and rank >= 3 else found


def binary_crossentropy(target, output, from_logits=False):
    """Cross entropy of each element; `output` are probabilities unless `from_logits`."""
    logits = output if from_logits else _logits(output, "Sigmoid")
    if logits is not None:
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=logits)
    output = _cut(output)
    found = target * tf.log(output + epsilon())
    return -(found + (1 - target) * tf.log(1 - output + epsilon()))


# -- connectionist temporal classification --------------------------------------------------------


def ctc_label_dense_to_sparse(labels, label_lengths):
    """The first label_lengths[i] of each row, as a SparseTensor."""
    present = tf.sequence_mask(label_lengths, tf.shape(labels)[1])
    indices = tf.where(present)
    return tf.SparseTensor(
        indices, tf.gather_nd(labels, indices), tf.cast(tf.shape(labels), tf.int64)
    )


def ctc_batch_cost(y_true, y_pred, input_length, label_length):
    """The CTC loss [batch, 1] of probabilities [batch, time, classes]."""
    label_length = tf.cast(tf.squeeze(label_length, [-1]), tf.int32)
    input_length = tf.cast(tf.squeeze(input_length, [-1]), tf.int32)
    labels = ctc_label_dense_to_sparse(tf.cast(y_true, tf.int32), label_length)
    scores = tf.log(tf.transpose(y_pred, perm=[1, 0, 2]) + epsilon())
    loss = tf.nn.ctc_loss(inputs=scores, labels=labels, sequence_length=input_length)
    return tf.expand_dims(loss, 1)


def ctc_decode(y_pred, input_length, greedy=True, beam_width=100, top_paths=1):
    """([decoded labels, padded with -1], log probabilities) of [batch, time, classes]."""
    scores = tf.log(tf.transpose(y_pred, perm=[1, 0, 2]) + epsilon())
    input_length = tf.cast(input_length, tf.int32)
    if greedy:
        decoded, log_prob = tf.nn.ctc_greedy_decoder(scores, input_length)
    else:
        decoded, log_prob = tf.nn.ctc_beam_search_decoder(
            scores, input_length, beam_width=beam_width, top_paths=top_paths
        )
    dense = [
        tf.sparse_to_dense(each.indices, each.dense_shape, each.values, default_value=-1)
        for each in decoded
    ]
    return dense, log_prob
