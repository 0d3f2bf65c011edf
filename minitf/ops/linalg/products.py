"""Matrix products: `tf.matmul` and its kin."""
import math
import struct

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.kernel import Kernel, Product
from minitf.core.op import OpDef, op
from minitf.core.schema import Arithmetic, Numeric, VariableValue
from minitf.core.shape_rules import broadcast
from minitf.core.source import call
from minitf.core.tensor_shape import printed
from minitf.ops.math.elementwise import conj

BATCHES = {"float32": "minitf_batch_product_float", "float64": "minitf_batch_product_double"}
PRODUCTS = {"float32": "minitf_product_float", "float64": "minitf_product_double"}
UPDATES = {"float32": "minitf_update_product_float", "float64": "minitf_update_product_double"}
CUDA_PRODUCTS = {"float16", "float32", "float64", "complex64", "complex128"}
SUMS = {"float32": "minitf_add_product_float", "float64": "minitf_add_product_double"}


def _matrix(shape, transposed, name):
    if shape is not None and len(shape) != 2:
        raise ValueError(f"'{name}' must be a matrix (Shape must be rank 2), got {printed(shape)}")
    shape = shape or (None, None)
    return shape[::-1] if transposed else shape


def _product(a, b, left, right):
    (m, k), (k2, n) = left, right
    if None not in (k, k2) and k != k2:
        raise ValueError(f"Dimensions must be equal, but are {k} and {k2}: {printed(a)} x "
                         f"{printed(b)}")  # fmt: skip
    return m, n


def matmul_shape(a, b, *, transpose_a, transpose_b):
    return _product(a, b, _matrix(a, transpose_a, "a"), _matrix(b, transpose_b, "b"))


@op("MatMul", shape=matmul_shape,
    columns=lambda *, transpose_a, transpose_b: (1, 0 if transpose_b else 1))  # fmt: skip
def mat_mul(xp, a: Arithmetic, b: Arithmetic, out=None, *, transpose_a=False, transpose_b=False):
    """Product of two matrices."""
    return xp.dot(a.T if transpose_a else a, b.T if transpose_b else b, out=out)


@mat_mul.trait
def source(out, a, b, *, transpose_a, transpose_b):
    return call("dot", _t(a, transpose_a), _t(b, transpose_b), out=out)


def _t(name, transposed):
    return f"{name}.T" if transposed else name


@mat_mul.trait
def native(inputs, outputs, *, transpose_a, transpose_b):
    return _product_kernel(*inputs, outputs[0], transpose_a, transpose_b, PRODUCTS)


def _product_kernel(a, b, c, transpose_a, transpose_b, functions):
    (m, n), k = c.shape, a.shape[0 if transpose_a else 1]
    (rows_a, turned_a), (rows_b, turned_b) = map(_rows_and_turn, (a, b), (transpose_a, transpose_b))
    if c.dtype.name not in functions or 0 in (m, n, k):
        return None
    function = functions[c.dtype.name]
    if None in (rows_a, rows_b):
        return Kernel(function=function)  # of copies, whose elements are side by side
    sizes = m, n, k, turned_a, turned_b, rows_a, rows_b, n
    return Kernel(sizes=sizes, function=function, strided=True)


@mat_mul.trait
def cuda(inputs, outputs, *, transpose_a, transpose_b):
    return _cuda_product(*inputs, outputs[0], transpose_a, transpose_b)


def _cuda_product(a, b, c, transpose_a, transpose_b, **more):
    (m, n), k = c.shape, a.shape[0 if transpose_a else 1]
    (rows_a, turned_a), (rows_b, turned_b) = map(_rows_and_turn, (a, b), (transpose_a, transpose_b))
    if c.dtype.name not in CUDA_PRODUCTS or None in (rows_a, rows_b) or 0 in (m, n, k):
        return None
    return Product(c.dtype, (m, n, k), (turned_a, turned_b), (rows_a, rows_b, n), **more)


def _rows_and_turn(matrix, turned):
    """(stride from row to row, whether to transpose) of a matrix as it lies in memory; (None, _)
    when neither its rows nor its columns are side by side, or they run backwards."""
    (rows, columns), (down, across) = matrix.shape, matrix.strides
    down, across = down if rows > 1 else columns, across if columns > 1 else rows
    if (across == 1 or columns == 1) and down >= columns:
        return down, turned
    if (down == 1 or rows == 1) and across >= rows:
        return across, not turned
    return None, turned


