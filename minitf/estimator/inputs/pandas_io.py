"""tf.estimator.inputs.pandas_input_fn: a DataFrame as the input of an Estimator."""
import uuid

import numpy as np

from minitf.estimator.inputs.feeding import check_shuffle, enqueue_data


def pandas_input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=None, queue_capacity=1000,
                    num_threads=1, target_column="target"):
    """An input function of batches of the columns of a DataFrame, and labels `y`, a Series, a
    DataFrame or None.

    See `numpy_input_fn`. ValueError unless `shuffle` is given and both have one index, and for a
    `target_column`, the name of the labels inside, that `x` has.
    """
    check_shuffle(shuffle)
    if not isinstance(target_column, str):
        raise TypeError("target_column must be a string type")
    x, targets = x.copy(), {}
    if y is not None:
        targets = _add_targets(x, y, target_column)
    if queue_capacity is None:
        queue_capacity = (4 if shuffle else 1) * len(x)

    def input_fn():
        columns = {name: x[name].values for name in x.columns}
        queue = enqueue_data(
            x.index.values, columns, queue_capacity, shuffle, max(queue_capacity / 4, 1),
            num_threads, enqueue_size=batch_size, num_epochs=num_epochs,
        )  # fmt: skip
        take = queue.dequeue_many if num_epochs is None else queue.dequeue_up_to
        features = dict(zip(x.columns, take(batch_size)[1:]))
        if y is None:
            return features
        labels = {name: features.pop(column) for name, column in targets.items()}
        return features, labels if hasattr(y, "columns") else labels[target_column]

    return input_fn


def _add_targets(x, y, target_column):
    """{name of a label: the column of `x` that it is now}."""
    if target_column in x:
        raise ValueError(f"Cannot use name {target_column} for target column: DataFrame already "
                         f"has a column with that name: {x.columns}")  # fmt: skip
    if not np.array_equal(x.index, y.index):
        raise ValueError("Index for x and y are mismatched.\n"
                         f"Index for x: {x.index}\nIndex for y: {y.index}\n")  # fmt: skip
    if not hasattr(y, "columns"):
        x[target_column] = y
        return {target_column: target_column}
    places = {name: f"{name}_{uuid.uuid4()}" if name in x else name for name in y.columns}
    for name, place in places.items():
        x[place] = y[name]
    return places
