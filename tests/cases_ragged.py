"""The rows of tests/cases.py for the ops below ragged tensors."""
import numpy as np
from cases import row
from domains import real

import minitf as tf

OUTER, INNER = np.int64([0, 2, 2, 3]), np.int64([0, 1, 4, 4])
PICKED = np.int32([[0, 2], [1, 0]])


def parts(build):
    """Of a built RaggedTensor, what a row compares."""

    def built(*inputs):
        found = build(*inputs)
        return [found.flat_values, *found.nested_row_splits]

    return built


def ragged(values):
    return tf.RaggedTensor.from_nested_row_splits(values, [OUTER, INNER], validate=False)


row("RaggedRange", parts(tf.ragged.range), np.int32([0, 5, 8]), np.int32([3, 4, 12]),
    np.int32([1, 1, 3]), known=False, want=lambda *_: [[0, 1, 2, 8, 11], [0, 3, 3, 5]])  # fmt: skip
row("RaggedRange", parts(lambda a: tf.ragged.range(a, 0.0, -0.5)), np.float32([1, 0.4]),
    known=False, want=lambda a: [[1, 0.5, 0.4], [0, 2, 3]])  # fmt: skip
row("RaggedGather", parts(lambda v: tf.gather(ragged(v), [2, 0])), real(4), known=False,
    want=lambda v: [v, [0, 1, 3], [0, 0, 1, 4]])  # fmt: skip
row("RaggedGather", parts(lambda v: tf.gather(ragged(v), PICKED)), real(4, 2), known=False,
    want=lambda v: [v[[0, 1, 2, 3, 0, 1, 2, 3]], [0, 2, 4], [0, 2, 3, 3, 5],
                    [0, 1, 4, 4, 5, 8]])  # fmt: skip
row("RaggedGather", parts(lambda v: tf.gather(ragged(v), 0)), real(4), known=False,
    want=lambda v: [v, [0, 1, 4]])  # fmt: skip


def sparse_parts(values):
    found = ragged(values).to_sparse()
    return [found.indices, found.values, found.dense_shape]


row("RaggedTensorToSparse", sparse_parts, real(4), want=lambda v: [
    [[0, 0, 0], [0, 1, 0], [0, 1, 1], [0, 1, 2]], v, [3, 2, 3]])  # fmt: skip
row("RaggedTensorToSparse", sparse_parts, real(4, 2), want=lambda v: [
    [[0, *at, i] for at in ([0, 0], [1, 0], [1, 1], [1, 2]) for i in (0, 1)], np.ravel(v),
    [3, 2, 3, 2]])  # fmt: skip


def by_variant(values, batched):
    """As a variant, or one for each row, and back."""
    encoded = tf.raw_ops.RaggedTensorToVariant(
        rt_nested_splits=[OUTER, INNER], rt_dense_values=values, batched_input=batched
    )
    parts = tf.raw_ops.RaggedTensorFromVariant(
        encoded_ragged=encoded, input_ragged_rank=-1, output_ragged_rank=2, Tvalues=values.dtype,
        Tsplits=tf.int64,
    )  # fmt: skip
    *splits, found = tf.nest.flatten(list(parts))
    return [found, *splits]


for _op in ("RaggedTensorToVariant", "RaggedTensorFromVariant"):
    for _batched in (False, True):
        row(_op, lambda v, b=_batched: by_variant(v, b), real(4, 2), grad=False, known=False,
            want=lambda v: [v, OUTER, INNER])  # fmt: skip