def _add_product(xp, c: Numeric, a: Numeric, b: Numeric, out=None, *,
                 transpose_a=False, transpose_b=False):  # fmt: skip
    """c plus the product of two matrices."""
    product = xp.dot(a.T if transpose_a else a, b.T if transpose_b else b)
    return xp.add(c, product, out=out)


def _add_product_source(out, c, a, b, *, transpose_a, transpose_b):
    return call("add", c, source(None, a, b, transpose_a=transpose_a, transpose_b=transpose_b),
                out=out)  # fmt: skip


def _add_product_native(inputs, outputs, *, transpose_a, transpose_b):
    c, a, b = inputs
    kernel = _product_kernel(a, b, outputs[0], transpose_a, transpose_b, SUMS)
    return kernel if c.contiguous else None


def _add_product_cuda(inputs, outputs, *, transpose_a, transpose_b):
    c, a, b = inputs
    product = _cuda_product(a, b, outputs[0], transpose_a, transpose_b, beta=1.0,
                            arrays=(1, 2, 0, 3))  # fmt: skip
    return product if c.contiguous else None


def _update_by_product(
    xp, c: VariableValue, a: Numeric, b: Numeric, *, transpose_a=False, transpose_b=False, alpha,
    beta,
) -> VariableValue:  # fmt: skip
    """The variable c as alpha times the product of two matrices, plus beta * c."""
    product = xp.dot(a.T if transpose_a else a, b.T if transpose_b else b)
    xp.multiply(product, product.dtype.type(alpha), out=product)
    if beta != 1:
        xp.multiply(c, c.dtype.type(beta), out=c)
    return xp.add(c, product, out=c)


def _update_source(out, c, a, b, *, transpose_a, transpose_b, alpha, beta):
    alpha, beta = (str(c.dtype.type(number)) for number in (alpha, beta))  # as few digits as tell
    product = source(None, a, b, transpose_a=transpose_a, transpose_b=transpose_b)
    return call("add", f"{beta} * {c}" if beta != "1.0" else c, f"{alpha} * {product}", out=c)


def _update_native(inputs, outputs, *, transpose_a, transpose_b, alpha, beta):
    c, a, b = inputs
    kernel = _product_kernel(a, b, c, transpose_a, transpose_b, UPDATES)
    if kernel is None:
        return None
    numbers = struct.unpack("qq", struct.pack("dd", alpha, beta))  # the bits: sizes are integers
    return kernel._replace(sizes=(*kernel.sizes, *numbers))


def _update_cuda(inputs, outputs, *, transpose_a, transpose_b, alpha, beta):
    c, a, b = inputs
    return _cuda_product(a, b, c, transpose_a, transpose_b, alpha=alpha, beta=beta,
                         arrays=(1, 2, 0, 3))  # fmt: skip


# No ops of a graph: what sums of products, and updates by a product, are made of.
mat_mul.accumulates = OpDef("Gemm", _add_product, lambda c, a, b, **_: c, inplace=True,
                            source=_add_product_source, native=_add_product_native,
                            cuda=_add_product_cuda)  # fmt: skip
mat_mul.updates = OpDef("GemmUpdate", _update_by_product, None, stateful=True,
                        source=_update_source, native=_update_native,
                        cuda=_update_cuda)  # fmt: skip


@mat_mul.gradient
def _(y, dy, a, b, *, transpose_a, transpose_b):
    return _product_gradients(mat_mul, "transpose_a", "transpose_b", dy, conj(a), conj(b),
                              transpose_a, transpose_b)  # fmt: skip


def _product_gradients(product, flag_a, flag_b, dy, a, b, ta, tb):
    def multiply(left, right, transpose_left, transpose_right):
        return product(left, right, **{flag_a: transpose_left, flag_b: transpose_right})

    def of_a():
        return multiply(b, dy, tb, True) if ta else multiply(dy, b, False, not tb)

    def of_b():
        return multiply(dy, a, True, ta) if tb else multiply(a, dy, not ta, False)

    return of_a, of_b


def batch_matmul_shape(x, y, *, adj_x, adj_y):
    for name, shape in (("a", x), ("b", y)):
        if shape is not None and len(shape) < 2:
            raise ValueError(f"'{name}' must have at least 2 dimensions, got {printed(shape)}")
    if x is None or y is None:
        return None
    left = x[-2:][::-1] if adj_x else x[-2:]
    right = y[-2:][::-1] if adj_y else y[-2:]
    return (*broadcast(x[:-2], y[:-2]), *_product(x, y, left, right))


