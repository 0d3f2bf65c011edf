"""Names of before TensorFlow 1.0: each is its successor, with the parameters it had, and says so
once."""
import logging

import numpy as np
import pytest

import minitf as tf
from minitf import former_names
from minitf.core import deprecation

MATRIX, OTHER = [[4.0, 2.0], [2.0, 3.0]], [[1.0, 2.0], [3.0, 4.0]]
# The call under the old name, under the new one.
SAME = [
    ("tf.mul(A, B)", "tf.multiply(A, B)"),
    ("tf.mul(x=A, y=B, name='m')", "tf.multiply(A, B, name='m')"),
    ("tf.sub(A, B)", "tf.subtract(A, B)"),
    ("tf.neg(A)", "tf.negative(A)"),
    ("tf.inv(A)", "tf.reciprocal(A)"),
    ("tf.complex_abs(3 + 4j)", "tf.abs(3 + 4j)"),
    ("tf.select(A > B, A, B)", "tf.where(A > B, A, B)"),
    ("tf.select(condition=A > B, t=A, e=B, name='s')", "tf.where(A > B, A, B, name='s')"),
    ("tf.listdiff([3, 1, 2], [1], out_idx=tf.int64)",
     "tf.setdiff1d([3, 1, 2], [1], index_dtype=tf.int64)"),
    ("tf.pack([A, B], axis=1)", "tf.stack([A, B], axis=1)"),
    ("tf.unpack(A, 2, 1)", "tf.unstack(A, 2, 1)"),
    ("tf.concat_v2([A, B], 1)", "tf.concat([A, B], 1)"),
    ("tf.concat(1, [A, B])", "tf.concat([A, B], 1)"),
    ("tf.concat(0, (A, B), name='c')", "tf.concat([A, B], 0, name='c')"),
    ("tf.split(0, 2, A)", "tf.split(A, 2, 0)"),
    ("tf.split(1, 2, [[1, 2]])", "tf.split([[1, 2]], 2, 1)"),
    ("tf.batch_matmul([A], [B], adj_y=True)", "tf.matmul([A], [B], adjoint_b=True)"),
    ("tf.batch_matmul(x=A, y=B, adj_x=True)", "tf.matmul(A, B, adjoint_a=True)"),
    ("tf.batch_matrix_transpose([A])", "tf.matrix_transpose([A])"),
    ("tf.batch_matrix_diag(A)", "tf.matrix_diag(A)"),
    ("tf.batch_matrix_diag_part([A])", "tf.matrix_diag_part([A])"),
    ("tf.batch_matrix_band_part([A], 0, -1)", "tf.matrix_band_part([A], 0, -1)"),
    ("tf.batch_matrix_determinant([A])", "tf.matrix_determinant([A])"),
    ("tf.batch_matrix_inverse([A], adjoint=True)", "tf.matrix_inverse([A], adjoint=True)"),
    ("tf.batch_matrix_solve([A], [B])", "tf.matrix_solve([A], [B])"),
    ("tf.batch_cholesky([A])", "tf.cholesky([A])"),
    ("tf.batch_self_adjoint_eigvals([A])", "tf.self_adjoint_eigvals([A])"),
    ("tf.batch_svd([A], compute_uv=False)", "tf.svd([A], compute_uv=False)"),
    ("tf.batch_fft([1j, 2.0])", "tf.fft([1j, 2.0])"),
    ("tf.nn.deconv2d(tf.ones([1, 2, 2, 1]), tf.ones([2, 2, 3, 1]), output_shape=[1, 4, 4, 3],"
     " strides=[1, 2, 2, 1])",
     "tf.nn.conv2d_transpose(tf.ones([1, 2, 2, 1]), tf.ones([2, 2, 3, 1]), [1, 4, 4, 3],"
     " [1, 2, 2, 1])"),
    ("tf.image.per_image_whitening(tf.reshape(tf.range(12.0), [2, 2, 3]))",
     "tf.image.per_image_standardization(tf.reshape(tf.range(12.0), [2, 2, 3]))"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


@pytest.fixture
def warnings_logged(caplog, monkeypatch):
    monkeypatch.setattr(deprecation, "_said", set())
    with caplog.at_level(logging.WARNING, "tensorflow"):
        yield lambda: [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize(("old", "new"), SAME, ids=lambda text: text.partition("(")[0])
def test_values_are_those_of_the_modern_name(old, new, warnings_logged):
    scope = {"tf": tf, "A": tf.constant(MATRIX), "B": tf.constant(OTHER)}
    was, now = eval(old, scope), eval(new, scope)
    [message] = warnings_logged()
    assert message.startswith("From <string>:1: tf.") and "is deprecated.\n" in message
    assert "Instructions for updating:\nUse tf." in message
    with tf.Session() as sess:
        was, now = sess.run([was, now])
    for one, other in zip(np.atleast_1d(was), np.atleast_1d(now)):
        np.testing.assert_array_equal(one, other)


def test_each_name_is_warned_of_once_with_the_line_of_the_program(warnings_logged):
    for _ in range(3):
        tf.mul(1, 2)
    tf.sub(1, 2)
    first, second = warnings_logged()
    assert first.startswith(f"From {__file__}:") and "tf.mul is deprecated" in first
    assert first.endswith("Use tf.multiply instead.") and "tf.sub is" in second


def test_variables(warnings_logged):
    variable = tf.Variable(3.0)
    local = tf.get_local_variable("local", [], collections=[tf.GraphKeys.LOCAL_VARIABLES])
    assert tf.all_variables() == [variable]
    with tf.Session() as sess:
        sess.run([tf.initialize_all_variables(), tf.initialize_local_variables()])
        assert sess.run(tf.report_uninitialized_variables([variable, local])).size == 0
        sess.run(tf.initialize_variables([variable], name="again"))
        assert sess.run(variable) == 3.0
    assert len(warnings_logged()) == 4


def test_modern_calls_of_concat_and_split_stay_as_they_are(warnings_logged):
    with tf.Session() as sess:
        assert sess.run(tf.concat([[1], [2]], 0)).tolist() == [1, 2]
        assert [x.tolist() for x in sess.run(tf.split([1, 2], 2, axis=0))] == [[1], [2]]
    assert warnings_logged() == []


def test_a_wrong_parameter_is_named():
    with pytest.raises(TypeError, match="unexpected keyword argument 'adjoint_x'"):
        tf.batch_matmul([[1.0]], [[1.0]], adjoint_x=True)


def test_they_are_found_but_not_listed():
    assert not {"mul", "pack", "all_variables"} & set(dir(tf))
    assert tf.mul is tf.mul
    assert hasattr(tf, "pack") and not hasattr(tf, "no_such_name")
    from minitf import unpack  # a name that stands in no file can be imported all the same

    assert unpack is tf.unpack and unpack.__name__ == "unpack"


@pytest.mark.parametrize("path", former_names.NAMES)
def test_a_former_name_is_its_successor_or_says_what_that_would_be(path):
    parent, _, name = path.rpartition(".")
    namespace = former_names.current(parent) if parent else tf
    if former_names.current(former_names.NAMES[path].new) is not None:
        assert getattr(namespace, name) is not None
    elif namespace is not None:
        with pytest.raises(AttributeError, match=f"is now tf.{former_names.NAMES[path].new}, whi"):
            getattr(namespace, name)


def test_internal_paths_as_attributes():
    ops = tf.python.framework.ops
    assert ops.reset_default_graph is tf.reset_default_graph
    assert tf.python.framework.ops is ops
    assert tf.python.ops.array_ops.concat is tf.concat
    assert tf.python.ops.control_flow_ops.cond is tf.cond
    assert tf.python.framework.tensor_shape.unknown_shape(2).ndims == 2
    assert tf.python.training.moving_averages.assign_moving_average
    with tf.Session() as sess:
        once = tf.python.ops.control_flow_ops.with_dependencies([tf.no_op()], tf.constant(3))
        assert sess.run(once) == 3
    assert tf.python.layers.core.Dense is tf.layers.Dense


class Summaries:
    """Stands where tf.summary stands: says what it was given."""

    class FileWriter:
        def __init__(self, logdir, graph=None):
            self.logdir = logdir

    @staticmethod
    def scalar(name, tensor, collections=None, family=None):
        return name, tensor, collections, family

    @staticmethod
    def image(name, tensor, max_outputs=3, collections=None, family=None):
        return name, tensor, max_outputs, collections


def test_summaries_have_their_arguments_renamed(monkeypatch, warnings_logged):
    monkeypatch.setattr(tf, "summary", Summaries, raising=False)
    former_names.find.cache_clear()
    assert tf.scalar_summary("loss", 3, ["c"]) == ("loss", 3, ["c"], None)
    assert tf.scalar_summary(tags="loss", values=3) == ("loss", 3, None, None)
    assert tf.image_summary("digits", 3, max_images=9) == ("digits", 3, 9, None)
    with pytest.raises(TypeError, match="unexpected keyword argument 'name'"):
        tf.scalar_summary("loss", 3, name="other")
    former_names.find.cache_clear()


def test_a_class_is_its_successor_itself(monkeypatch, warnings_logged):
    monkeypatch.setattr(tf, "summary", Summaries, raising=False)
    former_names.find.cache_clear()
    assert tf.train.SummaryWriter is Summaries.FileWriter
    assert isinstance(tf.train.SummaryWriter("/logs"), Summaries.FileWriter)
    [message] = warnings_logged()
    assert "tf.train.SummaryWriter is deprecated" in message and "tf.summary.FileWriter" in message
    former_names.find.cache_clear()
