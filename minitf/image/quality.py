"""What images tell: differences between neighbours, edges, likeness: `tf.image.ssim`, ..."""
import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32
from minitf.core.graph import control_dependencies, get_default_graph, name_scope
from minitf.image.color import convert_image_dtype
from minitf.nn.activation import relu, softmax
from minitf.nn.depthwise import depthwise_conv2d
from minitf.nn.pool import avg_pool
from minitf.ops.array.basics import identity, reshape, shape, size, zeros
from minitf.ops.array.joining import concat, stack, unstack
from minitf.ops.array.padding import pad, tile
from minitf.ops.array.rearrange import shape_n
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.control import Assert
from minitf.ops.math.elementwise import (
    cast,
    equal,
    greater_equal,
    log,
    square,
    squared_difference,
    sub,
)
from minitf.ops.math.operators import abs, pow
from minitf.ops.reduction.reduce import reduce_all, reduce_mean, reduce_prod, reduce_sum

# -- neighbours -----------------------------------------------------------------------------------


def total_variation(images, name=None):
    """The sum of the absolute differences of neighbours, of an image or for each in a batch.

    ValueError unless `images` is of rank 3 or 4.
    """
    with name_scope(name, "total_variation"):
        rank = images.shape.ndims
        if rank not in (3, 4):
            raise ValueError("'images' must be either 3 or 4-dimensional.")
        down = images[..., 1:, :, :] - images[..., :-1, :, :]
        right = images[..., 1:, :] - images[..., :-1, :]
        axes = [1, 2, 3] if rank == 4 else None
        return reduce_sum(abs(down), axis=axes) + reduce_sum(abs(right), axis=axes)


def image_gradients(image):
    """(dy, dx) of a batch of images: the differences to the next row and to the next column.

    The last row, or column, is zero. ValueError unless `image` is of rank 4.
    """
    if image.shape.ndims != 4:
        raise ValueError(
            f"image_gradients expects a 4D tensor [batch_size, h, w, d], not {image.shape}."
        )
    sizes = shape(image)
    batch, height, width, depth = unstack(sizes)
    dy = image[:, 1:] - image[:, :-1]
    dx = image[:, :, 1:] - image[:, :, :-1]
    dy = concat([dy, zeros(stack([batch, 1, width, depth]), image.dtype)], 1)
    dx = concat([dx, zeros(stack([batch, height, 1, depth]), image.dtype)], 2)
    return reshape(dy, sizes), reshape(dx, sizes)


SOBEL = np.array([[[-1, -2, -1], [0, 0, 0], [1, 2, 1]], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]])


def sobel_edges(image):
    """The edges in a batch of images by Sobel's filters: [batch, h, w, d, 2], vertical first."""
    sizes = shape(image)
    filters = constant(SOBEL.transpose(1, 2, 0)[:, :, None], dtype=image.dtype)
    filters = tile(filters, [1, 1, sizes[-1], 1], name="sobel_filters")
    padded = pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="REFLECT")
    edges = depthwise_conv2d(padded, filters, [1, 1, 1, 1], "VALID")
    edges = reshape(edges, concat([sizes, [len(SOBEL)]], 0))
    edges.set_shape(image.shape.concatenate([len(SOBEL)]))
    return edges


# -- likeness -------------------------------------------------------------------------------------


def _checked(img1, img2):
    """(their shapes, the checks to be made in the run). ValueError where they differ for sure."""
    known = [image.shape.with_rank_at_least(3) for image in (img1, img2)]
    known[0][-3:].assert_is_compatible_with(known[1][-3:])
    if None not in (known[0].ndims, known[1].ndims):
        for m, n in zip(reversed(known[0].dims[:-3]), reversed(known[1].dims[:-3])):
            if not (m == 1 or n == 1 or m.is_compatible_with(n)):
                raise ValueError(f"Two images are not compatible: {known[0]} and {known[1]}")
    sizes = shape_n([img1, img2])
    conditions = (
        lambda: greater_equal(size(sizes[0]), 3),
        lambda: reduce_all(equal(sizes[0][-3:], sizes[1][-3:])),
    )
    return sizes, [Assert(condition(), sizes, summarize=10) for condition in conditions]


def _as_float32(max_val, *images):
    """`max_val`, given in the images' own scale, and the images, in float32."""
    max_val = convert_image_dtype(cast(max_val, images[0].dtype), float32)
    return max_val, *(convert_image_dtype(image, float32) for image in images)


def psnr(a, b, max_val, name=None):
    """The peak signal-to-noise ratio of two images, in decibels; of the last three axes.

    `max_val` is the difference between the greatest and the least value that there can be.
    """
    with name_scope(name, "PSNR", [a, b]):
        max_val, a, b = _as_float32(max_val, a, b)
        error = reduce_mean(squared_difference(a, b), [-3, -2, -1])
        ratio = sub(20 * log(max_val) / log(10.0), np.float32(10 / np.log(10)) * log(error),
                    name="psnr")  # fmt: skip
        _, checks = _checked(a, b)
        with control_dependencies(checks):
            return identity(ratio)


