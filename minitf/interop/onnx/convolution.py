"""Convolution, pooling and normalization: ONNX has the channels before the positions."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.interop.onnx.lowering import Array, Model, lowers


def _first(model: Model, x: str, last: bool, rank: int) -> str:
    """Channels first."""
    return model.transpose(x, [0, rank - 1, *range(1, rank - 1)]) if last else x


def _back(model: Model, x: str, last: bool, rank: int) -> str:
    return model.transpose(x, [0, *range(2, rank), 1]) if last else x


def _positions(values: Any, last: bool) -> list[int]:
    """Of strides, sizes ... those along the positions."""
    values = [int(value) for value in values]
    return values[1:-1] if last else values[2:]


def _padding(padding: Any, explicit: Any, last: bool) -> dict[str, Any]:
    kind = padding.decode() if isinstance(padding, bytes) else padding
    if kind == "EXPLICIT":
        pairs = np.reshape(explicit, (-1, 2))
        pairs = pairs[1:-1] if last else pairs[2:]
        return {"pads": [int(n) for n in pairs.T.ravel()]}
    return {"auto_pad": "SAME_UPPER" if kind == "SAME" else "VALID"}


@lowers("Conv2D", "Conv3D")
def convolution(
    model: Model, x: Array, filter: Array, *, strides: Any, padding: Any, data_format: Any,
    dilations: Any = (), explicit_paddings: Any = (), **_: Any,
) -> str:  # fmt: skip
    last, rank = str(data_format).endswith("C"), x.rank
    kernel = model.transpose(filter, [rank - 1, rank - 2, *range(rank - 2)])
    found = model.node(
        "Conv", _first(model, x, last, rank), kernel,
        strides=_positions(strides, last),
        dilations=_positions(dilations, last) if dilations else None,
        group=_groups(x, filter, last), **_padding(padding, explicit_paddings, last),
    )  # fmt: skip
    return _back(model, found, last, rank)


def _groups(x: Array, filter: Array, last: bool) -> int:
    channels = None if x.shape is None else x.shape[-1 if last else 1]
    each = None if filter.shape is None else filter.shape[-2]
    return channels // each if channels and each else 1


@lowers("DepthwiseConv2dNative")
def depthwise(
    model: Model, x: Array, filter: Array, *, strides: Any, padding: Any, data_format: Any,
    dilations: Any = (), **_: Any,
) -> str:  # fmt: skip
    last = str(data_format).endswith("C")
    height, width, channels, times = (int(n) for n in filter.known.shape)
    turned = filter.known.transpose(2, 3, 0, 1).reshape(channels * times, 1, height, width)
    found = model.node(
        "Conv", _first(model, x, last, 4), model.constant(turned, name=f"{filter}_turned"),
        strides=_positions(strides, last),
        dilations=_positions(dilations, last) if dilations else None,
        group=channels, **_padding(padding, (), last),
    )  # fmt: skip
    return _back(model, found, last, 4)


@lowers("Conv2DBackpropInput")
def transposed(
    model: Model, sizes: Array, filter: Array, dy: Array, *, strides: Any, padding: Any,
    data_format: Any, dilations: Any = (), explicit_paddings: Any = (), **_: Any,
) -> str:  # fmt: skip
    """The transposed convolution: its output sizes must be known, but for the batch."""
    last = str(data_format).endswith("C")
    if sizes.value is None:
        raise NotImplementedError("needs a known output_shape; export with a known batch size")
    along = _positions(sizes.value, last)
    kernel = model.transpose(filter, [3, 2, 0, 1])
    steps, window = _positions(strides, last), [int(n) for n in (filter.shape or ())[:2]]
    coming = _positions([n or 0 for n in dy.shape or ()], last)
    cut = [s * (n - 1) + k - o for s, n, k, o in zip(steps, coming, window, along)]
    if not all(coming) or (padding not in ("SAME", "VALID")):
        raise NotImplementedError("needs known sizes and the padding SAME or VALID")
    before = [max(c, 0) // 2 if padding == "SAME" else 0 for c in cut]
    after = [max(c, 0) - b for c, b in zip(cut, before)]
    found = model.node(
        "ConvTranspose", _first(model, dy, last, 4), kernel, strides=steps,
        pads=[*before, *after], output_padding=[max(-c, 0) for c in cut],
    )  # fmt: skip
    return _back(model, found, last, 4)


def _pools(kind: str) -> Any:
    def lowering(
        model: Model, x: Array, *, ksize: Any, strides: Any, padding: Any,
        data_format: Any = "NHWC",
    ) -> str:  # fmt: skip
        last = str(data_format).endswith("C")
        sizes = [int(n) for n in ksize]
        if sizes[0] != 1 or sizes[-1 if last else 1] != 1:
            raise NotImplementedError("pooling over batch or channels has no counterpart")
        found = model.node(
            kind, _first(model, x, last, x.rank), kernel_shape=_positions(ksize, last),
            strides=_positions(strides, last), **_padding(padding, (), last),
        )  # fmt: skip
        return _back(model, found, last, x.rank)

    return lowering


lowers("MaxPool", "MaxPool3D")(_pools("MaxPool"))
lowers("AvgPool", "AvgPool3D")(_pools("AveragePool"))


@lowers("FusedBatchNormV3")
def batch_norm(
    model: Model, x: Array, scale: Array, offset: Array, mean: Array, variance: Array, *,
    epsilon: float, data_format: Any, is_training: bool, **_: Any,
) -> list[str]:  # fmt: skip
    if is_training:
        raise NotImplementedError("in training has no counterpart: feed is_training=False")
    last = str(data_format).endswith("C")
    found = model.node("BatchNormalization", _first(model, x, last, x.rank), scale, offset, mean,
                       variance, epsilon=float(epsilon))  # fmt: skip
    return [_back(model, found, last, x.rank), mean, variance]


@lowers("LRN")
def lrn(
    model: Model, x: Array, *, depth_radius: int, bias: float, alpha: float, beta: float
) -> str:
    size = 2 * int(depth_radius) + 1
    found = model.node("LRN", _first(model, x, True, 4), size=size, bias=float(bias),
                       alpha=float(alpha) * size, beta=float(beta))  # fmt: skip
    return _back(model, found, True, 4)


def _resizes(mode: str) -> Any:
    def lowering(
        model: Model, images: Array, size: Array, *, align_corners: bool = False,
        half_pixel_centers: bool = False,
    ) -> str:  # fmt: skip
        rule = "align_corners" if align_corners else "asymmetric"
        rule = "half_pixel" if half_pixel_centers else rule
        if images.shape is None or images.shape[0] is None or images.shape[3] is None:
            raise NotImplementedError("needs a known batch size")
        sizes = [images.shape[0], images.shape[3], *size.known]
        x = _first(model, images, True, 4)
        nearest = {"nearest_mode": "floor"} if mode == "nearest" and not align_corners else {}
        if mode == "nearest" and align_corners:
            nearest = {"nearest_mode": "round_prefer_ceil"}
        found = model.node("Resize", x, "", "", model.integers(np.array(sizes)), mode=mode,
                           coordinate_transformation_mode=rule, **nearest)  # fmt: skip
        found = _back(model, found, True, 4)
        return found if images.dtype == np.float32 or mode == "nearest" else model.cast(
            found, np.float32)  # fmt: skip

    return lowering


lowers("ResizeBilinear")(_resizes("linear"))
lowers("ResizeNearestNeighbor")(_resizes("nearest"))
