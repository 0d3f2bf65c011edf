"""What bad input gets: the exception TF1 users know, with a message that teaches."""
import threading

import numpy as np
import pytest

import minitf as tf
from minitf.core.op import OpDef


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def raised(kind, function, *parts):
    """Calling `function` raises `kind`; its message contains each of `parts`."""
    with pytest.raises(kind) as caught:
        function()
    message = str(caught.value)
    for part in parts:
        assert part in message
    return message


# -- refused when the graph is built ---------------------------------------------------------------


def test_shapes_that_do_not_fit():
    x, w = tf.placeholder(tf.float32, [None, 784]), tf.zeros([128, 10])
    raised(
        ValueError,
        lambda: tf.matmul(x, w, name="layer1/MatMul"),
        "MatMul 'layer1/MatMul': Dimensions must be equal, but are 784 and 128: "
        "[None, 784] x [128, 10]",
        "built at test_errors.py:",
        "tf.matmul(x, w",
    )
    raised(ValueError, lambda: tf.zeros([2, 3]) + tf.zeros([2, 4]), "[2, 3] and [2, 4]",
           "3 and 4", "built at")  # fmt: skip
    raised(ValueError, lambda: tf.reshape(tf.zeros([6]), [4, -1]), "Reshape", "built at")
    raised(ValueError, lambda: tf.reduce_sum(tf.zeros([2]), 3), "axis 3", "built at")


def test_types_are_never_promoted():
    ints, floats = tf.constant([1]), tf.constant([1.0])
    raised(TypeError, lambda: ints + floats, "float32", "int32", "tf.cast", "built at")
    raised(TypeError, lambda: tf.multiply(2, floats), "'Mul'", "float32", "int32")
    raised(TypeError, lambda: ints + 1.5, "int32")
    raised(TypeError, lambda: tf.constant(1.5, tf.int32), "Expected int32", "1.5", "float")
    raised(ValueError, lambda: tf.convert_to_tensor(floats, tf.int32), "int32", "float32")


def test_square_of_two_tensors_says_what_square_takes():
    a, b = tf.constant(1.0), tf.constant(2.0)
    raised(TypeError, lambda: tf.square(a, b), "takes 1 tensor", "squared_difference")


def test_a_variable_name_that_is_taken():
    tf.get_variable("w", [2])
    raised(ValueError, lambda: tf.get_variable("w", [2]), "w already exists", "reuse=tf.AUTO_REUSE",
           "test_errors.py")  # fmt: skip


def test_a_finalized_graph():
    with tf.Graph().as_default() as graph:
        graph.finalize()
        raised(RuntimeError, lambda: tf.constant(1.0), "finalized", "Const")


def test_a_tensor_of_another_graph():
    old = tf.constant(1.0)
    with tf.Graph().as_default():
        new = tf.constant(2.0)
        raised(ValueError, lambda: old + new, "same graph")
        with tf.Session() as sess:
            raised(ValueError, lambda: sess.run(old), "not an element of this graph")


def test_a_tensor_where_python_wants_a_value():
    x = tf.constant([1.0])
    raised(TypeError, lambda: bool(x), "tf.cond")
    raised(TypeError, lambda: list(x), "tf.unstack")
    raised(NotImplementedError, lambda: np.sin(np.asarray(x)), "sess.run")


def test_no_gradient_names_the_op_and_the_path():
    mystery = OpDef("Mystery", lambda xp, x: x, lambda x: x)
    x = tf.placeholder(tf.float32, [2], name="x")
    hidden = mystery(tf.multiply(x, 2.0, name="twice"), name="mine")
    loss = tf.reduce_sum(tf.square(hidden, name="square"), name="loss")
    raised(LookupError, lambda: tf.gradients(loss, x), "'mine' (op type: Mystery)",
           "loss <- square <- mine <- twice <- x", "built at")  # fmt: skip


# -- refused when it is run ------------------------------------------------------------------------


@pytest.fixture
def sess():
    with tf.Session() as session:
        yield session


def test_a_placeholder_that_is_not_fed(sess):
    X = tf.placeholder(tf.float32, [None, 3])
    y = X + 1.0
    raised(tf.errors.InvalidArgumentError, lambda: sess.run(y),
           "You must feed a value for placeholder tensor 'Placeholder' with dtype float",
           "and shape [?,3]",
           "feed_dict={X: value}", "built at test_errors.py")  # fmt: skip


