"""Shapes and checks that the image ops share."""
from minitf.core.tensor import Tensor, is_tensor
from minitf.core.tensor_shape import printed
from minitf.ops.array.basics import rank, shape
from minitf.ops.array.joining import unstack
from minitf.ops.control_flow.check import assert_greater_equal, assert_positive
from minitf.ops.control_flow.control import Assert


def rank_checked(sizes, wanted, name):
    """The sizes, None for each of an unknown rank. ValueError for another rank."""
    if sizes is None:
        return (None,) * wanted
    if len(sizes) != wanted:
        raise ValueError(
            f"Shape must be rank {wanted} but is rank {len(sizes)}: {name} is {printed(sizes)}"
        )
    return sizes


def two_sizes(size):
    """(height, width) as far as a `Static` vector is known. ValueError for another length."""
    if size is None:
        return None, None
    if len(size) != 2:
        raise ValueError(f"Dimension must be 2 but is {len(size)}: size is {list(size)}")
    return tuple(None if n is None else int(n) for n in size)


def check(condition, message):
    """[an Assert] when the condition is a tensor; else ValueError unless it holds."""
    if isinstance(condition, Tensor):
        return [Assert(condition, [message])]
    if not condition:
        raise ValueError(message)
    return []


def dimensions(image, count):
    """The sizes of an image: numbers where they are known, tensors elsewhere."""
    if image.shape.is_fully_defined():
        return image.shape.as_list()
    known = image.shape.with_rank(count).as_list()
    found = unstack(shape(image), count)
    return [n if n is not None else tensor for n, tensor in zip(known, found)]


def check_at_least_3d(image):
    """The checks, to be made in the run, that an image has three axes at least, none empty.

    ValueError when it is known not to.
    """
    known = image.shape
    if known.ndims is not None and known.ndims < 3:
        raise ValueError("'image' must be at least three-dimensional.")
    if known.ndims is not None and any(n == 0 for n in known.as_list()):
        raise ValueError(f"all dims of 'image.shape' must be > 0: {known}")
    if known.is_fully_defined():
        return []
    return [
        assert_positive(shape(image), ["all dims of 'image.shape' must be > 0."]),
        assert_greater_equal(rank(image), 3,
                             message="'image' must be at least three-dimensional."),
    ]  # fmt: skip


def any_tensor(*values):
    return any(is_tensor(value) for value in values)


def bad_rank(name="image"):
    return ValueError(f"'{name}' must have either 3 or 4 dimensions.")
