"""What `tensorflow.python.ops.parallel_for` has: loops whose turns do not depend on each other.

They are loops here, whatever `use_pfor` says; `parallel_iterations` is that of the loop.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import minitf as tf
from minitf.core import nest


def for_loop(
    loop_fn: Callable[[tf.Tensor], Any],
    loop_fn_dtypes: Any,
    iters: Any,
    parallel_iterations: int | None = None,
) -> Any:
    """`loop_fn(i)` for each i below `iters`, stacked, in the structure of `loop_fn_dtypes`.

    None stands where `loop_fn` returns None.
    """
    types = nest.flatten(loop_fn_dtypes)
    absent: set[int] = set()

    def turn(i: tf.Tensor) -> list[tf.Tensor]:
        flat = nest.flatten(loop_fn(i))
        absent.update(k for k, value in enumerate(flat) if value is None)
        return [tf.zeros([], dtype or tf.float32) if value is None else tf.convert_to_tensor(value)
                for value, dtype in zip(flat, types, strict=True)]  # fmt: skip

    stacked = tf.map_fn(
        turn, tf.range(iters), [dtype or tf.float32 for dtype in types], parallel_iterations
    )
    found = [None if k in absent else value for k, value in enumerate(stacked)]
    return nest.pack_sequence_as(loop_fn_dtypes, found)


def pfor(
    loop_fn: Callable[[tf.Tensor], Any], iters: Any, parallel_iterations: int | None = None
) -> Any:
    """As `for_loop`, with the types that `loop_fn(0)` has: it is called once more for them."""
    types = nest.map_structure(
        lambda value: None if value is None else tf.convert_to_tensor(value).dtype,
        loop_fn(tf.constant(0)),
    )
    return for_loop(loop_fn, types, iters, parallel_iterations)


def jacobian(
    output: tf.Tensor, inputs: Any, use_pfor: bool = True, parallel_iterations: int | None = None
) -> Any:
    """The derivative of each element of `output` by each of `inputs`: of the shape
    `output.shape + input.shape`, None for an input that `output` does not depend on."""
    flat = nest.flatten(inputs)
    elements = tf.reshape(output, [-1])
    rows = for_loop(
        lambda i: tf.gradients(tf.gather(elements, i), flat), [x.dtype.base_dtype for x in flat],
        tf.size(elements), parallel_iterations,
    )  # fmt: skip
    found = [None if row is None else _shaped(row, output, x) for row, x in zip(rows, flat)]
    return nest.pack_sequence_as(inputs, found)


def _shaped(rows: tf.Tensor, output: tf.Tensor, x: tf.Tensor) -> tf.Tensor:
    shaped = tf.reshape(rows, tf.concat([tf.shape(output), tf.shape(x)], 0))
    shaped.set_shape(output.shape.concatenate(x.shape))
    return shaped


def batch_jacobian(
    output: tf.Tensor, inp: Any, use_pfor: bool = True, parallel_iterations: int | None = None
) -> Any:
    """The Jacobian of each example: of the shape `[batch] + output.shape[1:] + inp.shape[1:]`,
    where an example of `output` depends on that of `inp` alone; None if on none.

    ValueError unless both have the same number of examples.
    """
    if not output.shape[0].is_compatible_with(inp.shape[0]):
        raise ValueError(f"Need first dimension of output shape ({output.shape}) and inp shape "
                         f"({inp.shape}) to match.")  # fmt: skip
    count = tf.shape(output)[0]
    size = output.shape[1:].num_elements()
    size = tf.size(output) // count if size is None else size
    examples = tf.reshape(output, [count, size])
    columns = for_loop(
        lambda i: tf.gradients(tf.gather(examples, i, axis=1), inp)[0], inp.dtype.base_dtype, size,
        parallel_iterations,
    )  # fmt: skip
    if columns is None:
        return None
    shape = tf.concat([tf.shape(output), tf.shape(inp)[1:]], 0)
    shaped = tf.reshape(_batch_first(columns), shape)
    shaped.set_shape(output.shape.concatenate(inp.shape[1:]))
    return shaped


def _batch_first(columns: tf.Tensor) -> tf.Tensor:
    rank = tf.rank(columns)
    return tf.transpose(columns, tf.concat([[1, 0], tf.range(2, rank)], 0))
