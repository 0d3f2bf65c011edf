"""Ragged tensors where there is nothing of TensorFlow's to compare with."""
import subprocess
import sys

import numpy as np
import pytest

import minitf as tf
from minitf.core.eager import eager_mode


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def ran(fetches):
    with tf.Session() as session:
        return session.run(fetches)


def test_ops_without_a_handler_say_what_to_do():
    with pytest.raises(TypeError, match=r"Its rows differ in length: `.to_tensor\(\)` fills"):
        tf.tanh(tf.ragged.constant([[1.0], [2.0, 3.0]]))


def test_a_slice_up_to_the_first_element_is_empty():
    """TensorFlow gives all of it."""
    x = tf.ragged.constant([[1, 2], [3]])
    assert ran(x[:, :0]).to_list() == [[], []] and ran(x[:, :0:]).to_list() == [[], []]


def test_lengths_of_an_inner_axis_where_those_of_the_first_are_known():
    """TensorFlow gives the known ones, whatever the axis."""
    x = tf.RaggedTensor.from_nested_row_lengths([5, 6, 7], [[2, 0], [1, 2]])
    assert ran(x.row_lengths(axis=2)).to_list() == [[1, 2], []]
    assert ran(x.row_lengths(axis=0)) == 2


def test_rows_that_cannot_be_repeated_are_refused():
    """TensorFlow adds other rows' elements."""
    with pytest.raises(tf.errors.InvalidArgumentError, match="Unable to broadcast"):
        ran(tf.add(tf.ragged.constant([[[1, 2, 3]], [[4, 5]]]), [[[1], [2]]]))


def test_equal_rows_are_not_compared():
    x = tf.ragged.constant([[1, 2], [3]])
    before = len(tf.get_default_graph().get_operations())
    assert (x * x).row_splits is x.row_splits
    assert len(tf.get_default_graph().get_operations()) == before + 1


def test_a_feed_has_all_parts():
    x = tf.ragged.placeholder(tf.float32, 1)
    with tf.Session() as session, pytest.raises(ValueError, match="has 2 parts; got"):
        session.run(x, {x: tf.ragged.constant_value([[[1.0]]], np.float32)})


def test_numbers_of_an_array_are_no_strings():
    with pytest.raises(TypeError, match="Expected binary or unicode string, got 1"):
        tf.constant(np.array([[1]]), tf.string)


def test_an_index_for_gather_nd_has_an_axis():
    with pytest.raises(ValueError, match="at least rank 1"):
        tf.gather_nd([1, 2], 0)


def test_sparse_tensors_are_arguments_of_traced_functions():
    traced = []

    @tf.function
    def total(sparse):
        traced.append(sparse)
        return tf.sparse.reduce_sum(sparse)

    with eager_mode():
        for number in (5.0, 7.0):
            assert total(tf.SparseTensor([[0, 1]], [number], [2, 2])).numpy() == number
    assert len(traced) == 1


def test_nothing_of_it_is_loaded_before_it_is_asked_for():
    code = ("import sys, minitf as tf\nassert 'minitf.ragged' not in sys.modules\n"
            "assert {'split', 'bytes_split'} <= set(dir(tf.strings))\n"
            "tf.strings.split\nassert 'minitf.ragged' in sys.modules")  # fmt: skip
    subprocess.run([sys.executable, "-c", code], check=True)
