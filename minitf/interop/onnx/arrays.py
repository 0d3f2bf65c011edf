"""Shapes, joining and cutting."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.interop.onnx.lowering import Array, Model, lowers

END = np.iinfo(np.int64).max


@lowers("Reshape")
def reshape(model: Model, x: Array, shape: Array) -> str:
    return model.node("Reshape", x, model.integers(shape), allowzero=1)


@lowers("Squeeze")
def squeeze(model: Model, x: Array, *, squeeze_dims: Any = ()) -> str:
    axes = [int(a) % x.rank for a in squeeze_dims or ()]
    if not axes and (x.shape is None or None in x.shape):
        raise NotImplementedError("without axes needs known sizes")
    axes = axes or [i for i, n in enumerate(x.shape or ()) if n == 1]
    return model.node("Squeeze", x, model.integers(axes)) if axes else model.node("Identity", x)


@lowers("ExpandDims")
def expand_dims(model: Model, x: Array, axis: Array) -> str:
    return model.node("Unsqueeze", x, model.integers(axis))


@lowers("Transpose")
def transpose(model: Model, x: Array, perm: Array) -> str:
    return model.transpose(x, perm.known)


@lowers("Shape")
def shape(model: Model, x: Array, *, out_type: Any = None) -> str:
    dtype = np.int32 if out_type is None else out_type.base_dtype.numpy
    return model.cast(model.node("Shape", x), dtype)


@lowers("Size")
def size(model: Model, x: Array, *, out_type: Any = None) -> str:
    dtype = np.int32 if out_type is None else out_type.base_dtype.numpy
    return model.cast(model.node("Size", x), dtype)


@lowers("ConcatV2")
def concat(model: Model, *inputs: Array, **named: Any) -> str:
    *values, axis = inputs
    return model.node("Concat", *values, axis=int(axis.known))


@lowers("Pack")
def pack(model: Model, *values: Array, axis: int = 0) -> str:
    where = axis % (values[0].rank + 1)
    raised = [model.node("Unsqueeze", value, model.integers([where])) for value in values]
    return model.node("Concat", *raised, axis=where)


@lowers("Unpack")
def unpack(model: Model, value: Array, *, num: int, axis: int = 0) -> list[str]:
    where = axis % value.rank
    parts = [value] if num == 1 else model.node("Split", value, axis=where, outputs=num)
    return [model.node("Squeeze", part, model.integers([where])) for part in parts]


@lowers("Split")
def split(model: Model, axis: Array, value: Array, *, num_split: int) -> list[str]:
    if num_split == 1:
        return [model.node("Identity", value)]
    return model.node("Split", value, axis=int(axis.known) % value.rank, outputs=num_split)


@lowers("SplitV")
def split_v(
    model: Model, value: Array, sizes: Array, axis: Array, *, num_split: int
) -> list[str]:
    where = int(axis.known) % value.rank
    return model.node("Split", value, model.integers(sizes), axis=where, outputs=num_split)


@lowers("Slice")
def slice_(model: Model, x: Array, begin: Array, size: Array) -> str:
    starts, sizes = begin.known, size.known
    ends = [END if n < 0 else b + n for b, n in zip(starts, sizes)]
    return _slice(model, x, list(starts), ends, list(range(x.rank)))


def _slice(
    model: Model, x: str, starts: list[int], ends: list[int], axes: list[int],
    steps: list[int] | None = None,
) -> str:  # fmt: skip
    parts = [starts, ends, axes, *([steps] if steps else [])]
    return model.node("Slice", x, *(model.constant(part, np.int64) for part in parts))


@lowers("StridedSlice")
def strided_slice(
    model: Model, x: Array, begin: Array, end: Array, strides: Array, *, begin_mask: int,
    end_mask: int, ellipsis_mask: int, new_axis_mask: int, shrink_axis_mask: int,
) -> str:  # fmt: skip
    """Cut by Slice, then drop the axes that one index took, then add new ones."""
    bounds = [list(map(int, part.known)) for part in (begin, end, strides)]
    starts, ends, axes, steps, dropped, added = [], [], [], [], [], []
    places, axis, out = len(bounds[0]), 0, 0
    spread = sum(not (new_axis_mask | ellipsis_mask) >> i & 1 for i in range(places))
    for i, (first, last, step) in enumerate(zip(*bounds)):
        if ellipsis_mask >> i & 1:
            axis += x.rank - spread
            out += x.rank - spread
        elif new_axis_mask >> i & 1:
            added.append(out)
            out += 1
        elif shrink_axis_mask >> i & 1:
            starts.append(first)
            ends.append(first + 1 if first != -1 else END)
            steps.append(1)
            axes.append(axis)
            dropped.append(axis)
            axis += 1
        else:
            back = step < 0
            starts.append((END if back else 0) if begin_mask >> i & 1 else first)
            ends.append((-END if back else END) if end_mask >> i & 1 else last)
            steps.append(step)
            axes.append(axis)
            axis, out = axis + 1, out + 1
    found = _slice(model, x, starts, ends, axes, steps) if axes else x
    found = model.node("Squeeze", found, model.integers(dropped)) if dropped else found
    return model.node("Unsqueeze", found, model.integers(added)) if added else found


@lowers("Pad", "PadV2")
def pad(model: Model, x: Array, paddings: Array, value: Array | None = None) -> str:
    widths = model.constant(paddings.known.T.ravel(), np.int64)
    return model.node("Pad", x, widths, *([value] if value is not None else []))


@lowers("MirrorPad")
def mirror_pad(model: Model, x: Array, paddings: Array, *, mode: Any) -> str:
    if mode != "REFLECT":
        raise NotImplementedError(f"mode {mode!r} has no counterpart")
    widths = model.constant(paddings.known.T.ravel(), np.int64)
    return model.node("Pad", x, widths, mode="reflect")


@lowers("GatherV2")
def gather(
    model: Model, params: Array, indices: Array, axis: Array | None = None, *,
    batch_dims: int = 0, **_: Any,
) -> str:  # fmt: skip
    if batch_dims:
        raise NotImplementedError("batch_dims has no counterpart")
    return model.node("Gather", params, indices, axis=0 if axis is None else int(axis.known))


@lowers("GatherNd")
def gather_nd(model: Model, params: Array, indices: Array) -> str:
    wide = indices if indices.dtype == np.int64 else model.cast(indices, np.int64)
    return model.node("GatherND", params, wide)


@lowers("Tile")
def tile(model: Model, x: Array, multiples: Array) -> str:
    return model.node("Tile", x, model.integers(multiples))


@lowers("Fill")
def fill(model: Model, dims: Array, value: Array, **_: Any) -> str:
    return model.node("Expand", value, model.integers(dims))


@lowers("BroadcastTo")
def broadcast_to(model: Model, x: Array, shape: Array) -> str:
    return model.node("Expand", x, model.integers(shape))


@lowers("Range")
def range_(model: Model, start: Array, limit: Array, delta: Array) -> str:
    return model.node("Range", start, limit, delta)


@lowers("ZerosLike")
def zeros_like(model: Model, x: Array) -> str:
    return model.node("Expand", model.constant(0, x.dtype), model.node("Shape", x))


@lowers("OneHot")
def one_hot(
    model: Model, indices: Array, depth: Array, on: Array, off: Array, *, axis: int = -1
) -> str:
    pair = model.node("Concat", *(model.node("Unsqueeze", x, model.integers([0])) for x in
                                  (off, on)), axis=0)  # fmt: skip
    wide = indices if indices.dtype == np.int64 else model.cast(indices, np.int64)
    size = depth if depth.value is None else model.constant(depth.value, np.int64)
    return model.node("OneHot", wide, size, pair, axis=axis)


@lowers("ReverseV2")
def reverse(model: Model, x: Array, axis: Array) -> str:
    axes = [int(a) % x.rank for a in np.atleast_1d(axis.known)]
    if not axes:
        return model.node("Identity", x)
    back = [-1] * len(axes)
    return _slice(model, x, back, [-END] * len(axes), axes, back)


@lowers("DepthToSpace")
def depth_to_space(model: Model, x: Array, *, block_size: int, data_format: Any = "NHWC") -> str:
    if data_format != "NHWC":
        return model.node("DepthToSpace", x, blocksize=block_size)
    found = model.node("DepthToSpace", model.transpose(x, (0, 3, 1, 2)), blocksize=block_size)
    return model.transpose(found, (0, 2, 3, 1))
