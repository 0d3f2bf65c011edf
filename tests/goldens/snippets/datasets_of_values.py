"""Elements of datasets that are more than tensors: sparse values, Optionals, what depends on
variables, and how Python functions end a dataset."""

from goldens.data_kit import elements, known, listed
from goldens.kit import attempt, eagerly, error, run, said


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


def resource_variables_without_a_value(tf, np):
    count = tf.Variable(tf.constant(3, tf.int64), use_resource=True)
    iterator = tf.data.Dataset.range(3).map(lambda x: x + count).make_initializable_iterator()
    following = iterator.get_next()
    with tf.Session() as sess:
        sess.run(iterator.initializer)
        found = [error(lambda: sess.run(following))]
        sess.run(count.initializer)
        return [*found, int(sess.run(following))]


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


def errors_of_python_functions(tf, np):
    kinds = [
        StopIteration, TypeError, ValueError, MemoryError, NotImplementedError, KeyError,
        ZeroDivisionError, OSError, lambda text: tf.errors.NotFoundError(None, None, text),
    ]  # fmt: skip
    found = []
    with tf.Session() as sess:
        for kind in kinds:

            def fails(x, kind=kind):
                raise kind("so it is")

            ops = [
                tf.py_func(fails, [1.0], tf.float32), tf.py_function(fails, [1.0], tf.float32),
                tf.data.Dataset.range(2).map(lambda x: tf.py_func(fails, [x], tf.int64))
                .make_one_shot_iterator().get_next(),
            ]  # fmt: skip
            found.append([error(lambda op=op: sess.run(op)) for op in ops])
    return found


def functions_that_end_a_dataset(tf, np):
    def until_3(x):
        if x == 3:
            raise StopIteration
        return x

    six, E = tf.data.Dataset.range(6), tf.data.experimental
    g = lambda x: tf.py_func(until_3, [x], tf.int64)  # noqa: E731
    made = [
        six.map(g), six.map(g, 2), six.map(g).batch(2), six.map(g).repeat(2),
        six.map(g).concatenate(six), six.map(g).cache().repeat(2), six.map(g).shuffle(9, seed=1),
        six.apply(E.map_and_batch(g, 2)), six.apply(E.scan(np.int64(0), lambda s, x: (s, g(x)))),
        six.flat_map(lambda x: tf.data.Dataset.range(g(x))),
        six.flat_map(lambda x: tf.data.Dataset.range(2).map(lambda y: g(x) + y)),
        six.interleave(lambda x: tf.data.Dataset.range(2).map(lambda y: g(x) + y), 2),
        six.filter(lambda x: g(x) >= 0), six.apply(E.take_while(lambda x: g(x) >= 0)),
    ]  # fmt: skip
    total = six.reduce(np.int64(0), lambda s, x: s + g(x))
    ends = [total, E.get_single_element(six.map(g).skip(3))]
    found = [attempt(lambda end=end: run(tf, end)) for end in ends]
    return [found, *(_taken(tf, dataset) for dataset in made)]


def _taken(tf, dataset):
    """What comes, one after the other, until it has ended twice in a row."""
    iterator = tf.data.make_initializable_iterator(dataset)
    following, found = iterator.get_next(), []
    with tf.Session() as sess:
        sess.run(iterator.initializer)
        while found[-2:] != ["OutOfRangeError"] * 2 and len(found) < 12:
            found.append(attempt(lambda: listed(sess.run(following))))
    return found


def datasets_as_elements(tf, np):
    D = tf.data.Dataset
    several = [D.range(2), D.range(3)]
    made = [
        D.from_tensor_slices(several), D.from_tensors(several).flat_map(D.from_tensor_slices),
        D.range(4).map(lambda i: D.from_tensors(i)).batch(2).map(lambda x: x).unbatch(),
        D.from_tensors((several[0], several)).flat_map(lambda x, y: D.from_tensor_slices(y)),
    ]  # fmt: skip
    kinds = [str(D.from_tensors((several[0], several)).output_types), str(made[0].output_shapes)]
    refused = error(lambda: D.from_tensor_slices([D.range(2), D.from_tensors("a")]))
    return [kinds, refused, *(_taken(tf, each.flat_map(lambda x: x)) for each in made)]


