"""Running sums and products, and sums of many tensors: `tf.cumsum`, `tf.add_n`, ..."""
from minitf.core.convert import convert_to_tensor
from minitf.core.cuda.threads import BLOCK, NUMBERS, kernel, launched, split_axis
from minitf.core.graph import name_scope
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.literals import element, integer
from minitf.core.op import op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Numeric, Static
from minitf.core.shape_rules import alike, axis_index
from minitf.core.source import call, shape_of
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import as_shape
from minitf.ops.array.basics import identity

# -- running sums and products --------------------------------------------------------------------


def _scan_shape(x, axis, *, exclusive, reverse):
    if x is not None and element(axis) is not None:
        axis_index(element(axis), len(x))
    return x


def _scan(xp, ufunc, x, axis, first, exclusive, reverse):
    axis = axis_index(integer(axis), x.ndim)
    x = xp.flip(x, axis) if reverse else x
    if exclusive:
        start = xp.full_like(x[(*(slice(None),) * axis, slice(1))], first)
        x = xp.concatenate([start, x[(*(slice(None),) * axis, slice(-1))]], axis)
    scanned = ufunc(x, axis, dtype=x.dtype)
    return xp.ascontiguousarray(xp.flip(scanned, axis)) if reverse else scanned


# In CUDA a line has a thread, or, where it is long, a block, which goes over it in pieces.
BY_THREAD = """\
  const INDEX i = blockIdx.x * (INDEX)blockDim.x + threadIdx.x;
  if (i >= lines) return;
  const INDEX first = i / inner * length * inner + i % inner;
  T total = NEUTRAL;
  for (INDEX j = 0; j < length; j++) {
    const INDEX at = first + (reverse ? length - 1 - j : j) * inner;
    const T value = x0[at], next = total SIGN value;
    y0[at] = exclusive ? total : next;
    total = next;
  }"""
BY_BLOCK = """\
  __shared__ T parts[8];
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const INDEX first = (INDEX)blockIdx.x / inner * length * inner + (INDEX)blockIdx.x % inner;
  T before = NEUTRAL;
  for (INDEX start = 0; start < length; start += 256) {
    const INDEX j = start + threadIdx.x;
    const INDEX at = first + (reverse ? length - 1 - j : j) * inner;
    T total = j < length ? x0[at] : (T)NEUTRAL;
    for (int step = 1; step < 32; step *= 2) {
      const T other = __shfl_up_sync(0xffffffffu, total, step);
      if (lane >= step) total = other SIGN total;
    }
    if (lane == 31) parts[warp] = total;
    T ahead = __shfl_up_sync(0xffffffffu, total, 1);
    if (lane == 0) ahead = NEUTRAL;
    __syncthreads();
    T base = before;
    for (int k = 0; k < 8; k++) {
      if (k == warp) base = before;
      before = before SIGN parts[k];
    }
    if (j < length) y0[at] = base SIGN (exclusive ? ahead : total);
    __syncthreads();
  }"""


