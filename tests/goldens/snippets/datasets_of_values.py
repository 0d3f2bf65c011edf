"""Elements of datasets that are more than tensors: sparse values, and what depends on variables."""

from goldens.data_kit import elements, known, listed
from goldens.kit import eagerly, run


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


def variables_in_functions(tf, np):
    return [_moving(tf, resource, lambda x, v: x * 10 + v) for resource in (False, True)]


def variables_changed_in_functions(tf, np):
    def side(x, v):
        v.assign_add(1)
        return x * 10 + v

    def ordered(x, v):
        with tf.control_dependencies([v.assign_add(1)]):
            return x * 10 + v.read_value()

    changes = [lambda x, v: x * 10 + v.assign_add(1), side, ordered, lambda x, v: (v, v.assign(x))]
    return [_moving(tf, True, change) for change in changes]


def _moving(tf, resource, function):
    """Elements that a function of a variable gives, which is assigned between them."""
    variable = tf.Variable(tf.constant(1, tf.int64), use_resource=resource)
    dataset = tf.data.Dataset.range(9).map(lambda x: function(x, variable))
    iterator = dataset.make_initializable_iterator()
    following, found = iterator.get_next(), []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for value in (5, 7):
            sess.run(iterator.initializer)
            found += [listed(sess.run(following)), listed(sess.run(following))]
            sess.run(variable.assign(value))
            found += [listed(sess.run(following)), listed(sess.run(variable))]
    return found


def variables_of_nested_functions(tf, np):
    count = tf.Variable(tf.constant(0, tf.int64), use_resource=True)
    three = tf.data.Dataset.range(3)
    inner = lambda x: three.map(lambda y: x * 100 + y * 10 + count.assign_add(1))  # noqa: E731
    kept = three.flat_map(inner).filter(lambda x: tf.equal(count.assign_add(x % 2) % 2, 0))
    total = three.reduce(np.int64(0), lambda s, x: s + count.assign_add(x))
    return [elements(tf, three.flat_map(inner)), elements(tf, kept), run(tf, total)]


def variables_in_functions_where_operations_run_at_once(tf, np):
    with eagerly(tf):
        count, found = tf.contrib.eager.Variable(0, dtype=tf.int64), []

        def counted(x):
            count.assign_add(1)
            return x * 10 + count

        for element in tf.data.Dataset.range(4).map(counted):
            found.append(int(element))
            count.assign_add(100)
        return [found, int(count)]
