"""Checks that several bijectors have in common."""
from minitf.core.constant import constant
from minitf.core.tensor_shape import TensorShape, dimension_value
from minitf.ops.control_flow.check import (
    assert_greater,
    assert_less_equal,
    assert_non_negative,
    assert_positive,
)
from minitf.ops.control_flow.control import with_dependencies


def positive(value, name, validate_args):
    """A parameter; with `validate_args`, once it is known to be positive."""
    if not validate_args:
        return value
    check = assert_positive(value, message=f"Argument {name} was not positive")
    return with_dependencies([check], value)


_INPUT = ("Transformation input must be greater than or equal to 0.",
          "Transformation input must be less than or equal to 1.")  # fmt: skip


def within_0_and_1(bijector, value, said=_INPUT):
    """A value; with `validate_args`, once it is known to be in [0, 1].

    `said` is what errors say of those that are below and of those that are above.
    """
    if not bijector.validate_args:
        return value
    checks = [
        assert_non_negative(value, message=said[0]),
        assert_less_equal(value, constant(1.0, value.dtype), message=said[1]),
    ]
    return with_dependencies(checks, value)


def inverse_vector_shape(output_shape, less):
    """That of vectors x which have `less` elements less than y. ValueError for less than two, and
    for no vectors."""
    length = dimension_value(output_shape.with_rank_at_least(1)[-1])
    if length is None:
        return output_shape
    if length <= 1:
        raise ValueError(f"output_shape[-1] = {length} <= 1")
    return TensorShape([length - less])


def inverse_vector_shape_tensor(bijector, output_shape, less):
    """As a tensor; with `validate_args`, once it is known that there are at least two."""
    if bijector.validate_args:
        check = assert_greater(output_shape[-1], 1, message="Need last dimension greater than 1.")
        output_shape = with_dependencies([check], output_shape)
    return output_shape[-1:] - less
