"""`tf.signal.fftshift`: the zero frequency in the middle."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import is_static
from minitf.ops.reduction.axes import roll


def _halves(x, axes):
    """The axes, and half of their sizes, which must be known."""
    if x._shape is None:
        raise ValueError(f"The rank must be known: {x!r}")
    axes = tuple(range(len(x._shape))) if axes is None else axes
    listed = [axes] if isinstance(axes, int) else list(axes)
    sizes = tuple(x._shape[axis] for axis in listed)
    if not is_static(sizes):
        raise ValueError(f"The sizes of the axes {listed} must be known: {x!r}")
    return listed, [size // 2 for size in sizes]


def fftshift(x, axes=None, name=None):
    """`x` with the halves of `axes` (all) exchanged: the zero frequency comes to the middle."""
    with name_scope(name, "fftshift") as scope:
        x = convert_to_tensor(x)
        axes, halves = _halves(x, axes)
        return roll(x, halves, axes, name=scope)


def ifftshift(x, axes=None, name=None):
    """The inverse of `fftshift`; they differ where sizes are odd."""
    with name_scope(name, "ifftshift") as scope:
        x = convert_to_tensor(x)
        axes, halves = _halves(x, axes)
        return roll(x, [-half for half in halves], axes, name=scope)
