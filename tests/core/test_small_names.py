"""Small public names: what they give, and what they refuse."""
import pytest

import minitf as tf


def test_a_type_by_its_number():
    assert tf.DType(1) is tf.float32
    assert tf.DType(101).base_dtype is tf.float32
    with pytest.raises(TypeError, match="type_enum is not a valid"):
        tf.DType(99)


def test_codes_of_errors_and_back():
    assert tf.errors.exception_type_from_error_code(3) is tf.errors.InvalidArgumentError
    assert tf.errors.error_code_from_exception_type(tf.errors.DataLossError) == tf.errors.DATA_LOSS
    with pytest.raises(KeyError):
        tf.errors.exception_type_from_error_code(99)
    with pytest.warns(UserWarning, match="Unknown class exception"):
        unknown = tf.errors.error_code_from_exception_type(ValueError)
    assert isinstance(unknown, tf.errors.UnknownError)


def test_functions_run_as_python():
    calls = []

    @tf.function
    def doubled(x):
        calls.append(type(x))
        return 2 * x

    tf.config.experimental_run_functions_eagerly(True)
    try:
        assert doubled(3) == 6
        assert doubled(4) == 8
    finally:
        tf.config.experimental_run_functions_eagerly(False)
    assert calls == [int, int]


def test_how_operations_run_at_once():
    config = tf.config.experimental
    assert config.get_device_policy() == "silent"
    assert config.get_synchronous_execution()
    config.set_device_policy("warn")
    config.set_synchronous_execution(False)
    try:
        assert (config.get_device_policy(), config.get_synchronous_execution()) == ("warn", False)
    finally:
        config.set_device_policy(None)
        config.set_synchronous_execution(None)
    assert (config.get_device_policy(), config.get_synchronous_execution()) == ("silent", True)
    with pytest.raises(ValueError, match="Invalid argument to set_device_policy"):
        config.set_device_policy("loud")
    assert "/job:localhost/replica:0/task:0/device:CPU:0" in tf.config.experimental_list_devices()
