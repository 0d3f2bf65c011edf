"""Pooling, depthwise convolution and biases in CUDA, run on the CPU; and the table's rows."""
import hypothesis.strategies as st
import numpy as np
import pytest
from cases import CASES
from hypothesis import given
from interpreter import interpret
from launched import compiled, flattened, listed, of_op, run
from nn.test_cuda_conv import SOME
from nn.test_direct import (
    VOLUMES,
    axes,
    drawn,
    gradient_of,
    in_parts,
    met,
    poolings,
    sizes,
    to_all,
    to_first,
    windows,
)
from standin import emulator

import minitf as tf
from minitf.core.op import REGISTRY
from minitf.nn.kernels import cuda_bias, cuda_depthwise, cuda_lrn, cuda_pooling
from minitf.nn.windows import Axis, axis

pytestmark = pytest.mark.skipif(emulator.compiler() is None, reason="needs a C++ compiler")
OPS = {
    "Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "DepthwiseConv2dNative",
    "DepthwiseConv2dNativeBackpropInput", "DepthwiseConv2dNativeBackpropFilter", "MaxPool",
    "MaxPoolGrad", "MaxPoolGradGrad", "AvgPool", "AvgPoolGrad", "BiasAdd", "BiasAddGrad",
    "Conv3D", "Conv3DBackpropInputV2", "Conv3DBackpropFilterV2", "MaxPool3D", "MaxPool3DGrad",
    "MaxPool3DGradGrad", "AvgPool3D", "AvgPool3DGrad", "LRN", "LRNGrad",
}  # fmt: skip


# -- the table ------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def nodes(case, floats):
    """(inputs, output, attributes) of the nodes of the row's op."""
    values = [np.asarray(v, floats if np.asarray(v).dtype == np.float64 else None)
              for v in case.inputs]  # fmt: skip
    feeds = {tf.placeholder(value.dtype, value.shape): value for value in values}
    case.build(*feeds)
    for node in tf.get_default_graph().get_operations():
        if node.type == case.op:
            yield interpret(list(node.inputs), feeds), interpret(node.outputs, feeds)[0], node.attrs


@pytest.mark.parametrize("floats", [np.float32, np.float64])
@pytest.mark.parametrize("case", [c for c in CASES if c.op in OPS], ids=lambda case: case.op)
def test_rows_of_the_table(case, floats):
    for inputs, wanted, attrs in nodes(case, floats):
        launches, data = of_op(case.op, inputs, wanted, **attrs)
        if launches is None:
            assert case.op.startswith("BiasAdd") and attrs["data_format"] == "NHWC"
            continue
        found = run(launches, *data, shape=wanted.shape, dtype=wanted.dtype)
        tolerance = 1e-5 if floats is np.float32 else 1e-12
        np.testing.assert_allclose(found, wanted, tolerance, tolerance)


def test_every_op_has_launches():
    assert all(REGISTRY[op].cuda for op in OPS)


# -- pooling --------------------------------------------------------------------------------------


def along_all(axes, depth, first):
    """The axes in the order of the memory, none along the channels."""
    channels = Axis(depth, 1, 1, 1, 0, depth)
    return [channels, *axes] if first else [*axes, channels]


def in_order(images, first):
    return np.ascontiguousarray(np.moveaxis(images, -1, 1)) if first else images


def at_largest(image, grad, axes, out):
    for (_, flat, at), (_, taken, _) in zip(windows(image, axes), windows(grad, axes)):
        out[at] = np.take_along_axis(taken, flat.argmax(1)[:, None], 1)[:, 0]
    return out


@SOME
@given(poolings(VOLUMES), st.booleans())
def test_max_pooling(case, first):
    batch, axes, depth, dtype, image, _ = case
    along = along_all(axes, depth, first)
    if not batch:
        assert cuda_pooling.max_pool(0, along, dtype) is None
        return
    y = np.empty((batch, *sizes(axes, "output"), depth), dtype)
    for _, flat, at in windows(image, axes):
        y[at] = flat.max(1)
    dy, grad = drawn(y.shape, dtype, 1), drawn(image.shape, dtype, 2)
    x, y_, dy_, grad_ = (in_order(a, first) for a in (image, y, dy, grad))
    found = run(cuda_pooling.max_pool(batch, along, dtype), x, shape=y_.shape)
    np.testing.assert_array_equal(found, y_)
    for make, share in (
        (cuda_pooling.max_pool_gradient, to_first), (cuda_pooling.max_pool_gradient_to_all, to_all)
    ):  # fmt: skip
        found = run(make(batch, along, dtype), x, y_, dy_, shape=x.shape)
        wanted = in_order(gradient_of(share, image, dy, axes), first)
        np.testing.assert_allclose(found, wanted, 1e-5, 1e-5)
    found = run(cuda_pooling.max_pool_second(batch, along, dtype), x, y_, grad_, shape=y_.shape)
    wanted = at_largest(image, grad, axes, np.empty_like(y))
    np.testing.assert_array_equal(found, in_order(wanted, first))


