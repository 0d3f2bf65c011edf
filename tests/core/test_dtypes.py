"""Types: what stands for one, and strings that are bytes, however they came."""
import numpy as np
import pytest

import minitf as tf


@pytest.mark.parametrize("value", ["q", "i4", "<f4", "str", int, str, bytes, complex, [], None])
def test_what_is_no_type(value):
    with pytest.raises(TypeError, match="Cannot convert value"):
        tf.as_dtype(value)
    assert tf.int64 != value and tf.string != value


@pytest.mark.parametrize("value", [3, 3.0, np.int64(3), "int32", np.int32, np.dtype(">i4")])
def test_what_is_a_type(value):
    assert tf.as_dtype(value) is tf.int32 and tf.int32 == value


@pytest.mark.parametrize("made", [
    np.array([b"a", b"b"]), np.array([np.bytes_(b"a")] * 2, object), np.array(["a", "b"]),
    [np.str_("a"), np.bytes_(b"b")],
])  # fmt: skip
def test_strings_are_bytes_whatever_numpy_made_of_them(made):
    fed = tf.placeholder(tf.string)
    with tf.Session() as sess:
        for tensor in (tf.constant(made), fed):
            assert type(sess.run(tensor[0], {fed: made})) is bytes


@pytest.mark.parametrize("value", [[b"a", 1], [None], [["a"], ["b", "c"]], {}])
def test_a_feed_that_holds_no_strings_is_refused(value):
    fed = tf.placeholder(tf.string)
    value = np.array(value, object)
    with tf.Session() as sess, pytest.raises(tf.errors.InternalError, match="Unsupported object"):
        sess.run(tf.identity(fed), {fed: value})
