"""The rows of tests/cases.py for ops that pick, move and group elements."""
import itertools

import numpy as np
import pytest
from cases import raw, row, scene
from domains import distinct, ints, real

import minitf as tf
from minitf.ops.array.partition import parallel_dynamic_stitch

# -- partitions -----------------------------------------------------------------------------------

KINDS = np.int32([1, 0, 1, 2])
row("DynamicPartition", lambda x, p: tf.dynamic_partition(x, p, 3), real(4, 2), KINDS,
    want=lambda x, p: [x[p == i] for i in range(3)], known=False)  # fmt: skip
row("DynamicPartition", lambda x, p: tf.dynamic_partition(x, p, 2), real(2, 2),
    np.int32([[0, 1], [1, 0]]), want=lambda x, p: [x[p == i] for i in range(2)],
    known=False)  # fmt: skip
row("DynamicStitch", lambda a, b: tf.dynamic_stitch([[0, 3], [[1, 2]]], [a, b]), real(2, 3),
    real(1, 2, 3), want=lambda a, b: [a[0], *b[0], a[1]])  # fmt: skip
row("ParallelDynamicStitch", lambda a, b: parallel_dynamic_stitch([1, [0, 2]], [a, b]),
    real(3), real(2, 3), want=lambda a, b: [b[0], a, b[1]])  # fmt: skip
row("ListDiff", tf.setdiff1d, np.int32([5, 3, 5, 7, 1]), np.int32([3, 1]),
    want=lambda x, y: [[5, 5, 7], [0, 2, 3]], known=False)  # fmt: skip
row("Unique", lambda x: tf.unique(x, tf.int64), np.array([2.5, -1.0, 2.5]),
    want=lambda x: [[2.5, -1.0], [0, 1, 0]], known=False, grad=False)  # fmt: skip
row("UniqueWithCounts", tf.unique_with_counts, np.int32([5, 3, 5, 7, 3]),
    want=lambda x: [[5, 3, 7], [0, 1, 0, 2, 1], [2, 2, 1]], known=False)  # fmt: skip
row("UniqueV2", lambda x: tf.raw_ops.UniqueV2(x=x, axis=[1]), np.int32([[5, 3, 5], [1, 2, 1]]),
    want=lambda x: [[[5, 3], [1, 2]], [0, 1, 0]], known=False, grad=False)  # fmt: skip
row("UniqueWithCountsV2", lambda x: tf.raw_ops.UniqueWithCountsV2(x=x, axis=[0]),
    np.int32([[5, 3], [1, 2], [5, 3]]), want=lambda x: [[[5, 3], [1, 2]], [0, 1, 0], [2, 1]],
    known=False, grad=False)  # fmt: skip

# -- blocks and windows ---------------------------------------------------------------------------