@SOME
@given(poolings(VOLUMES), st.booleans())
def test_average_pooling(case, first):
    batch, axes, depth, dtype, image, _ = case
    if not batch:
        return
    along = along_all(axes, depth, first)
    dy = drawn((batch, *sizes(axes, "output"), depth), dtype, 1)
    wanted = np.empty_like(dy)
    with np.errstate(invalid="ignore"):
        for _, flat, at in windows(image, axes):
            wanted[at] = flat.mean(1)
    x, dy_, wanted = (in_order(a, first) for a in (image, dy, wanted))
    found = run(cuda_pooling.average_pool(batch, along, dtype), x, shape=dy_.shape)
    np.testing.assert_allclose(found, wanted, 1e-5, 1e-5)
    found = run(cuda_pooling.average_pool_gradient(batch, along, dtype), dy_, shape=x.shape)
    wanted = in_order(gradient_of(in_parts, image, dy, axes), first)
    np.testing.assert_allclose(found, wanted, 1e-5, 1e-5)


def test_pooling_over_channels():
    x = drawn((2, 3, 2, 6), "float32", 0)
    window = dict(ksize=[1, 1, 1, 3], strides=[1, 1, 1, 3], padding="SAME", data_format="NHWC")
    y = REGISTRY["MaxPool"].kernel(np, x, **window)
    launches, data = of_op("MaxPool", [x], y, **window)
    np.testing.assert_array_equal(run(launches, *data, shape=y.shape), y)
    dy = drawn(y.shape, "float32", 1)
    wanted = REGISTRY["MaxPoolGrad"].kernel(np, x, y, dy, **window)
    launches, data = of_op("MaxPoolGrad", [x, y, dy], wanted, **window)
    np.testing.assert_array_equal(run(launches, *data, shape=x.shape), wanted)


# -- depthwise convolution ------------------------------------------------------------------------


@st.composite
def depthwise(draw):
    dtype = draw(st.sampled_from(["float32", "float64"]))
    depth, multiplier = draw(st.sampled_from([1, 2, 3, 8, 33])), draw(st.sampled_from([1, 1, 2, 3]))
    return draw(st.integers(1, 3)), draw(axes(9)), draw(axes(16)), depth, multiplier, dtype


def check_depthwise(case, first):
    batch, rows, columns, depth, multiplier, dtype = case
    x = drawn((batch, rows.size, columns.size, depth), dtype, 0)
    filter = drawn((rows.window, columns.window, depth, multiplier), dtype, 1)
    outputs = (batch, rows.output, columns.output, depth, multiplier)
    dy, y = drawn(outputs, dtype, 2), np.zeros(outputs)
    dx, df = np.zeros(x.shape), np.zeros(filter.shape)
    for (i, j), pixels, at in met(rows, columns):
        y[at] += x[pixels][..., None] * filter[i, j]
        dx[pixels] += (dy[at] * filter[i, j]).sum(-1)
        df[i, j] = np.einsum("byxd,byxdm->dm", x[pixels].astype(float), dy[at])
    y, dy = (in_order(a.reshape(*outputs[:3], depth * multiplier), first) for a in (y, dy))
    x, dx = in_order(x, first), in_order(dx, first)
    for name, inputs, wanted in (
        ("convolve", (x, filter), y),
        ("convolve_input", (filter, dy), dx),
        ("convolve_filter", (x, dy), df),
    ):
        launches = getattr(cuda_depthwise, name)(*case, first)
        if y.size:
            found = run(launches, *inputs, shape=wanted.shape)
            scale = max(1, np.abs(wanted).max(initial=0))
            tolerance = 1e-5 if dtype == "float32" else 1e-12
            np.testing.assert_allclose(found, wanted, 0, tolerance * scale)
        else:
            assert launches is None