def errors_in_windows(tf, np):
    values = np.float32([1, np.nan, 2, np.nan, 3])
    dataset = tf.data.Dataset.from_tensor_slices(values).map(lambda x: tf.check_numerics(x, "odd"))
    made = [
        dataset.window(2, 2, 2, True).flat_map(lambda x: x.batch(2)),
        dataset.window(2).flat_map(lambda x: x), dataset.window(1, 2).flat_map(lambda x: x),
    ]  # fmt: skip
    return [_taken(tf, each) for each in made]


def elements_that_do_not_fit(tf, np):
    D, E = tf.data.Dataset, tf.data.experimental
    scalar = tf.placeholder_with_default(7, None)
    mixed = tf.SparseTensor([[1, 0], [0, 0]], [1, 2], [2, 2])
    made = [
        D.from_tensors((tf.placeholder_with_default([1, 2], None), scalar)).unbatch(),
        D.from_tensor_slices([[1, 2], [1, 2], [3, 4]]).apply(E.unique()),
        D.from_tensor_slices([["a", "b"], ["a", "b"], ["b", "b"]]).apply(E.unique()),
    ]  # fmt: skip
    sparse = tf.data.make_initializable_iterator(D.from_sparse_tensor_slices(mixed))
    rows = D.range(3).map(lambda x: tf.fill([1, x], x)).apply(E.dense_to_sparse_batch(3, [12]))
    found = [_taken(tf, each) for each in made]
    return [found, error(lambda: run(tf, sparse.initializer)), _taken(tf, rows)[0]]


def generators_are_closed_where_no_more_is_taken(tf, np):
    closed = []

    def numbers():
        try:
            yield from range(9)
        finally:
            closed.append(True)

    dataset = tf.data.Dataset.from_generator(numbers, tf.int64, ()).take(2)
    iterator = dataset.make_initializable_iterator()
    following = iterator.get_next()
    with tf.Session() as sess:
        sess.run(iterator.initializer)
        found = [int(sess.run(following)), int(sess.run(following)), len(closed)]
        return [*found, error(lambda: sess.run(following)), len(closed)]


def optionals(tf, np):
    E = tf.data.experimental
    sparse = tf.SparseTensorValue(np.int64([[0, 0]]), np.float32([1.5]), np.int64([2, 2]))
    full = [E.Optional.from_value(value) for value in (37.0, {"a": [1], "b": (["x"], sparse)})]
    full.append(E.Optional.from_value(full[0]))
    empty = E.Optional.none_from_structure(tf.TensorSpec([2], tf.int32))
    types = [str(each.value_structure) for each in full[:1]] + [isinstance(empty, E.Optional)]
    fetched = [full[0].get_value(), full[1].get_value(), full[2].get_value().get_value()]
    spec = tf.OptionalSpec(tf.TensorSpec([], tf.float32))
    fits = [
        spec.is_compatible_with(full[0]), spec.is_compatible_with(full[1]),
        E.OptionalStructure is tf.OptionalSpec, E.OptionalStructure.from_value(full[0]) == spec,
    ]  # fmt: skip
    return [
        types, listed(run(tf, fetched[0])), listed(run(tf, fetched[1])), run(tf, fetched[2]), fits,
        run(tf, [each.has_value() for each in [*full, empty]]),
        said(lambda: run(tf, empty.get_value()), "The given optional does not have a value."),
        [str(empty.get_value()), str(empty.value_structure), full[0].get_value().op.type],
    ]  # fmt: skip


def next_elements_as_optionals(tf, np):
    dataset = tf.data.Dataset.range(2).map(lambda x: {"x": x, "y": tf.fill([x], x)})
    iterator = dataset.make_initializable_iterator()
    optional = tf.data.experimental.get_next_as_optional(iterator)
    safe = tf.cond(optional.has_value(), lambda: optional.get_value()["x"], lambda: np.int64(-1))
    value, found = optional.get_value(), []
    with tf.Session() as sess:
        found.append(error(lambda: sess.run(optional.has_value())))
        sess.run(iterator.initializer)
        found.append(sess.run(safe))
        there, one = sess.run([optional.has_value(), value])
        found += [bool(there), listed(one), sess.run(safe)]
        found += [bool(sess.run(optional.has_value())), error(lambda: sess.run(value))]
    return [found, str(value), optional.value_structure == iterator.element_spec]


