"""Images turned, moved, made larger, lighter: by so much, or by chance."""
import numpy as np

from minitf.keras.preprocessing.image.pictures import array_to_img, img_to_array, pillow


def flip_axis(x, axis):
    """The elements in the opposite order along an axis."""
    return np.flip(np.asarray(x), axis)


def random_rotation(
    x, rg, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0,
    interpolation_order=1,
):  # fmt: skip
    """Turned by up to `rg` degrees either way."""
    return apply_affine_transform(
        x, theta=np.random.uniform(-rg, rg), channel_axis=channel_axis, fill_mode=fill_mode,
        cval=cval, order=interpolation_order,
    )  # fmt: skip


def random_shift(
    x, wrg, hrg, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0,
    interpolation_order=1,
):  # fmt: skip
    """Moved by up to these parts of its width and height."""
    tx = np.random.uniform(-hrg, hrg) * x.shape[row_axis]
    ty = np.random.uniform(-wrg, wrg) * x.shape[col_axis]
    return apply_affine_transform(
        x, tx=tx, ty=ty, channel_axis=channel_axis, fill_mode=fill_mode, cval=cval,
        order=interpolation_order,
    )  # fmt: skip


def random_shear(
    x, intensity, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0,
    interpolation_order=1,
):  # fmt: skip
    """Sheared by up to so many degrees."""
    return apply_affine_transform(
        x, shear=np.random.uniform(-intensity, intensity), channel_axis=channel_axis,
        fill_mode=fill_mode, cval=cval, order=interpolation_order,
    )  # fmt: skip


def random_zoom(
    x, zoom_range, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0,
    interpolation_order=1,
):  # fmt: skip
    """Each axis made larger or smaller, by factors between the two of `zoom_range`."""
    if len(zoom_range) != 2:
        raise ValueError(
            f"`zoom_range` should be a tuple or list of two floats. Received: {zoom_range}"
        )
    zx, zy = zoom_factors(zoom_range)
    return apply_affine_transform(
        x, zx=zx, zy=zy, channel_axis=channel_axis, fill_mode=fill_mode, cval=cval,
        order=interpolation_order,
    )  # fmt: skip


def zoom_factors(zoom_range):
    """One random factor for each axis."""
    if zoom_range[0] == 1 and zoom_range[1] == 1:
        return 1, 1
    return np.random.uniform(zoom_range[0], zoom_range[1], 2)


def apply_channel_shift(x, intensity, channel_axis=0):
    """`intensity` added, between the smallest and largest value."""
    return np.clip(x + intensity, np.min(x), np.max(x))


def random_channel_shift(x, intensity_range, channel_axis=0):
    """Up to `intensity_range` added or taken away."""
    intensity = np.random.uniform(-intensity_range, intensity_range)
    return apply_channel_shift(x, intensity, channel_axis=channel_axis)


def apply_brightness_shift(x, brightness):
    """So many times as bright, as Pillow does it."""
    pillow("apply_brightness_shift")
    from PIL import ImageEnhance

    return img_to_array(ImageEnhance.Brightness(array_to_img(x)).enhance(brightness))


def random_brightness(x, brightness_range):
    """As `apply_brightness_shift` with a factor between the two."""
    if len(brightness_range) != 2:
        raise ValueError(f"`brightness_range should be tuple or list of two floats. Received: "
                         f"{brightness_range}")  # fmt: skip
    return apply_brightness_shift(x, np.random.uniform(*brightness_range))


def apply_affine_transform(
    x, theta=0, tx=0, ty=0, shear=0, zx=1, zy=1, row_axis=0, col_axis=1, channel_axis=2,
    fill_mode="nearest", cval=0.0, order=1,
):  # fmt: skip
    """An image turned (degrees), moved (pixels), sheared (degrees) and zoomed, around its centre.

    `fill_mode` says what is beyond its edges: "nearest", "constant" (`cval`), "reflect" or "wrap".
    `order` is that of interpolation: 0 takes the nearest pixel, 1 weighs the two of each axis.
    Raises NotImplementedError for other orders.
    """
    matrix = _matrix(theta, tx, ty, shear, zx, zy)
    if matrix is None:
        return x
    centre = np.eye(3)
    centre[:2, 2] = [x.shape[row_axis] / 2 + 0.5, x.shape[col_axis] / 2 + 0.5]
    matrix = centre @ matrix @ np.linalg.inv(centre)
    channels = [
        _resampled(channel, matrix, fill_mode, cval, order)
        for channel in np.moveaxis(x, channel_axis, 0)
    ]
    return np.moveaxis(np.stack(channels), 0, channel_axis)


def _matrix(theta, tx, ty, shear, zx, zy):
    """Where each pixel of the result comes from; None for its own place."""
    matrices = []
    if theta:
        cos, sin = np.cos(np.deg2rad(theta)), np.sin(np.deg2rad(theta))
        matrices.append([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    if tx or ty:
        matrices.append([[1, 0, tx], [0, 1, ty], [0, 0, 1]])
    if shear:
        cos, sin = np.cos(np.deg2rad(shear)), np.sin(np.deg2rad(shear))
        matrices.append([[1, -sin, 0], [0, cos, 0], [0, 0, 1]])
    if zx != 1 or zy != 1:
        matrices.append([[zx, 0, 0], [0, zy, 0], [0, 0, 1]])
    product = None
    for matrix in matrices:
        product = np.array(matrix, float) if product is None else product @ np.array(matrix)
    return product


def _resampled(channel, matrix, fill_mode, cval, order):
    """A channel [height, width] whose pixels are taken from places matrix * (row, column, 1)."""
    if order not in (0, 1):
        raise NotImplementedError(
            f"interpolation order {order}: minitf has 0 (nearest pixel) and 1 (linear)"
        )
    rows, columns = np.meshgrid(*(np.arange(size) for size in channel.shape), indexing="ij")
    places = [line[0] * rows + line[1] * columns + line[2] for line in matrix[:2]]
    inside = np.ones(channel.shape, bool)
    for place, size in zip(places, channel.shape):
        inside &= (place >= 0) & (place <= size - 1)
    axes = [_neighbours(*each, fill_mode, order) for each in zip(places, channel.shape)]
    found = sum(
        channel[row, column] * (by_row * by_column)
        for row, by_row in axes[0] for column, by_column in axes[1]
    )  # fmt: skip
    found = found if fill_mode != "constant" else np.where(inside, found, cval)
    return found.astype(channel.dtype)


def _neighbours(place, size, fill_mode, order):
    """[(indices, weights)] of the pixels next to places on one axis."""
    if fill_mode == "wrap" and size > 1:  # the last pixel is where the first one is again
        outside = (place < 0) | (place > size - 1)
        place = np.where(outside, np.mod(place, size - 1), place)
    if order == 0:
        return [(_index(np.floor(place + 0.5).astype(int), size, fill_mode), 1.0)]
    first = np.floor(place).astype(int)
    part = place - first
    if fill_mode == "nearest":
        part = np.where(place < 0, 0.0, np.where(place > size - 1, 0.0, part))
    return [
        (_index(first, size, fill_mode), 1.0 - part),
        (_index(first + 1, size, fill_mode), part),
    ]


def _index(index, size, fill_mode):
    if fill_mode == "reflect":
        index = np.mod(index, 2 * size)
        return np.where(index >= size, 2 * size - 1 - index, index)
    if fill_mode not in ("nearest", "constant", "wrap"):
        raise ValueError(
            f'fill_mode is one of "nearest", "constant", "reflect", "wrap", not {fill_mode!r}'
        )
    return np.clip(index, 0, size - 1)