@SOME
@given(depthwise(), st.booleans())
def test_depthwise_convolution(case, first):
    check_depthwise(case, first)


@pytest.mark.parametrize("first", [False, True])
def test_depthwise_convolution_with_a_large_window_and_many_outputs(first):
    rows, columns = axis(40, 6, 1, 1, "SAME"), axis(40, 5, 1, 1, "SAME")
    case = (3, rows, columns, 3, 1, "float32")
    assert len(listed(cuda_depthwise.convolve_filter(*case, first))) == 2
    check_depthwise(case, first)


# -- biases ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(3, 5), (2, 3, 4, 5), (1, 40, 7), (3, 2, 3000)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_biases_of_channels_that_come_first(shape, dtype):
    value, bias = drawn(shape, dtype, 0), drawn(shape[1:2], dtype, 1)
    wanted = value + bias.reshape(-1, *(1,) * (len(shape) - 2))
    np.testing.assert_array_equal(
        run(cuda_bias.bias_add(shape, dtype), value, bias, shape=shape), wanted
    )
    wanted = value.astype(float).sum((0, *range(2, len(shape))))
    found = run(cuda_bias.bias_add_gradient(shape, dtype), value, shape=shape[1:2])
    np.testing.assert_allclose(found, wanted, 1e-4, 1e-4)


@pytest.mark.parametrize("beta", [0.5, 0.75, 1.25])
@pytest.mark.parametrize("radius", [0, 3])
def test_local_response(beta, radius):
    known = dict(depth_radius=radius, bias=1.5, alpha=0.3, beta=beta)
    x, dy = (drawn((2, 3, 4, 7), "float64", seed) for seed in range(2))
    y = REGISTRY["LRN"].kernel(np, x, **known)
    found = run(cuda_lrn.normalize(x.shape, x.dtype, **known), x, shape=x.shape)
    np.testing.assert_allclose(found, y, 1e-12)
    launch = cuda_lrn.normalize_gradient(x.shape, x.dtype, **known)
    dx = REGISTRY["LRNGrad"].kernel(np, dy, x, y, **known)
    np.testing.assert_allclose(run(launch, dy, x, y, shape=x.shape), dx, 1e-9, 1e-9)


def test_no_launches_for_other_types_and_nothing():
    a = axis(9, 3, 1, 1, "SAME")
    assert cuda_bias.bias_add((2, 3), "int32") is cuda_bias.bias_add_gradient((0, 3), "float32")
    assert cuda_pooling.max_pool(1, [a, a, a], "float16") is None
    known = dict(depth_radius=9, bias=1.0, alpha=0.1, beta=0.5)
    assert cuda_lrn.normalize((2, 3), "float32", **known) is None
    assert cuda_depthwise.convolve(1, a, a, 3, 0, "float32", False) is None


# -- CUDA's compiler ------------------------------------------------------------------------------


@pytest.mark.parametrize("architecture", ["sm_75", "sm_90"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_texts_compile(dtype, architecture):
    pytest.importorskip("cuda.bindings.nvrtc")
    a, large = axis(30, 3, 2, 1, "SAME"), axis(60, 6, 1, 1, "SAME")
    pools = (cuda_pooling.max_pool, cuda_pooling.average_pool, cuda_pooling.max_pool_gradient,
             cuda_pooling.max_pool_gradient_to_all, cuda_pooling.max_pool_second,
             cuda_pooling.average_pool_gradient)  # fmt: skip
    made = [make(2, [a] * count, dtype) for make in pools for count in (3, 4)]
    made += [getattr(cuda_depthwise, name)(9, rows, a, 3, 2, dtype, first)
             for name in ("convolve", "convolve_input", "convolve_filter")
             for rows in (a, large) for first in (False, True)]  # fmt: skip
    made += [cuda_bias.bias_add((2, 3, 4), dtype), cuda_bias.bias_add_gradient((2, 3, 4000), dtype)]
    known = dict(depth_radius=2, bias=1.0, alpha=0.1)
    made += [make((2, 3, 4, 5), dtype, beta=beta, **known) for beta in (0.5, 0.75, 1.5)
             for make in (cuda_lrn.normalize, cuda_lrn.normalize_gradient)]  # fmt: skip
    for launch in flattened(made):
        assert not compiled(launch, architecture)