def to_depth(x):
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c).swapaxes(2, 3).reshape(n, h // 2, w // 2, 4 * c)


def to_space(x):
    n, h, w, c = x.shape
    return x.reshape(n, h, w, 2, 2, c // 4).swapaxes(2, 3).reshape(n, 2 * h, 2 * w, c // 4)


def channels_first(x):
    return np.moveaxis(x, -1, 1)


def channels_last(x):
    return np.moveaxis(x, 1, -1)


row("SpaceToDepth", lambda x: tf.space_to_depth(x, 2), real(2, 4, 6, 3), want=to_depth)
row("DepthToSpace", lambda x: tf.depth_to_space(x, 2), real(2, 2, 3, 8), want=to_space)
row("SpaceToDepth", lambda x: tf.space_to_depth(x, 2, data_format="NCHW"), real(2, 3, 4, 2),
    want=lambda x: channels_first(to_depth(channels_last(x))))  # fmt: skip
row("DepthToSpace", lambda x: tf.depth_to_space(x, 2, data_format="NCHW"), real(2, 8, 1, 3),
    want=lambda x: channels_first(to_space(channels_last(x))))  # fmt: skip


def to_batch(x):
    """Blocks of (2, 3), after one zero before and two after the columns."""
    x = np.pad(x, [(0, 0), (0, 0), (1, 2), (0, 0)])
    return np.concatenate([x[:, i::2, j::3] for i in range(2) for j in range(3)])


def from_batch(x):
    parts = x.reshape(2, 3, -1, *x.shape[1:])
    whole = np.zeros((parts.shape[2], 2 * x.shape[1], 3 * x.shape[2], *x.shape[3:]), x.dtype)
    for i, j in itertools.product(range(2), range(3)):
        whole[:, i::2, j::3] = parts[i, j]
    return whole[:, :, 1:-2]


AROUND = [[0, 0], [1, 2]]
row("SpaceToBatchND", lambda x: tf.space_to_batch_nd(x, [2, 3], AROUND), real(2, 4, 3, 2),
    want=to_batch)  # fmt: skip
row("BatchToSpaceND", lambda x: tf.batch_to_space_nd(x, [2, 3], AROUND), real(12, 2, 2, 2),
    want=from_batch)  # fmt: skip
row("SpaceToBatchND", lambda x: tf.space_to_batch(x, [[1, 1], [0, 2]], 2), real(1, 2, 4, 1),
    want=lambda x: np.concatenate([np.pad(x, [(0, 0), (1, 1), (0, 2), (0, 0)])[:, i::2, j::2]
                                   for i in range(2) for j in range(2)]))  # fmt: skip
row("BatchToSpaceND", lambda x: tf.batch_to_space(x, [[0, 0], [0, 0]], 2), real(4, 1, 2, 1),
    want=lambda x: x.reshape(2, 2, 1, 1, 2, 1).transpose(2, 3, 0, 4, 1, 5).reshape(1, 2, 4, 1))


def windows(x, size, stride, rate, before):
    """The windows of an image with so many zeros around it, (first, last), along both axes."""
    x = np.pad(x, [(0, 0), before, before, (0, 0)])
    count = (x.shape[1] - (size - 1) * rate - 1) // stride + 1
    last = (count - 1) * stride + 1
    return np.concatenate([x[:, i * rate : i * rate + last : stride, j * rate : j * rate + last :
                             stride] for i in range(size) for j in range(size)], -1)  # fmt: skip


def patches(x, size, stride, rate, padding):
    four = [[1, n, n, 1] for n in (size, stride, rate)]
    return tf.extract_image_patches(x, *four, padding)


def patches_grad(dy, size, stride, rate, padding):
    four = {key: (1, n, n, 1)
            for key, n in (("ksizes", size), ("strides", stride), ("rates", rate))}  # fmt: skip
    return raw("ExtractImagePatchesGrad")([2, 5, 5, 3], dy, padding=padding, **four)


row("ExtractImagePatches", lambda x: patches(x, 2, 1, 2, "VALID"), real(2, 5, 5, 3),
    want=lambda x: windows(x, 2, 1, 2, (0, 0)))  # fmt: skip
row("ExtractImagePatches", lambda x: patches(x, 3, 2, 1, "SAME"), real(2, 5, 5, 3),
    want=lambda x: windows(x, 3, 2, 1, (1, 1)))  # fmt: skip


def added_windows(dy):
    image = np.zeros((2, 7, 7, 3))
    for k, (i, j) in enumerate(itertools.product(range(3), range(3))):
        image[:, i : i + 5 : 2, j : j + 5 : 2] += dy[..., 3 * k : 3 * k + 3]
    return image[:, 1:-1, 1:-1]


row("ExtractImagePatchesGrad", lambda dy: patches_grad(dy, 3, 2, 1, "SAME"), real(2, 3, 3, 27),
    want=added_windows)  # fmt: skip


def blocks(x):
    """Windows of 2 pixels along each of three axes, one after the other."""
    return np.concatenate([x[:, i::2, j::2, k::2] for i, j, k in
                           itertools.product(range(2), repeat=3)], -1)  # fmt: skip


TWOS = (1, 2, 2, 2, 1)
row("ExtractVolumePatches", lambda x: tf.extract_volume_patches(x, TWOS, TWOS, "VALID"),
    real(1, 2, 4, 2, 3), want=blocks)  # fmt: skip
row("ExtractVolumePatchesGrad", lambda dy: raw("ExtractVolumePatchesGrad")(
    [1, 2, 4, 2, 3], dy, ksizes=TWOS, strides=TWOS, padding="SAME"), real(1, 1, 2, 1, 24),
    want=lambda dy: blocks_back(dy))  # fmt: skip


def blocks_back(dy):
    volume = np.zeros((1, 2, 4, 2, 3))
    for n, (i, j, k) in enumerate(itertools.product(range(2), repeat=3)):
        volume[:, i::2, j::2, k::2] = dy[..., 3 * n : 3 * n + 3]
    return volume


# -- places ---------------------------------------------------------------------------------------

LENGTHS = np.int64([0, 3, 2])
row("ReverseSequence", lambda x, n: tf.reverse_sequence(x, n, seq_axis=1), real(3, 4, 2), LENGTHS,
    want=lambda x, n: [np.concatenate([r[:k][::-1], r[k:]]) for r, k in zip(x, n)])  # fmt: skip
row("ReverseSequence", lambda x, n: tf.reverse_sequence(x, n, seq_dim=0, batch_dim=1),
    real(4, 3), LENGTHS,
    want=lambda x, n: np.array([[*r[:k][::-1], *r[k:]] for r, k in zip(x.T, n)]).T)  # fmt: skip
row("Bitcast", lambda x: tf.bitcast(x, tf.uint8), ints(2, 3),
    want=lambda x: x.view(np.uint8).reshape(2, 3, 4))  # fmt: skip
row("Bitcast", lambda x: tf.bitcast(x, tf.int64), ints(3, 2), want=lambda x: x.view(np.int64)[:, 0])
row("Bitcast", lambda x: tf.bitcast(x, tf.float32), ints(3), want=lambda x: x.view(np.float32))
row("UnravelIndex", lambda i: tf.unravel_index(i, [7, 6]), np.int32([22, 41, 37]),
    want=lambda i: np.unravel_index(i, (7, 6)))  # fmt: skip
row("ShapeN", lambda a, b: tf.shape_n([a, b], tf.int64), real(2, 3), real(4),
    want=lambda a, b: [[2, 3], [4]], grad=False)  # fmt: skip
row("GuaranteeConst", tf.guarantee_const, real(2, 3), want=lambda x: x, grad=False)
row("SelectV2", tf.where_v2, np.array([[True], [False]]), real(2, 3), real(3, key=1), want=np.where)
row("SelectV2", lambda c, x: tf.where_v2(c, x, 0), np.array([True, False]), ints(3, 2),
    want=lambda c, x: np.where(c, x, 0))  # fmt: skip
SORTED, WANTED = np.sort(ints(2, 5), 1), ints(2, 4, key=1)
for side, op in (("left", "LowerBound"), ("right", "UpperBound")):
    row(op, lambda s, v, side=side: tf.searchsorted(s, v, side), SORTED, WANTED,
        want=lambda s, v, side=side: [np.searchsorted(*pair, side) for pair in zip(s, v)])
row("TopKV2", tf.sort, distinct(3, 5), want=np.sort)
row("TopKV2", lambda x: tf.sort(x, 0, "DESCENDING"), distinct(3, 5),
    want=lambda x: -np.sort(-x, 0))  # fmt: skip
row("TopKV2", lambda x: tf.argsort(x, axis=-2), distinct(3, 5), want=lambda x: np.argsort(x, 0),
    grad=False, ranked=True)  # fmt: skip
row("Tile", lambda x: tf.repeat(x, 3, axis=1), real(2, 3), want=lambda x: x.repeat(3, 1),
    ranked=True)  # fmt: skip
row("GatherV2", lambda x, n: tf.repeat(x, n, axis=1), real(2, 3), np.int64([0, 3, 1]),
    want=lambda x, n: x.repeat(n, 1), ranked=True, known=False)  # fmt: skip

# -- picking in batches ---------------------------------------------------------------------------

PICKS = np.int32([[3, 0, 3], [1, 1, 2]])
row("GatherV2", tf.batch_gather, real(2, 4, 3), PICKS,
    want=lambda x, i: np.take_along_axis(x, i[..., None], 1), ranked=True)  # fmt: skip
row("GatherV2", lambda x, i: tf.gather(x, i, batch_dims=-1), real(2, 4), PICKS,
    want=lambda x, i: np.take_along_axis(x, i, 1), ranked=True)  # fmt: skip
row("GatherNd", lambda x, i: tf.gather_nd(x, i, batch_dims=1), real(2, 3, 4),
    np.int32([[[0, 1], [2, 3]], [[1, 1], [0, 2]]]), ranked=True,
    want=lambda x, i: [r[tuple(k.T)] for r, k in zip(x, i)])  # fmt: skip
row("GatherNd", lambda x, i: tf.gather_nd(x, i, batch_dims=2), real(2, 2, 3, 2),
    np.int64([[[1], [0]], [[2], [2]]]), ranked=True,
    want=lambda x, i: np.take_along_axis(x, i[..., None], 2)[:, :, 0])  # fmt: skip


def changed(change):
    def want(x, i, u):
        x = x.copy()
        change(x, tuple(np.moveaxis(i, -1, 0)), u)
        return x

    return want


TWICE, ONCE = np.int32([[0, 1], [2, 3], [0, 1]]), np.int64([[2], [0]])
row("TensorScatterUpdate", tf.tensor_scatter_update, real(3, 4), ONCE, real(2, 4, key=1),
    want=changed(lambda x, i, u: x.__setitem__(i, u)))  # fmt: skip
row("TensorScatterAdd", tf.tensor_scatter_add, real(3, 4), TWICE, real(3, key=1),
    want=changed(np.add.at))  # fmt: skip
row("TensorScatterSub", tf.tensor_scatter_sub, real(3, 4), TWICE, real(3, key=1),
    want=changed(np.subtract.at))  # fmt: skip
row("ScatterNdNonAliasingAdd", raw("ScatterNdNonAliasingAdd"), real(3, 4), TWICE, real(3, key=1),
    want=changed(np.add.at))  # fmt: skip

# -- groups ---------------------------------------------------------------------------------------

GROUPS = np.int32([2, 0, -1, 2])
row("UnsortedSegmentMax", lambda x, i: tf.unsorted_segment_max(x, i, 3), ints(4, 2), GROUPS,
    ranked=True, want=lambda x, i: [x[1], np.full(2, -(2**31)), np.maximum(x[0], x[3])])
row("UnsortedSegmentMin", lambda x, i: tf.unsorted_segment_min(x, i, 3), np.int64(ints(4, 2)),
    GROUPS, ranked=True,
    want=lambda x, i: [x[1], np.full(2, 2**63 - 1), np.minimum(x[0], x[3])])  # fmt: skip
FULL = np.int64([[0, 1], [1, -1], [0, 0]])
row("UnsortedSegmentMax", lambda x, i: tf.unsorted_segment_max(x, i, 2), distinct(3, 2), FULL,
    ranked=True, want=lambda x, i: [x[i == 0].max(), x[i == 1].max()])  # fmt: skip
row("UnsortedSegmentMin", lambda x, i: tf.unsorted_segment_min(x, i, 2), distinct(3, 2, 2), FULL,
    ranked=True, want=lambda x, i: [x[i == 0].min(0), x[i == 1].min(0)])  # fmt: skip
row("UnsortedSegmentProd", lambda x, i: tf.unsorted_segment_prod(x, i, 3), real(4, 2), GROUPS,
    ranked=True, want=lambda x, i: [x[1], [1, 1], x[0] * x[3]])  # fmt: skip
PICKED, SEGMENTS = np.int32([3, 0, 0, 2]), np.int32([0, 0, 0, 2])
for kind, by in (("sum", (1, 1)), ("mean", (3, 1)), ("sqrt_n", (np.sqrt(3), 1))):
    name = f"sparse_segment_{kind}"
    op = "SparseSegment" + kind.title().replace("_", "")
    row(op, lambda x, i, s, name=name: getattr(tf, name)(x, i, s), real(4, 2), PICKED, SEGMENTS,
        known=False, want=lambda x, i, s, by=by:
        [(x[3] + 2 * x[0]) / by[0], 0 * x[0], x[2] / by[1]])  # fmt: skip
    row(f"{op}WithNumSegments", lambda x, i, s, name=name: getattr(tf, name)(
        x, i, s, num_segments=4), real(4, 2), PICKED, SEGMENTS, want=lambda x, i, s, by=by:
        [(x[3] + 2 * x[0]) / by[0], 0 * x[0], x[2] / by[1], 0 * x[0]])  # fmt: skip

# -- rounding -------------------------------------------------------------------------------------

STEP = np.float32(1 / 8)  # of a grid of 16 numbers from -1 to 0.875
NUMBERS = np.float32([[-2, -0.99, -0.1, 0], [0.2, 0.86, 0.9, 3]])
FOUR = {"min": -1.0, "max": 0.875, "num_bits": 4}


def on_grid(x):
    return np.clip(np.floor(x / STEP + 0.5), -8, 7) * STEP


def inside(x):
    return (x >= -1) & (x <= 0.875)


def of_limits(dy, x, axis=None):
    return [dy * inside(x), (dy * (x < -1)).sum(axis), (dy * (x > 0.875)).sum(axis)]


LOW, HIGH = np.float32(-1), np.float32(0.875)
LOWS, HIGHS = np.full(4, LOW), np.full(4, HIGH)
DY = np.float32(real(2, 4))
BITS = {"num_bits": 4, "narrow_range": False}
row("FakeQuantWithMinMaxArgs", lambda x: tf.fake_quant_with_min_max_args(x, **FOUR), NUMBERS,
    want=on_grid)  # fmt: skip
row("FakeQuantWithMinMaxArgsGradient",
    lambda dy, x: tf.fake_quant_with_min_max_args_gradient(dy, x, **FOUR), DY, NUMBERS, grad=False,
    want=lambda dy, x: dy * inside(x))  # fmt: skip
row("FakeQuantWithMinMaxVars", lambda x, a, b: tf.fake_quant_with_min_max_vars(x, a, b, 4),
    NUMBERS, LOW, HIGH, want=lambda x, a, b: on_grid(x))  # fmt: skip
row("FakeQuantWithMinMaxVarsGradient",
    lambda dy, x, a, b: tf.fake_quant_with_min_max_vars_gradient(dy, x, a, b, 4),
    DY, NUMBERS, LOW, HIGH, want=lambda dy, x, a, b: of_limits(dy, x))  # fmt: skip
row("FakeQuantWithMinMaxVarsPerChannel",
    lambda x, a, b: tf.fake_quant_with_min_max_vars_per_channel(x, a, b, 4),
    NUMBERS, LOWS, HIGHS, want=lambda x, a, b: on_grid(x))  # fmt: skip
row("FakeQuantWithMinMaxVarsPerChannelGradient",
    lambda dy, x, a, b: tf.fake_quant_with_min_max_vars_per_channel_gradient(dy, x, a, b, 4),
    DY, NUMBERS, LOWS, HIGHS, want=lambda dy, x, a, b: of_limits(dy, x, 0))  # fmt: skip
row("QuantizeAndDequantizeV2", lambda x, a, b: tf.quantization.quantize_and_dequantize(
    x, a, b, num_bits=4, range_given=True), np.array([-0.9, -0.3, 0.2, 0.8]), np.array(-1.0),
    np.array(0.875), want=lambda x, a, b: np.round(x * 8) / 8, grad=False)  # fmt: skip

QUARTERS = np.float32([-1, -0.5, 0, 0.25, 1.75])


def as_quint8(x):
    return tf.quantize(x, -1.0, 2.1875, tf.quint8)


row("QuantizeV2", lambda x: [tf.cast(as_quint8(x)[0], tf.int32), *as_quint8(x)[1:]], QUARTERS,
    want=lambda x: [np.round((x + 1) * 80), -1, 2.1875])  # fmt: skip
row("Dequantize", lambda x: tf.dequantize(*as_quint8(x)), QUARTERS, want=lambda x: x,
    tolerance=1e-5)  # fmt: skip
row("QuantizedConcat", lambda x: tf.cast(tf.quantized_concat(0, [as_quint8(x)[0]] * 2,
    [-1.0, -1.0], [2.1875, 2.1875])[0], tf.int32), QUARTERS, known=False,
    want=lambda x: np.round(np.tile((x + 1) * 80, 2)))  # fmt: skip

# -- parts of variables ---------------------------------------------------------------------------


@scene("StridedSliceAssign")
def slices_assigned(run):
    v = tf.Variable(np.arange(6.0).reshape(2, 3))
    rows = tf.placeholder(tf.float64, [2, 2])
    first = run(v[:, ::-2].assign(rows), {rows: [[5, 6], [7, 8]]})
    again = run(v[tf.constant(1)].assign([1.0, 2.0, 3.0]))
    with pytest.raises(tf.errors.UnimplementedError, match="does not match r-value shape"):
        run(v[0].assign(5.0))
    return [(first, [[6, 1, 5], [8, 4, 7]]), (again, [[6, 1, 5], [1, 2, 3]]), (run(v), again)]