def _scan_launches(sign, neutral):
    def launches(inputs, outputs, *, exclusive, reverse):
        x, axis = inputs
        before, length, inner = split_axis(x.shape, integer(axis))
        lines, long = before * inner, inner < 32 and length > 64
        text = (BY_BLOCK if long else BY_THREAD).replace("SIGN", sign)
        sizes = {"length": length, "inner": inner, "lines": lines, "exclusive": int(exclusive),
                 "reverse": int(reverse)}  # fmt: skip
        grid = lines if long else -(-lines // BLOCK)
        launch = kernel(text.replace("NEUTRAL", neutral), [x], outputs, (grid,), BLOCK,
                        types=NUMBERS, sizes=sizes)  # fmt: skip
        return launched(launch, lines * length)

    return launches


@op("Cumsum", shape=_scan_shape, cuda=_scan_launches("+", "0"))
def cumsum_op(xp, x: Numeric, axis: Static, *, exclusive=False, reverse=False):
    """Running sums along an axis."""
    return _scan(xp, xp.cumsum, x, axis, 0, exclusive, reverse)


@cumsum_op.gradient
def _(y, dy, x, axis, *, exclusive, reverse):
    return cumsum_op(dy, axis, exclusive=exclusive, reverse=not reverse), None


@op("Cumprod", shape=_scan_shape, cuda=_scan_launches("*", "1"))
def cumprod_op(xp, x: Numeric, axis: Static, *, exclusive=False, reverse=False):
    """Running products along an axis."""
    return _scan(xp, xp.cumprod, x, axis, 1, exclusive, reverse)


@cumprod_op.gradient
def _(y, dy, x, axis, *, exclusive, reverse):
    # As in TF1: not a number where x is 0.
    return cumsum_op(y * dy, axis, exclusive=exclusive, reverse=not reverse) / x, None


def cumsum(x, axis=0, exclusive=False, reverse=False, name=None):
    """The running sums of `x` along `axis`: [a, b, c] gives [a, a + b, a + b + c].

    `exclusive` leaves each element itself out; `reverse` runs from the end.
    """
    with name_scope(name, "Cumsum", [x]) as scope:
        return cumsum_op(convert_to_tensor(x, name="x"), axis, exclusive=exclusive,
                         reverse=reverse, name=scope)  # fmt: skip


def cumprod(x, axis=0, exclusive=False, reverse=False, name=None):
    """The running products of `x` along `axis`; see `tf.cumsum`."""
    with name_scope(name, "Cumprod", [x]) as scope:
        return cumprod_op(convert_to_tensor(x, name="x"), axis, exclusive=exclusive,
                          reverse=reverse, name=scope)  # fmt: skip


# -- sums of many tensors -------------------------------------------------------------------------


def _two_summands(out, *inputs, **_):
    shapes = {shape_of(x) for x in inputs}
    if len(inputs) != 2 or len(shapes) > 1 or None in shapes:
        return None  # the kernel compares the shapes
    return call("add", *inputs, out=out)


def _plus(count):
    return " + ".join(f"x{i}" for i in range(count))


@op("AddN", shape=alike, source=_two_summands, scalar=_plus, sums=True)
def add_n_op(xp, *inputs: Numeric, out=None):
    """The sum of tensors of one shape."""
    return _total(xp, inputs, out)


add_n_op.gradient(lambda y, dy, *inputs: [dy] * len(inputs))


@op("AccumulateNV2", shape=lambda *inputs, shape: alike(shape, *inputs),
    scalar=lambda count, *, shape: _plus(count))  # fmt: skip
def accumulate_n_op(xp, *inputs: Numeric, out=None, shape=None):
    """The sum of tensors of one shape."""
    return _total(xp, inputs, out)


accumulate_n_op.gradient(lambda y, dy, *inputs, shape: [dy] * len(inputs))


def _total(xp, inputs, out):
    alike(*(x.shape for x in inputs))
    if len(inputs) == 1:
        return xp.multiply(inputs[0], 1, out=out)
    total = xp.add(inputs[0], inputs[1], out=out)
    for each in inputs[2:]:
        total = xp.add(total, each, out=out)
    return total


_LIST = "inputs must be a list of at least one Tensor{} with the same dtype and shape"


@takes_ragged
def add_n(inputs, name=None):
    """The sum of the tensors in the list `inputs`, all of one type and shape."""
    if not inputs or not isinstance(inputs, (list, tuple)):
        raise ValueError(_LIST.format("/IndexedSlices"))
    if len(inputs) > 1:
        return add_n_op(*map(convert_to_tensor, inputs), name=name)
    tensor = convert_to_tensor(inputs[0])
    return identity(tensor, name=name) if name else tensor


def accumulate_n(inputs, shape=None, tensor_dtype=None, name=None):
    """The sum of the tensors in the list `inputs`; `shape` and `tensor_dtype` are checked."""
    if not inputs or not isinstance(inputs, (list, tuple)):
        raise ValueError(_LIST.format(""))
    tensors = [x if isinstance(x, IndexedSlices) else convert_to_tensor(x) for x in inputs]
    if not all(isinstance(x, Tensor) and x.dtype == tensors[0].dtype for x in tensors):
        raise ValueError(_LIST.format(""))
    if tensor_dtype is not None and tensor_dtype != tensors[0].dtype:
        raise TypeError(
            f"tensor_dtype is {tensor_dtype}, but input is of type {tensors[0].dtype}"
        )
    if len(tensors) == 1:
        return tensors[0] if name is None else identity(tensors[0], name=name)
    return accumulate_n_op(*tensors, shape=as_shape(shape), name=name)
