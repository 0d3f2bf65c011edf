"""Local response normalization, after Krizhevsky et al. 2012: `tf.nn.lrn`.

Each number is divided by a power of the sum of squares of the channels around it. That sum is a
product with a band matrix: so many additions that the BLAS beats adding the channels up one by one.
"""
import numpy as np

from minitf.core.dtypes import FLOATS, float32
from minitf.core.op import op
from minitf.core.schema import TypeAttr
from minitf.core.tensor_shape import merge, printed
from minitf.nn.kernels import cuda_lrn, direct_lrn
from minitf.nn.windows import ranked, whole_numbers

# TensorFlow has no float64 here.
Floats = TypeAttr("T", FLOATS, default=float32)


def _same(input, **_):
    return ranked(input, "input")


def _wide(array):
    """float16 as float32."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _around(xp, x, depth_radius):
    """For each channel, the sum of the channels that are at most so far away."""
    places = np.arange(x.shape[-1])
    band = abs(places[:, None] - places) <= depth_radius
    return xp.matmul(x, xp.asarray(band.astype(x.dtype)))


def _to_the_minus(xp, x, beta):
    """x ** -beta; the exponents that networks use without a logarithm."""
    if beta == 0.5:
        return 1 / xp.sqrt(x)
    if beta == 0.75:
        root = xp.sqrt(x)
        return 1 / (root * xp.sqrt(root))
    return xp.power(x, -beta)


@op("LRN", shape=_same)
def lrn_op(xp, input: Floats, *, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5):
    """input / (bias + alpha * sum of the squares of the channels around) ** beta."""
    x = _wide(input)
    norm = _around(xp, x * x, depth_radius)
    norm *= alpha
    norm += bias
    return (x * _to_the_minus(xp, norm, beta)).astype(input.dtype)


@lrn_op.gradient
def _(y, dy, input, **attributes):
    return (lrn_grad(dy, input, y, **attributes),)


def _all_the_same(input_grads, input_image, output_image, **_):
    found = ranked(input_grads, "input_grads")
    for name, other in (("input_image", input_image), ("output_image", output_image)):
        if merge(found, other) is False:
            raise ValueError(f"input_grads {printed(found)} must have the shape of {name}, "
                             f"{printed(other)}")  # fmt: skip
        found = merge(found, other)
    return found


@op("LRNGrad", shape=_all_the_same)
def lrn_grad(
    xp, input_grads: Floats, input_image: Floats, output_image: Floats, *, depth_radius=5,
    bias=1.0, alpha=1.0, beta=0.5,
):  # fmt: skip
    """The gradient of LRN, given that by its outputs, its input and its outputs."""
    dy, x, y = _wide(input_grads), _wide(input_image), _wide(output_image)
    norm = _around(xp, x * x, depth_radius)
    norm *= alpha
    norm += bias
    through_norm = _around(xp, dy * y / norm, depth_radius)
    through_norm *= x
    through_norm *= 2 * alpha * beta
    return (dy * _to_the_minus(xp, norm, beta) - through_norm).astype(input_grads.dtype)


@lrn_op.trait
def native(inputs, outputs, **known):
    return direct_lrn.normalize(inputs[0].shape, inputs[0].dtype, **known)


@lrn_grad.trait
def native(inputs, outputs, **known):  # noqa: F811
    return direct_lrn.normalize_gradient(inputs[0].shape, inputs[0].dtype, **known)


@lrn_op.trait
def cuda(inputs, outputs, **known):
    return cuda_lrn.normalize(inputs[0].shape, inputs[0].dtype, **known)


@lrn_grad.trait
def cuda(inputs, outputs, **known):  # noqa: F811
    return cuda_lrn.normalize_gradient(inputs[0].shape, inputs[0].dtype, **known)


def local_response_normalization(
    input, depth_radius=5, bias=1, alpha=1, beta=0.5, name=None
):
    """`input` / (`bias` + `alpha` * s) ** `beta`, where s is the sum of the squares of the channels
    that are at most `depth_radius` away.

    `input` is [batch, height, width, channels]; ValueError for another rank, TypeError for types.
    """
    if depth_radius is None:
        depth_radius = 5
    return lrn_op(
        input,
        depth_radius=whole_numbers([depth_radius], "depth_radius")[0],
        bias=_number(bias, 1, "bias"),
        alpha=_number(alpha, 1, "alpha"),
        beta=_number(beta, 0.5, "beta"),
        name=name,
    )


def _number(value, default, name):
    try:
        return float(default if value is None else value)
    except (TypeError, ValueError):
        raise TypeError(f"Expected float for argument '{name}' not {value!r}.") from None


lrn = local_response_normalization
