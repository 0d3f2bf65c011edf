"""`tf.bitwise`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.ops.math.bitwise import (
    bitwise_and,
    bitwise_or,
    bitwise_xor,
    invert,
    left_shift,
    right_shift,
)
