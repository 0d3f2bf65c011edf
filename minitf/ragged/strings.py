"""Ragged tensors of strings: handlers of `tf.strings.unicode_encode`, `reduce_join`, `ngrams`."""
import functools

from minitf.core.deprecation import renamed
from minitf.core.dtypes import string
from minitf.core.graph import name_scope
from minitf.ops.strings import joins
from minitf.ops.strings import unicode as dense
from minitf.ops.strings.unicode import check_modes, unicode_encode_op
from minitf.ragged.math import reduced
from minitf.ragged.tensor import RaggedTensor, as_ragged_or_tensor


def unicode_encode(input, output_encoding, errors="replace", replacement_char=65533, name=None):
    """`tf.strings.unicode_encode`: a string for each of the innermost rows."""
    with name_scope(name, "UnicodeEncode", [input]):
        check_modes(errors, output_encoding)
        rt = as_ragged_or_tensor(input)
        settings = {"output_encoding": output_encoding, "errors": errors,
                    "replacement_char": replacement_char}  # fmt: skip
        if rt.flat_values.shape.ndims > 1:
            return rt.with_flat_values(dense.unicode_encode(rt.flat_values, **settings))
        if rt.ragged_rank > 1:
            return rt.with_values(unicode_encode(rt.values, **settings))
        return unicode_encode_op(rt.values, rt.row_splits, **settings)


def reduce_join(
    inputs, axis=None, keep_dims=None, separator="", name=None, reduction_indices=None,
    keepdims=None,
):  # fmt: skip
    """`tf.reduce_join`. ValueError for `keepdims`."""
    axis = renamed("axis", axis, "reduction_indices", reduction_indices)
    if renamed("keepdims", keepdims, "keep_dims", keep_dims):
        raise ValueError("keepdims=True is not supported for RaggedTensors.")
    return reduced(
        functools.partial(joins.reduce_join, separator=separator),
        functools.partial(joins.unsorted_segment_join, separator=separator),
        inputs, axis, name or "RaggedSegmentJoin",
    )  # fmt: skip


def ngrams(
    data, ngram_width, separator=" ", pad_values=None, padding_width=None,
    preserve_short_sequences=False, name=None,
):  # fmt: skip
    """`tf.strings.ngrams` of each of the innermost rows."""
    with name_scope(name, "StringNGrams", [data]):
        data = as_ragged_or_tensor(data, name="data", dtype=string)
        settings = joins.ngram_settings(ngram_width, separator, pad_values, padding_width,
                                        preserve_short_sequences)  # fmt: skip
        return _ngrams(data, settings)


def _ngrams(data, settings):
    if data.ragged_rank > 1:
        return data.with_values(_ngrams(data.values, settings))
    found, splits = joins.string_n_grams(data.flat_values, data.row_splits, **settings)
    return RaggedTensor.from_row_splits(found, splits, validate=False)
