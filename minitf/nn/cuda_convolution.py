"""Convolution and its two gradients in CUDA: products of matrices that are never written down.

The rows of A are windows of the image, its columns the positions of a window and their channels;
what an element is follows from its row and column when it is loaded ("implicit GEMM", Chetlur et
al. 2014, "cuDNN: Efficient Primitives for Deep Learning"). With channels first, pixels are the
columns of the product, so that neighbouring threads load and store neighbouring pixels.
"""
from __future__ import annotations

from math import gcd

from minitf.core.cuda_kernel import LIMIT, divisor
from minitf.core.cuda_product import (
    ALONG,
    BESIDE,
    LINES,
    Operand,
    Product,
    Target,
    by_rows,
    fours,
    launches,
    matrix,
    product_launch,
)
from minitf.nn.windows import Axis

INSIDE = """\
static __device__ inline bool NAME_inside(int i, int size) { return (unsigned)i < (unsigned)size; }
"""

# Where `find` says where an element is: the first of four that lie side by side, if VECTOR.
GATHER = """\
static __device__ inline NAME_four NAME_SIDE_fetch(const NAME_problem &p, const NAME_real *from,
                                                   NAME_SIDE_line line, int k) {
  NAME_four x = {};
  if (VECTOR) {
    int at = NAME_SIDE_find(p, line, k);
    if (k < p.k && at >= 0) x = *(const NAME_four *)(from + at);
    return x;
  }
  #pragma unroll
  for (int e = 0; e < 4; e++) {
    int at = NAME_SIDE_find(p, line, k + e);
    x.at[e] = k + e < p.k && at >= 0 ? from[at] : 0;
  }
  return x;
}
"""

# A line is an output, k a position of the window and a channel.
IMAGE = """\
struct NAME_SIDE_line { int at, y, x; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  if (line >= p.LINES) return {0, NAME_nowhere, 0};
  int area = p.height * p.width, b = line / area, rest = line % area;
  int y = rest / p.width * NAME_stride_y - p.before_y;
  int x = rest % p.width * NAME_stride_x - p.before_x;
  return {b * p.image + (y * p.image_width + x) * p.pixel, y, x};
}
static __device__ inline int NAME_SIDE_find(const NAME_problem &p, NAME_SIDE_line line, int k) {
  int tap = NAME_divided(k, p.by_depth), channel = k - tap * p.depth;
  int i = tap / NAME_window_x * NAME_dilation_y, j = tap % NAME_window_x * NAME_dilation_x;
  bool there = NAME_inside(line.y + i, p.image_height) & NAME_inside(line.x + j, p.image_width);
  return there ? line.at + (i * p.image_width + j) * p.pixel + channel * p.plane : -1;
}
""" + GATHER

# Element (output channel, pixel) of images with channels first.
CHANNELS_FIRST = """\
static __device__ inline int NAME_row(const NAME_problem &p, int row) { return row * p.area; }
static __device__ inline int NAME_column(const NAME_problem &p, int column) {
  return column / p.area * (p.m * p.area) + column % p.area;
}
"""

# The gradient by the image goes pixel by pixel; what the pixels that leave the same remainder by
# the stride have in common is a course: the positions of the window that meet them are `first`,
# first + step, ..., and meet, at the first of these pixels, the outputs `base`, base - leap, ...
COURSE = """\
struct NAME_course { int pixel, first, taps, base, count; };

static __device__ inline NAME_course NAME_follow(int pixel, int before, int size, int window,
                                                 int stride, int dilation, int step) {
  int first = 0;
  while (first < window && (pixel + before - first * dilation) % stride != 0) first++;
  return {pixel, first, (window - first + step - 1) / step,
          (pixel + before - first * dilation) / stride, (size - pixel + stride - 1) / stride};
}
"""

