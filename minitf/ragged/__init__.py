"""`tf.ragged`: rows of different lengths. Where it is imported, functions of `tf` take them.

    words = tf.ragged.constant([["to", "be"], [], ["or", "not"]])
    tf.strings.length(words)               # [[2, 2], [], [2, 3]]
    tf.concat([words, words], axis=1)[0]   # ["to", "be", "to", "be"]
    words.to_tensor("-")                   # [["to", "be"], ["-", "-"], ["or", "not"]]
"""
# ruff: noqa: F401  every import here is a public name
from minitf.ragged import dispatch, variants
from minitf.ragged.factory import constant, constant_value, placeholder
from minitf.ragged.functional import map_flat_values
from minitf.ragged.joining import stack
from minitf.ragged.masks import boolean_mask, stack_dynamic_partitions
from minitf.ragged.ranges import range
from minitf.ragged.segment_ids import row_splits_to_segment_ids, segment_ids_to_row_splits
from minitf.ragged.value import RaggedTensorValue