def test_feeds_that_do_not_fit(sess):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    n = tf.placeholder(tf.int32, [], name="n")
    y = x * 1.0
    raised(ValueError, lambda: sess.run(y, {x: np.ones((2, 4))}), "Cannot feed value of shape "
           "(2, 4) for Tensor 'x:0', which has shape '(?, 3)'", "built at")  # fmt: skip
    raised(ValueError, lambda: sess.run(y, {x: "three"}), "three", "'x:0'")
    raised(ValueError, lambda: sess.run(y, {x: [[1, 2, 3], [4]]}), "'x:0'")
    raised(TypeError, lambda: sess.run(n + 1, {n: 2**40}), "1099511627776", "int32")
    raised(TypeError, lambda: sess.run(y, {x: 1j * np.ones((1, 3))}), "float32")
    raised(TypeError, lambda: sess.run(y, {x: tf.ones([1, 3])}), "cannot be a tf.Tensor")
    raised(TypeError, lambda: sess.run(y, {"nothing": 1}), "nothing", "feed_dict")
    raised(TypeError, lambda: sess.run(y, [x]), "feed_dict must be a dictionary")


def test_a_feed_that_is_cut_is_warned_of(sess):
    n = tf.placeholder(tf.int32, name="n")
    with pytest.warns(UserWarning, match=r"'n:0', .*: \[1.5, 2.0\] is cut to int32") as found:
        np.testing.assert_array_equal(sess.run(n, {n: [1.5, 2.0]}), [1, 2])
    assert found[0].filename == __file__


def test_a_feed_changes_nothing_when_it_is_refused(sess):
    v = tf.Variable(1.0)
    x = tf.placeholder(tf.float32, [2])
    step = tf.assign_add(v, tf.reduce_sum(x))
    sess.run(tf.global_variables_initializer())
    raised(ValueError, lambda: sess.run(step, {x: [1, 2, 3]}), "(3,)")
    assert sess.run(v) == 1.0


def test_a_variable_without_a_value(sess):
    v = tf.Variable(1.0, name="v")
    w = tf.Variable(2.0, name="w")
    step = tf.assign_add(w, v)
    sess.run(w.initializer)
    raised(tf.errors.FailedPreconditionError, lambda: sess.run(step),
           "Attempting to use uninitialized value v", "global_variables_initializer", "built at")
    assert sess.run(w) == 2.0  # fmt: skip


def test_a_closed_session():
    x = tf.constant(1.0)
    with tf.Session() as sess:
        sess.run(x)
        call = sess.make_callable(x)
    raised(RuntimeError, lambda: sess.run(x), "closed Session")
    raised(RuntimeError, call, "closed Session")


def test_what_cannot_be_fetched(sess):
    def model(x):
        return x + 1.0

    y = model(tf.constant(1.0))
    assert sess.run(y) == 2.0
    raised(TypeError, lambda: sess.run(model), "can be fetched", "model is a Python function")
    raised(TypeError, lambda: sess.run([y, None]), "None")
    raised(TypeError, lambda: sess.run(np.ones(2)), "array")
    raised(ValueError, lambda: sess.run("nowhere:0"), "nowhere")


def test_an_empty_graph(sess):
    raised(RuntimeError, lambda: sess.run([]), "graph is empty")


def test_a_device_that_is_not_there():
    with tf.device("/gpu:7"):
        x = tf.constant(1.0, name="x") * 2.0
    with tf.Session() as sess:
        raised(tf.errors.InvalidArgumentError, lambda: sess.run(x), "/device:GPU:7",
               "allow_soft_placement", "built at")  # fmt: skip
    with tf.Session(config=tf.ConfigProto(allow_soft_placement=True)) as sess:
        assert sess.run(x) == 2.0


def test_an_unknown_option():
    raised(ValueError, lambda: tf.ConfigProto(fast=True), '"fast"', "allow_soft_placement")


def test_eval_without_a_session():
    raised(ValueError, lambda: tf.constant(1.0).eval(), "No default session", "as_default()")


# -- what goes wrong inside a run ------------------------------------------------------------------


def test_an_op_that_fails_says_which_and_where(sess):
    x = tf.placeholder(tf.int32, [2], name="x")
    y = tf.floordiv(tf.constant([4, 6]), x, name="quotient")
    raised(tf.errors.InvalidArgumentError, lambda: sess.run(y, {x: [1, 0]}),
           "FloorDiv 'quotient'", "zero", "built at test_errors.py")  # fmt: skip