def optionals_as_elements(tf, np):
    Optional = tf.data.experimental.Optional
    none = Optional.none_from_structure(tf.TensorSpec([], tf.int64))
    made = tf.data.Dataset.range(3).map(lambda x: (Optional.from_value(x), none))
    read = made.map(lambda one, other: (one.get_value(), other.has_value()))
    nested = tf.data.Dataset.from_tensors(Optional.from_value(5)).map(lambda x: x.get_value())
    kinds = [len(made.output_types), len(made.output_shapes), len(made.output_classes)]
    return [elements(tf, read), elements(tf, nested), kinds]


def optionals_where_operations_run_at_once(tf, np):
    with eagerly(tf):
        iterator = iter(tf.data.Dataset.range(2))
        found = []
        for _ in range(3):
            optional = tf.data.experimental.get_next_as_optional(iterator)
            there = bool(optional.has_value())
            found.append(int(optional.get_value()) if there else error(optional.get_value))
        return found


def epochs_held_by_a_shuffle(tf, np):
    """The order, and how many elements have been computed at each step."""
    E, found = tf.data.experimental, []
    for size in (3, 15, 16, 100):
        count = []
        counted = lambda x: count.append(x) or x  # noqa: B023, E731
        five = tf.data.Dataset.range(5).map(lambda x: tf.py_func(counted, [x], tf.int64))  # noqa: B023
        for dataset in (
            five.shuffle(size, seed=1).repeat(6), five.apply(E.shuffle_and_repeat(size, 6, 2)),
        ):  # fmt: skip
            iterator = dataset.make_initializable_iterator()
            following = iterator.get_next()
            count.clear()
            with tf.Session() as sess:
                sess.run(iterator.initializer)
                found.append([[int(sess.run(following)), len(count)] for _ in range(30)])
    return found


def variables_in_all_parts_of_functions(tf, np):
    with tf.variable_scope("all", use_resource=True):
        count = tf.get_variable("count", initializer=tf.constant(3))
        row = tf.get_variable("row", initializer=tf.constant([1.0, 2.0, 3.0]))
        table = tf.get_variable("table", initializer=tf.constant([[1, 2], [3, 4], [5, 6]]),
                                partitioner=tf.fixed_size_partitioner(2))  # fmt: skip

    def scattered(i):
        with tf.control_dependencies([row.scatter_add(tf.IndexedSlices([1.0], [i]))]):
            return row.read_value()

    def gradient(i):
        return tf.gradients(tf.cast(i, tf.float32) * row * row, row)[0]

    def chosen(i):
        return tf.cond(tf.equal(i, 1), lambda: count * 10, lambda: count + 0)

    def counted(i):
        return tf.while_loop(lambda a: a < count, lambda a: a + 2, [0])

    dense = tf.layers.Dense(1, kernel_initializer=tf.ones_initializer())
    functions = [
        chosen, counted, scattered, gradient, lambda i: tf.nn.embedding_lookup(table, i),
        lambda i: row[1] * 2 + row[tf.cast(i, tf.int32)], lambda i: dense(row[tf.newaxis]),
    ]  # fmt: skip
    return [elements(tf, tf.data.Dataset.range(3).map(each)) for each in functions]


def seeds_after_a_function_that_reads_a_variable(tf, np):
    tf.set_random_seed(5)
    scale = tf.Variable(2.0)
    dataset = tf.data.Dataset.range(3).map(lambda x: tf.cast(x, tf.float32) * scale)
    iterator = dataset.make_initializable_iterator()
    element, drawn = iterator.get_next(), tf.random_uniform([2])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(iterator.initializer)
        return sess.run([element, drawn])
