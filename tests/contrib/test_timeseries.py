"""tf.contrib.timeseries: what threads of TensorFlow leave open, what is refused."""
import numpy as np
import pytest

import minitf as tf
from minitf.contrib.timeseries import ar_model, math_utils, state_management
from minitf.contrib.timeseries.model import SequentialTimeSeriesModel


class Counter(SequentialTimeSeriesModel):
    """Its state is how many values it has seen."""

    def __init__(self, **options):
        super().__init__(["seen"], ["seen"], num_features=1, **options)

    def get_start_state(self):
        return (tf.zeros([]),)

    def _prediction_step(self, current_times, state):
        return state, {"seen": state[0]}

    def _filtering_step(self, current_times, current_values, state, predictions):
        return (state[0] + 1.0,), {**predictions, "loss": current_values[:, 0]}

    def _imputation_step(self, current_times, state):
        return state


def features(*times):
    return {"times": np.array(times), "values": np.ones([*np.shape(times), 1], np.float32)}


def tensors(given):
    return {name: tf.constant(value) for name, value in given.items()}


def test_a_window_starts_with_the_state_that_the_one_before_has_left():
    model, manager = Counter(), state_management.ChainingStateManager(state_saving_interval=3)
    model.initialize_graph()
    manager.initialize_graph(model)
    window = tensors(features([0, 1, 2], [3, 4, 5]))
    seen = manager.define_loss(model, window, "train").predictions["seen"]
    loss = manager.define_loss(model, window, "train").loss
    with tf.Session() as sess:
        assert sess.run([seen, loss])[0].tolist() == [[0, 1, 2], [0, 1, 2]]
        assert sess.run([seen, loss])[0].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_windows_without_a_loop_are_as_those_with_one():
    both = []
    for threshold in (None, 8):
        model = Counter(static_unrolling_window_size_threshold=threshold)
        model.initialize_graph()
        both.append(model.define_loss(tensors(features([0, 1, 4])), "eval"))
    with tf.Session() as sess:
        looped, unrolled = sess.run([tuple(outputs) for outputs in both])
    for one, other in zip(tf.nest.flatten(looped), tf.nest.flatten(unrolled)):
        np.testing.assert_array_equal(one, other)


def test_a_state_may_be_given_but_not_in_training():
    model, manager = Counter(), state_management.ChainingStateManager()
    model.initialize_graph()
    manager.initialize_graph(model)
    given = {**tensors(features([0, 1])), "start_tuple": (tf.constant([7.0]),)}
    with pytest.raises(ValueError, match="not supported"):
        manager.define_loss(model, dict(given), "train")
    with pytest.raises(ValueError, match="not supported"):
        state_management.PassthroughStateManager().define_loss(model, given, "eval")
    with tf.Session() as sess:
        outputs = manager.define_loss(model, given, "eval")
        assert sess.run(outputs.end_state)[0].tolist() == [9.0]


def test_a_model_tells_which_outputs_it_named():
    model = Counter()
    model.initialize_graph()
    model._train_output_names = ["other"]
    with pytest.raises(ValueError, match=r"'seen'.*'other'"):
        model.define_loss(tensors(features([0, 1])), "eval")
    with pytest.raises(ValueError, match="initialize_graph"):
        Counter().define_loss(tensors(features([0, 1])), "eval")


@pytest.mark.parametrize(("options", "message"), [
    ({"periodicities": -3}, "periodicities"), ({"output_window_size": 0}, "output_window_size"),
    ({"periodicities": None, "input_window_size": 0}, "input window"),
    ({"num_time_buckets": 0}, "num_time_buckets"),
])  # fmt: skip
def test_sizes_that_predict_nothing_are_refused(options, message):
    sizes = {"periodicities": 3, "input_window_size": 2, "output_window_size": 1, "num_features": 1}
    with pytest.raises(ValueError, match=message):
        ar_model.ARModel(**{**sizes, **options})


def test_tables_of_tensors_take_keys_of_any_shape():
    start = (tf.constant([1.0, 2.0]), tf.constant(3))
    table = math_utils.TupleOfTensorsLookup(tf.int64, start, -1, -2, "states")
    keys = np.array([[4], [5]])
    written = table.insert(keys, (tf.reshape(tf.range(4.0), [2, 1, 2]), tf.constant([[8], [9]])))
    with tf.Session() as sess:
        assert sess.run(table.lookup(keys))[0].tolist() == [[[1, 2]], [[1, 2]]]
        sess.run(written)
        assert sess.run(table.lookup(keys[1:]))[1].tolist() == [[9]]


def test_products_of_matrices_need_no_known_rank():
    batch, matrix = np.arange(12.0).reshape(2, 2, 3), np.arange(6.0).reshape(3, 2)
    given = tf.placeholder(tf.float64)
    made = math_utils.batch_times_matrix(given, matrix)
    with tf.Session() as session:
        np.testing.assert_allclose(session.run(made, {given: batch}), batch @ matrix)
