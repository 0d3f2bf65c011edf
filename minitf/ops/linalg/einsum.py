"""`tf.einsum`: products of tensors summed over the axes that an equation names."""
import re
import string

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import is_static
from minitf.ops.array.basics import reshape, shape
from minitf.ops.linalg.bands import trace
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import mul
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.reduce import reduce_sum


def einsum(equation, *inputs, **kwargs):
    """The product of `inputs` summed over the axes that `equation` does not name in its result.

    "ij,jk->ik" is the product of matrices; without "->" the result has the axes that are named
    once, in the order of the alphabet; "..." stands for axes that broadcast. ValueError for an
    equation that does not fit the inputs, or one that names an axis twice in an input, except for
    the trace, "ii".
    """
    name = kwargs.pop("name", None)
    if kwargs:
        raise TypeError(f"invalid keyword arguments for this function: {', '.join(sorted(kwargs))}")
    with name_scope(name, "einsum", [equation, *inputs]):
        inputs = [convert_to_tensor(x) for x in inputs]
        labels, result = _resolved(equation, [x._shape for x in inputs])
        if _is_trace(equation, labels):
            return trace(inputs[0])
        for axes in labels:
            if len(set(axes)) != len(axes):
                raise ValueError(f"Subscript not supported: an axis appears more than once: {axes}")
        _check_shapes(equation, labels, inputs)
        return _contracted(equation, list(zip(inputs, labels)), result)


def _is_trace(equation, labels):
    axes = labels[0]
    twice = any(axes.count(axis) == 2 for axis in axes)
    return len(labels) == 1 and twice and axes == axes[::-1] and "->" not in equation


def _check_shapes(equation, labels, inputs):
    sizes = {}
    for x, axes in zip(inputs, labels):
        if x._shape is None and len(inputs) == 1:
            continue
        if x._shape is None or len(x._shape) != len(axes):
            rank = "unknown" if x._shape is None else len(x._shape)
            raise ValueError(
                f"einsum '{equation}': an input of rank {rank} does not match its subscripts "
                f"'{axes}'"
            )
        for axis, size in zip(axes, x._shape):
            if size not in (None, 1) and sizes.setdefault(axis, size) != size:
                raise ValueError(f"einsum '{equation}': Dimension mismatch on axis: {axis}, "
                                 f"{sizes[axis]} and {size}")  # fmt: skip


# -- the equation ---------------------------------------------------------------------------------


def _resolved(equation, shapes):
    """(the axes of each input, those of the result), one letter each; letters for "...", too."""
    match = re.match(r"^([a-zA-Z,.]+)(->[a-zA-Z.]*)?$", equation.replace(" ", ""))
    if not match:
        raise ValueError(f"Indices have incorrect format: {equation}")
    labels, result = match[1].split(","), match[2][2:] if match[2] else None
    if len(labels) != len(shapes):
        raise ValueError(
            f'Got {len(shapes)} arguments for equation "{equation}", expecting {len(labels)}'
        )
    dots = ""
    if "..." in equation:
        unused = "".join(c for c in string.ascii_letters if c not in "".join(labels))
        replaced = [_axes_of_dots(axes, known, unused) for axes, known in zip(labels, shapes)]
        labels = [axes.replace("...", extra) for axes, extra in zip(labels, replaced)]
        dots = max(replaced, key=len)
    inferred = result is None
    result = dots + _named_once(labels, dots) if inferred else result.replace("...", dots)
    if any("." in axes for axes in (*labels, result)):
        raise ValueError('period "." found outside of ellipsis')
    return labels, result


def _axes_of_dots(axes, known, unused):
    if "..." not in axes:
        return ""
    if axes.count("...") > 1:
        raise ValueError("Unable to resolve ellipsis. Excess number found.")
    if known is None:
        raise ValueError("Unable to statically infer ellipsis axes.")
    count = len(known) - len(axes.replace("...", ""))
    if count < 0:
        raise ValueError("Ellipses lengths do not match.")
    if len(unused) < count:
        raise ValueError("Unable to resolve ellipsis, too many distinct labels.")
    return unused[len(unused) - count :]


def _named_once(labels, dots):
    every = "".join(labels)
    return "".join(sorted(c for c in set(every) - set(dots) if every.count(c) == 1))


# -- the contraction ------------------------------------------------------------------------------


def _contracted(equation, terms, result):
    """Two terms at a time: axes that no later term and not the result has are summed at once."""
    tensor, axes = terms[0]
    for i, (other, others) in enumerate(terms[1:], 1):
        needed = set(result).union(*(later for _, later in terms[i + 1 :]))
        summed = (set(axes) & set(others)) - needed
        tensor, axes = _paired(tensor, axes, other, others, summed)
    gone = [i for i, axis in enumerate(axes) if axis not in result]
    if gone:
        tensor = reduce_sum(tensor, axis=gone)
        axes = "".join(axis for axis in axes if axis in result)
    if sorted(axes) != sorted(result):
        raise ValueError(f"Invalid equation: {equation}")
    return _ordered(tensor, axes, result)


def _ordered(tensor, axes, wanted):
    order = [axes.index(axis) for axis in wanted]
    return tensor if order == list(range(len(order))) else transpose(tensor, perm=order)


def _paired(a, of_a, b, of_b, summed):
    """(the product of two tensors summed over `summed`, its axes)."""
    both = sorted((set(of_a) & set(of_b)) - summed)
    left = sorted(set(of_a) - set(of_b))
    right = sorted(set(of_b) - set(of_a))
    inner = sorted(summed)
    a = _ordered(a, of_a, both + left + inner)
    b = _ordered(b, of_b, both + inner + right)
    axes = "".join(both + left + right)
    if not inner:
        for _ in right:
            a = expand_dims(a, -1)
        for _ in left:
            b = expand_dims(b, len(both))
        return mul(a, b), axes
    return _matrix_product(a, b, len(both), len(inner)), axes


def _matrix_product(a, b, both, inner):
    sizes_a, sizes_b = _sizes(a), _sizes(b)
    end = len(sizes_a) - inner
    rows, summed, columns = sizes_a[both:end], sizes_a[end:], sizes_b[both + inner :]
    product = matmul(
        _reshaped(a, [*sizes_a[:both], _product(rows), _product(summed)]),
        _reshaped(b, [*sizes_b[:both], _product(sizes_b[both : both + inner]), _product(columns)]),
    )
    lead = [m if isinstance(n, int) and n == 1 else n for m, n in zip(sizes_b, sizes_a[:both])]
    return _reshaped(product, [*lead, *rows, *columns])


def _sizes(tensor):
    """The sizes, as numbers where they are known, else as tensors."""
    if is_static(tensor._shape):
        return list(tensor._shape)
    lengths = shape(tensor)
    return [lengths[i] if n is None else n for i, n in enumerate(tensor._shape)]


def _product(sizes):
    result = 1
    for size in sizes:
        result = result * size
    return result


def _reshaped(tensor, sizes):
    known = all(isinstance(size, int) for size in sizes)
    return tensor if known and tuple(sizes) == tensor._shape else reshape(tensor, sizes)
