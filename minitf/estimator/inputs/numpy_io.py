"""tf.estimator.inputs.numpy_input_fn: arrays as the input of an Estimator."""
import numpy as np

from minitf.estimator.inputs.feeding import check_shuffle, enqueue_data

_TARGET = "__target_key__"


def numpy_input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=None, queue_capacity=1000,
                   num_threads=1):
    """An input function of batches of the arrays `x`, one or a dict, and labels `y`, too, or None.

    It gives them `num_epochs` times, without end for None; the last batch is a smaller one then.
    ValueError unless `shuffle` is given; when the function is called, ValueError for arrays that
    are empty or differ in length, TypeError for an `x` that is neither.
    """
    check_shuffle(shuffle)

    def input_fn():
        features, targets = _features(x), _targets(y)
        _check_keys(features, targets)
        columns = {**features, **targets}
        _check_lengths(features, targets, y)
        queue = enqueue_data(
            np.arange(len(next(iter(columns.values())))), columns, queue_capacity, shuffle,
            num_threads=num_threads, enqueue_size=batch_size, num_epochs=num_epochs,
        )  # fmt: skip
        take = queue.dequeue_many if num_epochs is None else queue.dequeue_up_to
        batch = dict(zip(columns, take(batch_size)[1:]))
        given = {key: batch[key] for key in features} if isinstance(x, dict) else next(
            iter(batch.values()))  # fmt: skip
        if y is None:
            return given
        labels = {key: batch[key] for key in targets}
        return given, labels if isinstance(y, dict) else labels[_TARGET]

    return input_fn


def _features(x):
    if not isinstance(x, (dict, np.ndarray)):
        raise TypeError(f"x must be a dict or array; got {type(x).__name__}")
    if isinstance(x, dict):
        if not x:
            raise ValueError("x cannot be an empty dict")
        return {key: x[key] for key in sorted(x)}
    if x.size == 0:
        raise ValueError("x cannot be an empty array")
    return {"__direct_np_input__": x}


def _targets(y):
    if y is None:
        return {}
    if not isinstance(y, dict):
        return {_TARGET: y}
    if not y:
        raise ValueError("y cannot be empty dict, use None instead.")
    return {key: y[key] for key in sorted(y)}


def _check_keys(features, targets):
    both = features.keys() & targets.keys()
    if both:
        raise ValueError(f"{len(both)} duplicate keys are found in both x and y: {both}")


def _check_lengths(features, targets, y):
    if len({array.shape[0] for array in [*features.values(), *targets.values()]}) == 1:
        return
    shapes = {key: array.shape for key, array in targets.items()} or None
    if shapes and not isinstance(y, dict):
        shapes = y.shape
    raise ValueError(
        "Length of tensors in x and y is mismatched. All elements in x and y must have the same "
        f"length.\nShapes in x: { {key: array.shape for key, array in features.items()} }\n"
        f"Shapes in y: {shapes}\n"
    )