ENTER = """\
static __device__ inline bool NAME_enter(NAME_problem &p, int which) {
  NAME_course y = NAME_follow(which / NAME_stride_x, p.before_y, p.image_height, NAME_window_y,
                              NAME_stride_y, NAME_dilation_y, NAME_step_y);
  NAME_course x = NAME_follow(which % NAME_stride_x, p.before_x, p.image_width, NAME_window_x,
                              NAME_stride_x, NAME_dilation_x, NAME_step_x);
  p.k = y.taps * x.taps * p.count;
  p.PIXELS = p.batch * y.count * x.count;
  p.by_taps = x.taps ? 65536 / x.taps + 1 : 0;
  p.y = y;
  p.x = x;
  return p.PIXELS > 0;
}

struct NAME_met { int i, j, channel; };
static __device__ inline NAME_met NAME_meet(const NAME_problem &p, int k) {
  int tap = NAME_divided(k, p.by_count), i = tap * p.by_taps >> 16;
  return {i, tap - i * p.x.taps, k - tap * p.count};
}

struct NAME_place { int b, y, x; };
static __device__ inline NAME_place NAME_placed(const NAME_problem &p, int line) {
  int area = p.y.count * p.x.count, rest = line % area;
  return {line / area, rest / p.x.count, rest % p.x.count};
}
"""

# A line is a pixel, k a position of the window that meets it and a channel of the outputs.
GRADIENT = """\
struct NAME_SIDE_line { int at, y, x; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  if (line >= p.PIXELS) return {0, NAME_nowhere, 0};
  NAME_place place = NAME_placed(p, line);
  int y = p.y.base + place.y, x = p.x.base + place.x;
  return {place.b * p.outputs + (y * p.width + x) * p.pixel, y, x};
}
static __device__ inline int NAME_SIDE_find(const NAME_problem &p, NAME_SIDE_line line, int k) {
  NAME_met met = NAME_meet(p, k);
  int i = met.i * NAME_leap_y, j = met.j * NAME_leap_x;
  bool there = NAME_inside(line.y - i, p.height) & NAME_inside(line.x - j, p.width);
  return there ? line.at - (i * p.width + j) * p.pixel + met.channel * p.plane : -1;
}
""" + GATHER

# A line is a channel of the image.
FILTER = """\
struct NAME_SIDE_line { int at; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  return {line < p.depth ? line * p.count : NAME_nowhere};
}
static __device__ inline int NAME_SIDE_find(const NAME_problem &p, NAME_SIDE_line line, int k) {
  NAME_met met = NAME_meet(p, k);
  int i = p.y.first + met.i * NAME_step_y, j = p.x.first + met.j * NAME_step_x;
  return line.at < 0 ? -1 : line.at + (i * NAME_window_x + j) * p.depth * p.count + met.channel;
}
""" + GATHER

PIXELS_LAST = """\
static __device__ inline int NAME_pixel(const NAME_problem &p, int line) {
  NAME_place at = NAME_placed(p, line);
  int y = p.y.pixel + at.y * NAME_stride_y, x = p.x.pixel + at.x * NAME_stride_x;
  return at.b * p.image + (y * p.image_width + x) * p.image_pixel;
}
static __device__ inline int NAME_row(const NAME_problem &p, int row) {
  if (NAME_stride_y * NAME_stride_x == 1) return row * p.depth;
  return NAME_pixel(p, row);
}
static __device__ inline int NAME_column(const NAME_problem &p, int column) { return column; }
"""
PIXELS_FIRST = PIXELS_LAST[: PIXELS_LAST.index("static __device__ inline int NAME_row")] + """\
static __device__ inline int NAME_row(const NAME_problem &p, int row) {
  return row * (p.image_height * p.image_width);
}
static __device__ inline int NAME_column(const NAME_problem &p, int column) {
  return NAME_pixel(p, column);
}
"""

