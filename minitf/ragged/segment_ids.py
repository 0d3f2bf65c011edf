"""Row splits as the number of each value's row, and back."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int32, int64
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor import Tensor
from minitf.ops.reduction.counting import bincount
from minitf.ragged.checks import int_tensor, splits_of
from minitf.ragged.rows import SPLITS, row_numbers


def row_splits_to_segment_ids(splits, name=None, out_type=None):
    """For each value the number of its row: [0, 0, 2] of the splits [0, 2, 2, 3]."""
    with name_scope(name, "RaggedSplitsToSegmentIds", [splits]):
        splits = convert_to_tensor(splits, name="splits", dtype_hint=int64)
        if splits.dtype not in SPLITS:
            raise ValueError(f"splits must have dtype int32 or int64, got {splits.dtype.name}")
        splits.shape.assert_has_rank(1)
        if splits.shape[0].value == 0:
            raise ValueError("Invalid row_splits: []")
        return row_numbers(splits, None if out_type is None else as_dtype(out_type))


def segment_ids_to_row_splits(segment_ids, num_segments=None, out_type=None, name=None):
    """The splits of rows, given the row of each value, in order: [0, 2, 2, 3] of [0, 0, 2]."""
    if out_type is None:
        given = [each for each in (segment_ids, num_segments) if isinstance(each, Tensor)]
        out_type = given[0].dtype if given else int64
    out_type = as_dtype(out_type)
    with name_scope(name, "SegmentIdsToRaggedSplits", [segment_ids]):
        ids = int_tensor(segment_ids, "segment_ids")
        ids.shape.assert_has_rank(1)
        count = None
        if num_segments is not None:
            count = int_tensor(num_segments, "num_segments", int32)
            count.shape.assert_has_rank(0)
        lengths = bincount(ids, minlength=count, maxlength=count, dtype=out_type)
        splits = splits_of(lengths)
        known = None if count is None else constant_value(count)
        if known is not None:
            splits.set_shape([known + 1])
        return splits
