"""Tensors that a session keeps between runs: `tf.get_session_handle` and its kin."""

from goldens.kit import attempt, error, shape, typed


def kept_between_runs(tf, np):
    product = tf.multiply(tf.constant([10, 2]), 5)
    kept = tf.get_session_handle(product)
    with tf.Session() as sess:
        handle, value = sess.run([kept, product])
        feed, read = tf.get_session_tensor(handle.handle, tf.int32)
        again = tf.get_session_handle(read + 1)
        shapes, built = [shape(kept), shape(feed), shape(read)], typed(tf)[2:]
        found = [handle.eval(), value, sess.run(read * 10, {feed: handle.handle})]
        for _ in range(3):
            handle = sess.run(again, {feed: handle.handle})
        is_text = str(handle) == handle.handle
        return [*found, handle.eval(), shapes, built, is_text, kept.dtype.name, read.op.device]


def fed_for_other_tensors(tf, np):
    c, d = tf.multiply(10.0, 5.0), tf.div(10.0, 5.0)
    e, words = c - d, tf.constant(["a", "b"])
    with tf.Session() as sess:
        of_c, of_d, of_words = sess.run([tf.get_session_handle(t) for t in (c, d, words)])
        return [
            sess.run(e, {c: of_d, d: of_c}), sess.run([c, e], {c: of_d, d: 7.0}), of_words.eval(),
            sess.run(words + "c", {words: of_words}),
        ]  # fmt: skip


def deleted(tf, np):
    kept = tf.get_session_handle(tf.constant(1.0))
    with tf.Session() as sess:
        one, two, three = (sess.run(kept) for _ in range(3))
        one.delete()
        raw = two.get_raw_handle()
        feed, read = tf.get_session_tensor(raw, tf.float32)
        delete_feed, delete = tf.delete_session_tensor(raw)
        found = [error(one.eval), error(one.delete), error(two.eval), error(two.delete),
                 sess.run(read, {feed: raw}), sess.run(delete, {delete_feed: raw}),
                 error(lambda: sess.run(read, {feed: raw})),
                 error(lambda: sess.run(delete, {delete_feed: raw})), three.eval()]  # fmt: skip
    return [*found, error(three.eval)]


def refused(tf, np):
    kept = tf.get_session_handle(tf.constant(1.0))
    with tf.Session() as sess:
        handle = sess.run(kept)
        feed, read = tf.get_session_tensor(handle.handle, tf.int32)
        return [
            error(lambda: tf.get_session_handle(3.0)), error(lambda: tf.get_session_handle([1.0])),
            error(lambda: sess.run(read, {feed: handle.handle + "0"})),
            error(lambda: sess.run(read, {feed: handle.handle})),
            attempt(lambda: shape(tf.raw_ops.GetSessionTensor(handle=["a"], dtype=tf.int32))),
        ]  # fmt: skip
