"""SparseTensors as one tensor."""


def there_and_back(tf, np):
    table = tf.SparseTensor([[0, 0], [1, 2], [3, 1]], [1.5, 2.5, 3.5], [4, 3])
    one, many = tf.serialize_sparse(table), tf.serialize_many_sparse(table)
    stacked = tf.deserialize_many_sparse(many, tf.float32, rank=2)
    pair = tf.deserialize_many_sparse(tf.stack([one, one]), tf.float32)
    with tf.Session() as sess:
        found = sess.run([stacked, pair])
    shapes = [str(t.shape) for t in (one, many, stacked.indices, stacked.values, pair.indices)]
    return [shapes, [[part.tolist() for part in each] for each in found]]