def ssim(img1, img2, max_val, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03):
    """The structural similarity of two images (of the last three axes), by Wang and others.

    `max_val` is as for psnr. Each image must be `filter_size` high and wide at least:
    InvalidArgumentError in the run.
    """
    _, checks = _checked(img1, img2)
    with control_dependencies(checks):
        img1 = identity(img1)
    get_default_graph()._count_more(1)
    max_val, img1, img2 = _as_float32(max_val, img1, img2)
    per_channel, _ = _ssim_per_channel(img1, img2, max_val, filter_size, filter_sigma, k1, k2)
    return reduce_mean(per_channel, [-1])


def _gauss(length, sigma):
    """A bell as a filter [length, length, 1, 1] of sum 1."""
    length, sigma = convert_to_tensor(length, int32), convert_to_tensor(sigma)
    at = cast(range_(length), sigma.dtype) - cast(length - 1, sigma.dtype) / 2.0
    bell = square(at) * (-0.5 / square(sigma))
    bell = reshape(bell, [1, -1]) + reshape(bell, [-1, 1])
    return reshape(softmax(reshape(bell, [1, -1])), [length, length, 1, 1])


def _ssim_per_channel(img1, img2, max_val, filter_size, filter_sigma, k1, k2):
    filter_size = constant(filter_size, dtype=int32)
    sizes = [shape(img1), shape(img2)]
    checks = [Assert(reduce_all(greater_equal(n[-3:-1], filter_size)), [n, filter_size],
                     summarize=8) for n in sizes]  # fmt: skip
    with control_dependencies(checks):
        img1 = identity(img1)
    bell = _gauss(filter_size, constant(filter_sigma, dtype=img1.dtype))
    bell = tile(bell, [1, 1, sizes[0][-1], 1])
    light, structure = _likeness(img1, img2, lambda x: _smooth(x, bell), max_val, k1, k2)
    axes = constant([-3, -2], dtype=int32)
    return reduce_mean(light * structure, axes), reduce_mean(structure, axes)


def _smooth(x, bell):
    sizes = shape(x)
    flat = reshape(x, concat([[-1], sizes[-3:]], 0))
    smooth = depthwise_conv2d(flat, bell, strides=[1, 1, 1, 1], padding="VALID")
    return reshape(smooth, concat([sizes[:-3], shape(smooth)[1:]], 0))


def _likeness(x, y, mean_of, max_val, k1, k2):
    """(luminance, contrast and structure) at each place."""
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    x_mean, y_mean = mean_of(x), mean_of(y)
    product, squares = x_mean * y_mean * 2.0, square(x_mean) + square(y_mean)
    light = (product + c1) / (squares + c1)
    products, sums = mean_of(x * y) * 2.0, mean_of(square(x) + square(y))
    return light, (products - product + c2) / (sums - squares + c2)


WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)  # of the scales, by the authors


def ssim_multiscale(
    img1, img2, max_val, power_factors=WEIGHTS, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03
):
    """The structural similarity over scales: the images, then halves of them, ... (MS-SSIM).

    `power_factors` has a weight for each scale. The smallest one must be `filter_size` high and
    wide at least: InvalidArgumentError in the run.
    """
    with name_scope(None, "MS-SSIM", [img1, img2]):
        img1 = convert_to_tensor(img1, name="img1")
        img2 = convert_to_tensor(img2, name="img2")
        sizes, checks = _checked(img1, img2)
        with control_dependencies(checks):
            img1 = identity(img1)
        max_val, *images = _as_float32(max_val, img1, img2)
        heads, found = [n[:-3] for n in sizes], []
        for scale in range(len(power_factors)):
            with name_scope(None, f"Scale{scale}", images):
                images = [_halved(*pair) for pair in zip(images, heads)] if scale else images
                whole, structure = _ssim_per_channel(
                    *images, max_val, filter_size, filter_sigma, k1, k2
                )
                found.append(relu(structure))
        found[-1] = relu(whole)
        factors = pow(stack(found, axis=-1), power_factors)
        return reduce_mean(reduce_prod(factors, [-1]), [-1])


def _halved(image, head):
    """Half as high and wide; an odd row or column counts twice."""
    tail = shape(image)[-3:]
    flat = reshape(image, concat([[-1], tail], 0))
    odd = tail % constant([2, 2, 1], dtype=int32)
    around = pad(reshape(odd, [3, 1]), [[1, 0], [1, 0]])
    flat = pad(flat, around, mode="SYMMETRIC")
    half = avg_pool(flat, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="VALID")
    return reshape(half, concat([head, shape(half)[1:]], 0))
