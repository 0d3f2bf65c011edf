"""Turning and moving images: `tf.contrib.image.rotate`, `translate`, `transform`, ..."""
from minitf.contrib.image.kernels import DTYPES, as_flat, as_matrices, projective_transform
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.static import constant_value
from minitf.ops.array.basics import ones, shape, zeros
from minitf.ops.array.joining import concat
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast, cos, sin


def _as_batch(images):
    """(the images as one tensor of rank 4, a function that takes that back).

    TypeError for another type, or a rank other than 2, 3 and 4.
    """
    if images.dtype.base_dtype not in DTYPES:
        raise TypeError(f"Invalid dtype {images.dtype}.")
    rank = images.shape.ndims
    if rank is None:
        raise TypeError("image_or_images rank must be statically known")
    if rank == 2:
        return images[None, :, :, None], lambda moved: moved[0, :, :, 0]
    if rank == 3:
        return images[None, :, :, :], lambda moved: moved[0, :, :, :]
    if rank == 4:
        return images, lambda moved: moved
    raise TypeError("Images should have rank between 2 and 4.")


def rotate(images, angles, interpolation="NEAREST", name=None):
    """The images turned about their middle, counterclockwise, by `angles` in radians, one or one
    for each; 0 where nothing comes to lie.

    `images` are [n, height, width, channels], or one of them, or [height, width]; `interpolation`
    is "NEAREST" or "BILINEAR". TypeError for other types or ranks.
    """
    with name_scope(name, "rotate"):
        images, back = _as_batch(convert_to_tensor(images))
        height = cast(shape(images)[1], float32)[None]
        width = cast(shape(images)[2], float32)[None]
        turned = angles_to_projective_transforms(angles, height, width)
        return back(transform(images, turned, interpolation=interpolation))


def translate(images, translations, interpolation="NEAREST", name=None):
    """The images moved by [dx, dy], one or one for each; 0 where nothing comes to lie."""
    with name_scope(name, "translate"):
        moved = translations_to_projective_transforms(translations)
        return transform(images, moved, interpolation=interpolation)


def angles_to_projective_transforms(angles, image_height, image_width, name=None):
    """The transforms [n, 8] that turn images of this size. TypeError for angles of rank above 1."""
    with name_scope(name, "angles_to_projective_transforms"):
        angles = convert_to_tensor(angles, name="angles", dtype=float32)
        if angles.shape.ndims == 0:
            angles = angles[None]
        elif angles.shape.ndims != 1:
            raise TypeError("Angles should have rank 0 or 1.")
        x_offset = _kept(image_width, cos(angles) * (image_width - 1)
                         - sin(angles) * (image_height - 1))  # fmt: skip
        y_offset = _kept(image_height, sin(angles) * (image_width - 1)
                         + cos(angles) * (image_height - 1))  # fmt: skip
        rest = zeros((shape(angles)[0], 2), float32)
        columns = (cos(angles), -sin(angles), x_offset, sin(angles), cos(angles), y_offset)
        return concat([*(each[:, None] for each in columns), rest], axis=1)


def _kept(size, moved):
    """How far what is at `moved` is from the middle of an image of this size."""
    return ((size - 1) - moved) / 2.0


def translations_to_projective_transforms(translations, name=None):
    """The transforms [n, 8] that move images by [dx, dy]. TypeError for another rank."""
    with name_scope(name, "translations_to_projective_transforms"):
        moves = convert_to_tensor(translations, name="translations", dtype=float32)
        if moves.shape.ndims is None:
            raise TypeError("translation_or_translations rank must be statically known")
        if moves.shape.ndims == 1:
            moves = moves[None]
        elif moves.shape.ndims != 2:
            raise TypeError("Translations should have rank 1 or 2.")
        count = shape(moves)[0]
        x, y, rest = -moves[:, 0, None], -moves[:, 1, None], zeros((count, 2), float32)
        (a0, b1), (a1, b0) = ([make((count, 1), float32) for _ in "xy"] for make in (ones, zeros))
        return concat([a0, a1, x, b0, b1, y, rest], axis=1)


def transform(images, transforms, interpolation="NEAREST", output_shape=None, name=None):
    """The images moved by projective `transforms` [a0, a1, a2, b0, b1, b2, c0, c1], one or one for
    each.

    The pixel (x, y) of the output is that at ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k) of
    the input, k = c0 x + c1 y + 1, or 0 where there is none. `output_shape` is [height, width].
    TypeError for other types or ranks.
    """
    with name_scope(name, "transform"):
        images, back = _as_batch(convert_to_tensor(images, name="images"))
        transforms = convert_to_tensor(transforms, name="transforms", dtype=float32)
        if output_shape is None:
            output_shape = shape(images)[1:3]
            known = constant_value(output_shape)
            if known is not None:
                output_shape = known
                get_default_graph()._count_more(-1)
        output_shape = convert_to_tensor(output_shape, int32, name="output_shape")
        if not output_shape.shape.is_compatible_with([2]):
            raise ValueError(
                "output_shape must be a 1-D Tensor of 2 elements: new_height, new_width"
            )
        if transforms.shape.ndims is None:
            raise TypeError("transform_or_transforms rank must be statically known")
        if transforms.shape.ndims == 1:
            transforms = transforms[None]
        elif transforms.shape.ndims != 2:
            raise TypeError("Transforms should have rank 1 or 2.")
        interpolation = interpolation.upper()
        if interpolation not in ("NEAREST", "BILINEAR"):
            raise ValueError(
                f'interpolation must be "NEAREST" or "BILINEAR", got "{interpolation}"'
            )
        moved = projective_transform(
            images, transforms, output_shape, interpolation=interpolation
        )
        return back(moved)


def compose_transforms(*transforms):
    """One transform [n, 8] that does what these do one after another."""
    assert transforms, "transforms cannot be empty"
    with name_scope("compose_transforms"):
        composed = flat_transforms_to_matrices(transforms[0])
        for each in transforms[1:]:
            composed = matmul(composed, flat_transforms_to_matrices(each))
        return matrices_to_flat_transforms(composed)


def flat_transforms_to_matrices(transforms):
    """Matrices [n, 3, 3] of transforms [n, 8] or [8]. ValueError for another rank."""
    with name_scope("flat_transforms_to_matrices"):
        transforms = convert_to_tensor(transforms, name="transforms")
        if transforms.shape.ndims not in (1, 2):
            raise ValueError(f"Transforms should be 1D or 2D, got: {transforms}")
        return as_matrices(transforms)


def matrices_to_flat_transforms(transform_matrices):
    """Transforms [n, 8] of matrices [n, 3, 3] or [3, 3]. ValueError for another rank."""
    with name_scope("matrices_to_flat_transforms"):
        matrices = convert_to_tensor(transform_matrices, name="transform_matrices")
        if matrices.shape.ndims not in (2, 3):
            raise ValueError(f"Matrices should be 2D or 3D, got: {matrices}")
        return as_flat(matrices)
