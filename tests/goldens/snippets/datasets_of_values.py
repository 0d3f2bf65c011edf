"""Elements of datasets that are more than tensors: sparse values."""

from goldens.data_kit import elements, known


def sparse_values_of_functions(tf, np):
    def value(i):
        return tf.SparseTensorValue([[0]], tf.cast([i], tf.int32), [3])

    three = tf.data.Dataset.range(3)
    shares = three.map(lambda i: tf.SparseTensorValue([[0, 1]], [0.5], [1, 2]))
    added = tf.data.experimental.Reducer(
        lambda key: tf.SparseTensorValue([[0]], [np.int32(5)], [3]),
        lambda state, x: tf.sparse.add(state, x),
        lambda state: state,
    )
    made = [
        three.map(value), shares, three.map(value).batch(2),
        three.map(value).apply(tf.data.experimental.group_by_reducer(lambda x: np.int64(0), added)),
        three.apply(tf.data.experimental.map_and_batch(value, 2)),
    ]  # fmt: skip
    return [[known(dataset), elements(tf, dataset)] for dataset in made]
