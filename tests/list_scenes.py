"""The rows of tests/cases.py for the ops of lists of tensors: `play(run)` gives (got, expected)."""
import numpy as np
from cases import scene

import minitf as tf
from minitf.ops.control_flow import list_ops as ops

ROWS = np.arange(6, dtype=np.float32).reshape(3, 2)


def rows():
    return ops.tensor_list_from_tensor(ROWS, [2])


def stacked(items, **given):
    return ops.tensor_list_stack(items, [2], element_dtype=tf.float32, **given)


def made_and_changed(run):
    pushed = ops.tensor_list_push_back(
        ops.empty_tensor_list([2], 5, element_dtype=tf.float32), ROWS[1]
    )
    rest, last = ops.tensor_list_pop_back(rows(), [2], element_dtype=tf.float32)
    reserved = ops.tensor_list_reserve([2], 2, element_dtype=tf.float32)
    joined = ops.tensor_list_concat_lists(pushed, rows(), element_dtype=tf.float32)
    return [
        (run(stacked(pushed)), ROWS[1:2]),
        (run(stacked(rest)), ROWS[:2]),
        (run(last), ROWS[2]),
        (run(stacked(ops.tensor_list_set_item(reserved, 1, ROWS[0]))), [[0, 0], ROWS[0]]),
        (run(stacked(ops.tensor_list_resize(rows(), 4))), [*ROWS, [0, 0]]),
        (run(stacked(joined)), [ROWS[1], *ROWS]),
    ]


def scattered(run):
    into = ops.tensor_list_scatter_into(rows(), ROWS[1:], [2, 0])
    return [
        (run(stacked(ops.tensor_list_scatter(ROWS, [2, 0, 1], [2]))), ROWS[[1, 2, 0]]),
        (run(stacked(ops.tensor_list_scatter_v2(ROWS[:2], [1, 2], [2], 3))), [[0, 0], *ROWS[:2]]),
        (run(stacked(into)), ROWS[[2, 1, 1]]),
    ]


def looked_at(run):
    parts = ops.tensor_list_split(ROWS, [-1, 2], np.int64([2, 1]))
    whole, lengths = ops.tensor_list_concat(
        parts, element_dtype=tf.float32, element_shape=(None, 2)
    )
    again, _ = ops.tensor_list_concat_v2(parts, [-1, 2], np.int64([]), element_dtype=tf.float32)
    return [
        (run(ops.tensor_list_length(rows())), 3),
        (run(ops.tensor_list_element_shape(rows(), shape_type=tf.int32)), [2]),
        (run(ops.tensor_list_get_item(rows(), 1, [2], element_dtype=tf.float32)), ROWS[1]),
        (run(ops.tensor_list_gather(rows(), [2, 0], [2], element_dtype=tf.float32)), ROWS[[2, 0]]),
        (run(stacked(rows(), num_elements=3)), ROWS),
        (run(whole), ROWS),
        (run(lengths), [2, 1]),
        (run(again), ROWS),
    ]


SCENES = {
    made_and_changed: "Reserve FromTensor SetItem PushBack PopBack Resize ConcatLists",
    scattered: "Scatter ScatterV2 ScatterIntoExistingList",
    looked_at: "Length ElementShape GetItem Stack Gather Split Concat ConcatV2",
}
scene("EmptyTensorList")(made_and_changed)
for _play, _names in SCENES.items():
    for _name in _names.split():
        scene(f"TensorList{_name}")(_play)