# A line is a position of the window and a channel, k an output.
WINDOWS = """\
struct NAME_SIDE_line { int at, y, x; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  if (line >= p.m) return {0, NAME_nowhere, 0};
  int tap = line / p.depth, channel = line % p.depth;
  int y = tap / NAME_window_x * NAME_dilation_y - p.before_y;
  int x = tap % NAME_window_x * NAME_dilation_x - p.before_x;
  return {(y * p.image_width + x) * p.pixel + channel * p.plane, y, x};
}
static __device__ inline int NAME_SIDE_find(const NAME_problem &p, NAME_SIDE_line line, int k) {
  int rows = NAME_divided(k, p.by_width), b = NAME_divided(rows, p.by_height);
  int x = (k - rows * p.width) * NAME_stride_x, y = (rows - b * p.height) * NAME_stride_y;
  bool there = NAME_inside(line.y + y, p.image_height) & NAME_inside(line.x + x, p.image_width);
  return there ? line.at + b * p.image + (y * p.image_width + x) * p.pixel : -1;
}
""" + GATHER

# A line is a channel of the outputs, which come first, k an output.
OUTPUTS_FIRST = """\
struct NAME_SIDE_line { int at; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  return {line < p.n ? line * p.area : NAME_nowhere};
}
static __device__ inline int NAME_SIDE_find(const NAME_problem &p, NAME_SIDE_line line, int k) {
  return line.at < 0 ? -1 : line.at + NAME_divided(k, p.by_area) * (p.n - 1) * p.area + k;
}
""" + GATHER


def convolve(batch, rows: Axis, columns: Axis, depth, count, dtype, first):
    """The launches of a convolution: of x and the filter. `first` says that channels come first."""
    pixels = batch * rows.output * columns.output
    if not _fits(batch, rows, columns, depth, count):
        return None
    if not first and _is_product(rows, columns):
        return product_launch(pixels, count, depth, False, False, depth, count, count, 1, 0, dtype)
    k, sizes = rows.window * columns.window * depth, _sizes(rows, columns, depth, first)
    sizes["by_depth"] = divisor(depth)
    text = IMAGE.replace("LINES", "n" if first else "m")
    if not first:
        image, weights = Operand(text, ALONG, fours(depth)), matrix("n", True, fours(count))
        sizes |= {"b_row": count, "c_row": count}
        return launches(Product(pixels, count, k, image, weights, by_rows(fours(count)), sizes,
                                dtype, head=_head(rows, columns)))  # fmt: skip
    area = rows.output * columns.output
    weights, image = matrix("m", True, fours(count)), Operand(text, BESIDE, False)
    sizes |= {"a_row": count, "area": area}
    target = Target(CHANNELS_FIRST, fours(area))
    return launches(Product(count, pixels, k, weights, image, target, sizes, dtype, order="bac",
                            head=_head(rows, columns)))  # fmt: skip


def convolve_input(batch, rows: Axis, columns: Axis, depth, count, dtype, first):
    """The launches of a convolution's gradient by the image: of the filter and dy."""
    pixels = batch * rows.size * columns.size
    if not _fits(batch, rows, columns, depth, count):
        return None
    if rows.window * columns.window**2 >= 1 << 14:  # NAME_meet would be wrong
        return None
    if not first and _is_product(rows, columns):
        return product_launch(pixels, depth, count, False, True, count, count, depth, 1, 0, dtype,
                              order="bac")  # fmt: skip
    # The most that a remainder has; NAME_enter knows what is there.
    met = batch * _up(rows.size, rows.stride) * _up(columns.size, columns.stride)
    taps = _taps(rows) * _taps(columns)
    which, name = min(rows.stride, rows.size) * columns.stride, "n" if first else "m"
    area = rows.output * columns.output
    sizes = {
        "batch": batch, "depth": depth, "count": count, "height": rows.output,
        "width": columns.output, "outputs": area * count, "pixel": 1 if first else count,
        "plane": area if first else 1, "image_height": rows.size, "image_width": columns.size,
        "image": rows.size * columns.size * depth, "image_pixel": 1 if first else depth,
        "before_y": rows.before, "before_x": columns.before, "by_count": divisor(count),
    }  # fmt: skip
    weights = Operand(FILTER, ALONG, fours(count))
    gradient = GRADIENT.replace("PIXELS", name)
    common = dict(sizes=sizes, dtype=dtype, batch=which, enter=ENTER.replace("PIXELS", name),
                  head=_head(rows, columns) + COURSE,
                  fields="int by_taps; NAME_course y, x;")  # fmt: skip
    if not first:
        return launches(Product(met, depth, taps * count, Operand(gradient, ALONG, fours(count)),
                                weights, Target(PIXELS_LAST, fours(depth)), order="bac",
                                **common))  # fmt: skip
    whole = rows.stride * columns.stride == 1 and fours(rows.size * columns.size)
    return launches(Product(depth, met, taps * count, weights, Operand(gradient, BESIDE, False),
                            Target(PIXELS_FIRST, whole), **common))  # fmt: skip