@op("BatchMatMulV2", shape=batch_matmul_shape, broadcasts=True)
def batch_mat_mul(xp, x: Arithmetic, y: Arithmetic, out=None, *, adj_x=False, adj_y=False):
    """Products of the matrices in the two last axes; the axes before broadcast."""
    return xp.matmul(_adjoint(xp, x, adj_x), _adjoint(xp, y, adj_y), out=out)


def _adjoint(xp, x, adjoint):
    if not adjoint:
        return x
    x = xp.swapaxes(x, -1, -2)
    return x.conj() if x.dtype.kind == "c" else x


@batch_mat_mul.trait
def native(inputs, outputs, *, adj_x, adj_y):  # noqa: F811  as that of one product
    arrays = *inputs, outputs[0]
    kernel = _product_kernel(*map(_last_matrix, arrays), adj_x, adj_y, BATCHES)
    lead = outputs[0].shape[:-2]
    if kernel is None or 0 in lead or not kernel.strided:
        return None if 0 in lead else kernel
    along = zip(lead, *(_lead_strides(array, len(lead)) for array in arrays))
    axes = [number for axis in along for number in axis]
    return kernel._replace(sizes=(*kernel.sizes, len(lead), *axes))


def _last_matrix(array):
    return array._replace(shape=array.shape[-2:], strides=array.strides[-2:])


def _lead_strides(array, count):
    """The strides along the axes before the matrix; 0 along those that are broadcast."""
    lead = [s if n > 1 else 0 for n, s in zip(array.shape[:-2], array.strides)]
    return [0] * (count - len(lead)) + lead


@batch_mat_mul.trait
def cuda(inputs, outputs, *, adj_x, adj_y):  # noqa: F811
    x, y = inputs
    out = outputs[0]
    lead, (m, n) = out.shape[:-2], out.shape[-2:]
    k = x.shape[-2 if adj_x else -1]
    whole = [a.shape[:-2] == lead and a.contiguous for a in (x, y)]
    alone = [len(a.shape) == 2 and a.contiguous for a in (x, y)]
    if out.dtype.name not in CUDA_PRODUCTS or out.dtype.kind == "c" or 0 in out.shape or not k:
        return None
    if not all(w or s for w, s in zip(whole, alone)):
        return None
    steps = [m * k if whole[0] else 0, k * n if whole[1] else 0, m * n]
    rows = x.shape[-1], y.shape[-1], n
    return Product(out.dtype, (m, n, k), (adj_x, adj_y), rows, batch=math.prod(lead),
                   steps=tuple(steps))  # fmt: skip


@batch_mat_mul.gradient
def _(z, dz, x, y, *, adj_x, adj_y):
    return _product_gradients(batch_mat_mul, "adj_x", "adj_y", dz, x, y, adj_x, adj_y)


def matmul(
    a,
    b,
    transpose_a=False,
    transpose_b=False,
    adjoint_a=False,
    adjoint_b=False,
    a_is_sparse=False,
    b_is_sparse=False,
    name=None,
):
    """Product of the matrices in the two last axes of `a` and `b`.

    `a` [..., m, k] and `b` [..., k, n] give [..., m, n]; `transpose_*` exchanges the two last axes
    first, `adjoint_*` conjugates as well. `*_is_sparse` are hints about zeros, taken and not
    needed. Raises ValueError when inner sizes differ or both a transpose and an adjoint is asked.
    """
    if transpose_a and adjoint_a:
        raise ValueError("Only one of transpose_a and adjoint_a can be True.")
    if transpose_b and adjoint_b:
        raise ValueError("Only one of transpose_b and adjoint_b can be True.")
    with name_scope(name, "MatMul", [a, b]) as scope:
        a, b = convert_to_tensor(a, name="a"), convert_to_tensor(b, name="b")
        if all(t._shape is not None and len(t._shape) <= 2 for t in (a, b)):
            a, transpose_a = (conj(a), True) if adjoint_a else (a, transpose_a)
            b, transpose_b = (conj(b), True) if adjoint_b else (b, transpose_b)
            return mat_mul(a, b, transpose_a=transpose_a, transpose_b=transpose_b, name=scope)
        a, adjoint_a = (conj(a), True) if transpose_a else (a, adjoint_a)
        b, adjoint_b = (conj(b), True) if transpose_b else (b, adjoint_b)
        return batch_mat_mul(a, b, adj_x=adjoint_a, adj_y=adjoint_b, name=scope)
