"""tf.contrib.factorization.WALSModel and WALSMatrixFactorization: factors, losses, variables."""

from goldens.kit import attempt, said


def _matrix(np):
    rng = np.random.RandomState(0)
    dense = np.where(rng.rand(6, 5) < 0.6, rng.rand(6, 5) * 4, 0).astype(np.float32)
    return dense, np.argwhere(dense)


def _sparse(tf, np, rows=None):
    dense, places = _matrix(np)
    places = places if rows is None else places[np.isin(places[:, 0], rows)]
    return tf.SparseTensor(places, dense[tuple(places.T)], dense.shape)


def _start(np, rows, key):
    return np.random.RandomState(key).randn(rows, 2).astype(np.float32)


def _swept(tf, np, sweeps=2, by_parts=False, transposed=False, **options):
    model = tf.contrib.factorization.WALSModel(
        6, 5, 2, row_init=_start(np, 6, 1), col_init=_start(np, 5, 2), **options)  # fmt: skip
    parts = [_sparse(tf, np, [4, 1, 2]), _sparse(tf, np, [0, 3, 5])] if by_parts else [
        _sparse(tf, np)]  # fmt: skip
    whole = _sparse(tf, np)
    if transposed:
        parts, whole = [tf.sparse.transpose(p) for p in parts], tf.sparse.transpose(whole)
    of_rows = [model.update_row_factors(part, transpose_input=transposed) for part in parts]
    of_cols = model.update_col_factors(whole, transpose_input=transposed)
    found = []
    with tf.Session() as sess:
        sess.run([model.initialize_op, tf.local_variables_initializer()])
        sess.run(model.worker_init)
        for _ in range(sweeps):
            sess.run(model.row_update_prep_gramian_op)
            sess.run(model.initialize_row_update_op)
            for new, update, *losses in of_rows:
                found += sess.run([new, *losses])
                sess.run(update)
            sess.run(model.col_update_prep_gramian_op)
            sess.run(model.initialize_col_update_op)
            found += sess.run([of_cols[0], *of_cols[2:]])
            sess.run(of_cols[1])
        found += sess.run([*model.row_factors, *model.col_factors])
    return [found, [v.name for v in tf.global_variables()],
            [v.name for v in tf.local_variables()]]  # fmt: skip


def sweeps(tf, np):
    return _swept(tf, np, regularization=0.1)


def sweeps_of_parts(tf, np):
    return _swept(tf, np, by_parts=True, unobserved_weight=0.3, row_weights=list(range(1, 7)),
                  col_weights=[0.5, 1.0, 2.0, 1.0, 0.1])  # fmt: skip


def sweeps_of_what_is_transposed(tf, np):
    return _swept(tf, np, transposed=True, by_parts=True, regularization=0.2)


def sweeps_without_weights(tf, np):
    return _swept(tf, np, row_weights=None, col_weights=None, regularization=0.5)


def sweeps_without_caches(tf, np):
    return _swept(tf, np, use_factors_weights_cache=False, use_gramian_cache=False,
                  regularization=0.1)  # fmt: skip


def shards(tf, np):
    start = _start(np, 6, 1)
    model = tf.contrib.factorization.WALSModel(
        6, 5, 2, regularization=0.1, num_row_shards=2, num_col_shards=3,
        row_init=lambda: [start[:3], start[3:]], col_weights=[[1.0, 2.0], [0.5, 0.5], [3.0]],
        col_init=[_start(np, 2, 3), _start(np, 2, 4), _start(np, 1, 5)], use_scoped_vars=True)
    rows, cols = model.update_row_factors(_sparse(tf, np)), model.update_col_factors(
        _sparse(tf, np))  # fmt: skip
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        for each in (model.worker_init, model.row_update_prep_gramian_op,
                     model.initialize_row_update_op, rows[1], model.col_update_prep_gramian_op,
                     model.initialize_col_update_op, cols[1]):  # fmt: skip
            sess.run(each)
        return [sess.run([*model.row_factors, *model.col_factors, *model.col_weights]),
                [v.name for v in tf.global_variables()], [v.name for v in tf.local_variables()],
                rows[1].name, cols[1].name]  # fmt: skip


def projections(tf, np):
    model = tf.contrib.factorization.WALSModel(
        6, 5, 2, row_init=_start(np, 6, 1), col_init=_start(np, 5, 2), regularization=0.1)
    new = tf.SparseTensor([[0, 1], [0, 4], [1, 0]], [2.0, 1.0, 3.0], [2, 5])
    found = [model.project_row_factors(new), model.project_row_factors(
        new, projection_weights=[0.5, 2.0]), model.project_row_factors(new, projection_weights=0.2),
        model.project_col_factors(tf.SparseTensor([[1, 0], [3, 0]], [1.0, 2.0], [6, 1]))]
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        sess.run(model.worker_init)
        for each in (model.row_update_prep_gramian_op, model.initialize_row_update_op):
            sess.run(each)
        of_rows = sess.run(found[:3])
        for each in (model.col_update_prep_gramian_op, model.initialize_col_update_op):
            sess.run(each)
        return [of_rows, sess.run(found[3])]


def refused(tf, np):
    make = tf.contrib.factorization.WALSModel
    return [said(lambda: make(6, 5, 2, row_weights=-1.0, col_weights=1.0), "Invalid weight"),
            said(lambda: make(6, 5, 2, row_weights=None)),
            said(lambda: make(6, 5, 2, row_weights=[1.0, 2.0], num_row_shards=3)),
            said(lambda: make(6, 5, 2).update_row_factors(tf.ones([6, 5])))]  # fmt: skip


def estimated(tf, np):
    make = tf.contrib.factorization.WALSMatrixFactorization
    model = make(6, 5, 2, regularization_coeff=0.1, row_init=_start(np, 6, 1),
                 col_init=_start(np, 5, 2), max_sweeps=3, row_weights=2.0)  # fmt: skip

    def input_fn(rows=True, **more):
        return {"input_rows": _sparse(tf, np), "input_cols": tf.sparse.transpose(_sparse(tf, np)),
                "project_row": tf.constant(rows), **more}, None  # fmt: skip

    model.fit(input_fn=input_fn, steps=20)
    weights = lambda: input_fn(projection_weights=tf.constant(0.5))  # noqa: E731
    return [model.get_row_factors(), model.get_col_factors(),
            list(model.get_projections(input_fn)), list(model.get_projections(weights)),
            list(model.get_projections(lambda: input_fn(False))),
            model.evaluate(input_fn=input_fn, steps=1)["loss"],
            attempt(lambda: model.get_variable_value("completed_sweeps")),
            attempt(lambda: model.get_variable_value("global_step")),
            attempt(lambda: model.get_variable_value("WALS_RWSE")),
            sorted(model.get_variable_names())]  # fmt: skip