def test_shapes_that_turn_out_not_to_fit(sess):
    a, b = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    raised(tf.errors.InvalidArgumentError, lambda: sess.run(a + b, {a: [1, 2], b: [1, 2, 3]}),
           "[2] and [3]", "built at")  # fmt: skip


def test_a_failed_run_says_what_it_has_changed(sess):
    v = tf.Variable([1, 1], name="v")
    x = tf.placeholder(tf.int32, [2])
    first = tf.assign_add(v, [1, 1])
    with tf.control_dependencies([first]):
        second = tf.floordiv(first, x)
    sess.run(tf.global_variables_initializer())
    raised(tf.errors.InvalidArgumentError, lambda: sess.run(second, {x: [0, 1]}),
           "this run had already changed: v")  # fmt: skip
    assert sess.run(v).tolist() == [2, 2]


def test_writes_wait_for_everything_that_may_fail(sess):
    v = tf.Variable([1, 1])
    x = tf.placeholder(tf.int32, [2])
    step = tf.assign_add(v, [1, 1])
    risky = tf.floordiv(tf.constant([1, 1]), x)
    sess.run(tf.global_variables_initializer())
    raised(tf.errors.InvalidArgumentError, lambda: sess.run([step, risky], {x: [0, 1]}), "zero")
    assert sess.run(v).tolist() == [1, 1]


def test_a_python_function_that_raises(sess):
    def fail(_):
        raise KeyError("mine")

    y = tf.py_func(fail, [tf.constant(1.0)], tf.float32)
    with pytest.raises(Exception, match="mine"):
        sess.run(y)


def test_a_run_in_another_thread_has_no_default_session(sess):
    found = []
    thread = threading.Thread(target=lambda: found.append(tf.get_default_session()))
    thread.start()
    thread.join()
    assert found == [None]
    assert tf.get_default_session() is sess


# -- what the mend may be --------------------------------------------------------------------------


def test_names_that_are_spelt_alike():
    tf.constant(1, name="alpha")
    tf.get_variable("layer/weights", [2])
    with tf.Session() as sess:
        raised(ValueError, lambda: sess.run("alhpa:0"), "does not exist", "Did you mean 'alpha'?")
    graph = tf.get_default_graph()
    raised(KeyError, lambda: graph.get_operation_by_name("alhpa"), "Did you mean 'alpha'?")
    with tf.variable_scope("layer", reuse=True):
        raised(ValueError, lambda: tf.get_variable("weight", [2]),
               "Did you mean 'layer/weights'?")  # fmt: skip
    raised(ValueError, lambda: tf.keras.losses.get("mean_sqared_error"),
           "Unknown loss function:mean_sqared_error. Did you mean 'mean_sq")  # fmt: skip


def test_names_of_large_graphs_are_not_looked_through():
    for i in range(1001):
        tf.no_op(name=f"alpha{i}")
    graph = tf.get_default_graph()
    assert "Did you mean" not in raised(KeyError, lambda: graph.get_operation_by_name("alpha"))


def test_checkpoints_that_are_not_there_name_those_that_are(tmp_path):
    w = tf.Variable(1.0)
    saver = tf.train.Saver()
    with tf.Session() as sess:
        raised(ValueError, lambda: saver.restore(sess, str(tmp_path / "a" / "m")), "is no folder")
        raised(ValueError, lambda: saver.restore(sess, str(tmp_path / "m")), "has none")
        sess.run(w.initializer)
        saver.save(sess, str(tmp_path / "m"), 3)
        raised(ValueError, lambda: saver.restore(sess, str(tmp_path / "m")), "there are: m-3")


def test_a_loss_without_gradient_says_why():
    w = tf.Variable([1.0, 2.0], name="w")

    def refused(loss, *parts):
        optimizer = tf.train.GradientDescentOptimizer(0.1)
        return raised(ValueError, lambda: optimizer.minimize(loss), "No gradients", *parts)

    refused(tf.constant(2.0), "depends on none of them")
    refused(tf.cast(tf.argmax(w * 2), tf.float32) + 1,
            "depends on 'w' through ArgMax 'ArgMax'", "built at test_errors.py:")  # fmt: skip
    refused(tf.stop_gradient(w) * 2, "through StopGradient 'StopGradient'")
    start = [0, tf.zeros([2])]
    _, total = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a + tf.floor(w)), start)
    refused(tf.stop_gradient(total), "depends on 'w' through StopGradient")