def convolve_filter(batch, rows: Axis, columns: Axis, depth, count, dtype, first):
    """The launches of a convolution's gradient by the filter: of x and dy."""
    outputs = batch * rows.output * columns.output
    if not _fits(batch, rows, columns, depth, count):
        return None
    if not first and _is_product(rows, columns):
        return product_launch(depth, count, outputs, True, False, depth, count, count, 1, 0, dtype)
    sizes = {**_sizes(rows, columns, depth, first), "c_row": count}
    sizes |= {"by_width": divisor(columns.output), "by_height": divisor(rows.output)}
    if first:
        area = rows.output * columns.output
        image, gradient = Operand(WINDOWS, ALONG, False), Operand(OUTPUTS_FIRST, ALONG, fours(area))
        sizes |= {"area": area, "by_area": divisor(area)}
    else:
        way = LINES if fours(depth) else BESIDE
        image, gradient = Operand(WINDOWS, way, fours(depth)), matrix("n", True, fours(count))
        sizes |= {"b_row": count}
    m = rows.window * columns.window * depth
    return launches(Product(m, count, outputs, image, gradient, by_rows(fours(count)), sizes, dtype,
                            head=_head(rows, columns)))  # fmt: skip


def _fits(batch, rows, columns, depth, count):
    """Whether indices of 32 bits do, and there is something to add."""
    image, window = rows.size * columns.size, rows.window * columns.window
    arrays = (batch * image * depth, batch * rows.output * columns.output * count,
              window * depth * count)  # fmt: skip
    return max(arrays) < LIMIT and window * depth > 0


def _is_product(rows, columns):
    """Whether a window of one pixel meets each pixel once."""
    return all(
        a.window == a.stride == 1 and a.size == a.output and a.before == 0 for a in (rows, columns)
    )


def _sizes(rows, columns, depth, first):
    """What is known of the image and the outputs when the kernel runs."""
    area = rows.size * columns.size
    return {
        "depth": depth, "height": rows.output, "width": columns.output, "image_height": rows.size,
        "image_width": columns.size, "before_y": rows.before, "before_x": columns.before,
        "image": area * depth, "pixel": 1 if first else depth, "plane": area if first else 1,
    }  # fmt: skip


def _head(rows, columns):
    """What the text knows of the windows."""
    listed = [f"NAME_{what}_{name} = {value}" for name, along in (("y", rows), ("x", columns))
              for what, value in _constants(along).items()]  # fmt: skip
    return f"enum {{ NAME_nowhere = -(1 << 29), {', '.join(listed)} }};\n{INSIDE}"


def _constants(along):
    common = gcd(along.stride, along.dilation)
    return {
        "window": along.window, "stride": along.stride, "dilation": along.dilation,
        "step": along.stride // common, "leap": along.dilation // common,
    }  # fmt: skip


def _taps(along):
    """The most positions of the window that meet a pixel."""
    return _up(along.window, along.stride // gcd(along.stride, along.dilation))


def _up(a, b):
    return -(-a // b)
