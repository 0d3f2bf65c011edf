"""Convolution and its two gradients in CUDA: products of matrices that are never written down.

The rows of A are windows of the image, its columns the positions of a window and their channels;
what an element is follows from its row and column when it is loaded ("implicit GEMM", Chetlur et
al. 2014, "cuDNN: Efficient Primitives for Deep Learning"). With channels first, pixels are the
columns of the product, so that neighbouring threads load and store neighbouring pixels.

Windows slide along planes, rows and columns: z, y and x in the names. Images are volumes of one
plane, of which the text knows that it is `flat`.
"""
from __future__ import annotations

from math import gcd, prod

from minitf.core.cuda.kernels import LIMIT, divisor, listed
from minitf.core.cuda.product import (
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
from minitf.nn.windows import STILL, Axis, three

EXTENTS = ("planes", "height", "width")

INSIDE = """\
static __device__ inline bool NAME_inside(int i, int size) { return (unsigned)i < (unsigned)size; }

/* Of a row of the window, counted through all planes: the plane, and the row in it. */
static __device__ inline int NAME_plane_of(int rows) {
  return NAME_flat ? 0 : rows / NAME_window_y;
}
static __device__ inline int NAME_row_of(int rows) {
  return NAME_flat ? rows : rows % NAME_window_y;
}
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
struct NAME_SIDE_line { int at, z, y, x; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  if (line >= p.LINES) return {0, 0, NAME_nowhere, 0};
  int area = p.height * p.width, plane = line / area, rest = line % area;
  int b = NAME_flat ? plane : plane / p.planes;
  int z = NAME_flat ? 0 : plane % p.planes * NAME_stride_z - p.before_z;
  int y = rest / p.width * NAME_stride_y - p.before_y;
  int x = rest % p.width * NAME_stride_x - p.before_x;
  return {b * p.image + ((z * p.image_height + y) * p.image_width + x) * p.pixel, z, y, x};
}
static __device__ inline int NAME_SIDE_find(const NAME_problem &p, NAME_SIDE_line line, int k) {
  int tap = NAME_divided(k, p.by_depth), channel = k - tap * p.depth, rows = tap / NAME_window_x;
  int h = NAME_plane_of(rows) * NAME_dilation_z, i = NAME_row_of(rows) * NAME_dilation_y;
  int j = tap % NAME_window_x * NAME_dilation_x;
  bool there = NAME_inside(line.y + i, p.image_height) & NAME_inside(line.x + j, p.image_width)
      & (NAME_flat | NAME_inside(line.z + h, p.image_planes));
  int from = ((h * p.image_height + i) * p.image_width + j) * p.pixel + channel * p.plane;
  return there ? line.at + from : -1;
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
  int rows = which / NAME_stride_x;
  p.x = NAME_follow(which % NAME_stride_x, p.before_x, p.image_width, NAME_window_x,
                    NAME_stride_x, NAME_dilation_x, NAME_step_x);
  p.y = NAME_follow(rows % NAME_stride_y, p.before_y, p.image_height, NAME_window_y,
                    NAME_stride_y, NAME_dilation_y, NAME_step_y);
  p.z = NAME_follow(rows / NAME_stride_y, p.before_z, p.image_planes, NAME_window_z,
                    NAME_stride_z, NAME_dilation_z, NAME_step_z);
  p.k = p.z.taps * p.y.taps * p.x.taps * p.count;
  p.PIXELS = p.batch * p.z.count * p.y.count * p.x.count;
  p.by_taps = p.x.taps ? 65536 / p.x.taps + 1 : 0;
  p.by_rows = p.y.taps ? 65536 / p.y.taps + 1 : 0;
  return p.PIXELS > 0;
}

struct NAME_met { int h, i, j, channel; };
static __device__ inline NAME_met NAME_meet(const NAME_problem &p, int k) {
  int tap = NAME_divided(k, p.by_count), rows = tap * p.by_taps >> 16;
  int h = NAME_flat ? 0 : rows * p.by_rows >> 16;
  return {h, rows - h * p.y.taps, tap - rows * p.x.taps, k - tap * p.count};
}

struct NAME_place { int b, z, y, x; };
static __device__ inline NAME_place NAME_placed(const NAME_problem &p, int line) {
  int area = p.y.count * p.x.count, plane = line / area, rest = line % area;
  return {NAME_flat ? plane : plane / p.z.count, NAME_flat ? 0 : plane % p.z.count,
          rest / p.x.count, rest % p.x.count};
}
"""

# A line is a pixel, k a position of the window that meets it and a channel of the outputs.
GRADIENT = """\
struct NAME_SIDE_line { int at, z, y, x; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  if (line >= p.PIXELS) return {0, 0, NAME_nowhere, 0};
  NAME_place place = NAME_placed(p, line);
  int z = NAME_flat ? 0 : p.z.base + place.z, y = p.y.base + place.y, x = p.x.base + place.x;
  return {place.b * p.outputs + ((z * p.height + y) * p.width + x) * p.pixel, z, y, x};
}
static __device__ inline int NAME_SIDE_find(const NAME_problem &p, NAME_SIDE_line line, int k) {
  NAME_met met = NAME_meet(p, k);
  int h = met.h * NAME_leap_z, i = met.i * NAME_leap_y, j = met.j * NAME_leap_x;
  bool there = NAME_inside(line.y - i, p.height) & NAME_inside(line.x - j, p.width)
      & (NAME_flat | NAME_inside(line.z - h, p.planes));
  int back = ((h * p.height + i) * p.width + j) * p.pixel;
  return there ? line.at - back + met.channel * p.plane : -1;
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
  int h = NAME_flat ? 0 : p.z.first + met.h * NAME_step_z;
  int i = p.y.first + met.i * NAME_step_y, j = p.x.first + met.j * NAME_step_x;
  int tap = (h * NAME_window_y + i) * NAME_window_x + j;
  return line.at < 0 ? -1 : line.at + tap * p.depth * p.count + met.channel;
}
""" + GATHER

PIXELS_LAST = """\
static __device__ inline int NAME_pixel(const NAME_problem &p, int line) {
  NAME_place at = NAME_placed(p, line);
  int z = NAME_flat ? 0 : p.z.pixel + at.z * NAME_stride_z;
  int y = p.y.pixel + at.y * NAME_stride_y, x = p.x.pixel + at.x * NAME_stride_x;
  return at.b * p.image + ((z * p.image_height + y) * p.image_width + x) * p.image_pixel;
}
static __device__ inline int NAME_row(const NAME_problem &p, int row) {
  if (NAME_stride_z * NAME_stride_y * NAME_stride_x == 1) return row * p.depth;
  return NAME_pixel(p, row);
}
static __device__ inline int NAME_column(const NAME_problem &p, int column) { return column; }
"""
PIXELS_FIRST = PIXELS_LAST[: PIXELS_LAST.index("static __device__ inline int NAME_row")] + """\
static __device__ inline int NAME_row(const NAME_problem &p, int row) {
  return row * (p.image_planes * p.image_height * p.image_width);
}
static __device__ inline int NAME_column(const NAME_problem &p, int column) {
  return NAME_pixel(p, column);
}
"""

# A line is a position of the window and a channel, k an output.
WINDOWS = """\
struct NAME_SIDE_line { int at, z, y, x; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  if (line >= p.m) return {0, 0, NAME_nowhere, 0};
  int tap = line / p.depth, channel = line % p.depth, rows = tap / NAME_window_x;
  int z = NAME_flat ? 0 : NAME_plane_of(rows) * NAME_dilation_z - p.before_z;
  int y = NAME_row_of(rows) * NAME_dilation_y - p.before_y;
  int x = tap % NAME_window_x * NAME_dilation_x - p.before_x;
  int at = ((z * p.image_height + y) * p.image_width + x) * p.pixel + channel * p.plane;
  return {at, z, y, x};
}
static __device__ inline int NAME_SIDE_find(const NAME_problem &p, NAME_SIDE_line line, int k) {
  int rows = NAME_divided(k, p.by_width), planes = NAME_divided(rows, p.by_height);
  int b = NAME_flat ? planes : NAME_divided(planes, p.by_planes);
  int z = NAME_flat ? 0 : (planes - b * p.planes) * NAME_stride_z;
  int x = (k - rows * p.width) * NAME_stride_x, y = (rows - planes * p.height) * NAME_stride_y;
  bool there = NAME_inside(line.y + y, p.image_height) & NAME_inside(line.x + x, p.image_width)
      & (NAME_flat | NAME_inside(line.z + z, p.image_planes));
  int from = b * p.image + ((z * p.image_height + y) * p.image_width + x) * p.pixel;
  return there ? line.at + from : -1;
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


def convolve(batch, axes: list[Axis], depth, count, dtype, first):
    """The launches of a convolution along one to three axes: of x and the filter. `first` says that
    channels come first."""
    axes = three(axes)
    area = prod(a.output for a in axes)
    pixels = batch * area
    if not _fits(batch, axes, depth, count):
        return None
    if not first and _is_product(axes):
        return product_launch(pixels, count, depth, False, False, depth, count, count, 1, 0, dtype)
    k, sizes = prod(a.window for a in axes) * depth, _sizes(axes, depth, first)
    sizes["by_depth"] = divisor(depth)
    text = IMAGE.replace("LINES", "n" if first else "m")
    if not first:
        image, weights = Operand(text, ALONG, fours(depth)), matrix("n", True, fours(count))
        sizes |= {"b_row": count, "c_row": count}
        return launches(Product(pixels, count, k, image, weights, by_rows(fours(count)), sizes,
                                dtype, head=_head(axes)))  # fmt: skip
    weights, image = matrix("m", True, fours(count)), Operand(text, BESIDE, False)
    sizes |= {"a_row": count, "area": area}
    target = Target(CHANNELS_FIRST, fours(area))
    return launches(Product(count, pixels, k, weights, image, target, sizes, dtype, order="bac",
                            head=_head(axes)))  # fmt: skip


def convolve_input(batch, axes: list[Axis], depth, count, dtype, first):
    """The launches of a convolution's gradient by the image: of the filter and dy."""
    axes = three(axes)
    image, area = (prod(getattr(a, what) for a in axes) for what in ("size", "output"))
    if not (_fits(batch, axes, depth, count) and _divides(axes)):
        return None
    if not first and _is_product(axes):
        return product_launch(batch * image, depth, count, False, True, count, count, depth, 1, 0,
                              dtype, order="bac")  # fmt: skip
    # The most that a remainder has; NAME_enter knows what is there.
    met, taps = batch * prod(_up(a.size, a.stride) for a in axes), prod(map(_taps, axes))
    strides, name = prod(a.stride for a in axes), "n" if first else "m"
    sizes = _sizes(axes, depth, first) | {
        "batch": batch, "count": count, "outputs": area * count, "pixel": 1 if first else count,
        "plane": area if first else 1, "image_pixel": 1 if first else depth,
        "by_count": divisor(count),
    }  # fmt: skip
    weights = Operand(FILTER, ALONG, fours(count))
    gradient = GRADIENT.replace("PIXELS", name)
    common = dict(sizes=sizes, dtype=dtype, batch=strides, enter=ENTER.replace("PIXELS", name),
                  head=_head(axes) + COURSE,
                  fields="int by_taps, by_rows; NAME_course z, y, x;")  # fmt: skip
    if not first:
        return launches(Product(met, depth, taps * count, Operand(gradient, ALONG, fours(count)),
                                weights, Target(PIXELS_LAST, fours(depth)), order="bac",
                                **common))  # fmt: skip
    target = Target(PIXELS_FIRST, strides == 1 and fours(image))
    return launches(Product(depth, met, taps * count, weights, Operand(gradient, BESIDE, False),
                            target, **common))  # fmt: skip


def convolve_filter(batch, axes: list[Axis], depth, count, dtype, first):
    """The launches of a convolution's gradient by the filter: of x and dy."""
    axes = three(axes)
    area = prod(a.output for a in axes)
    outputs = batch * area
    if not _fits(batch, axes, depth, count):
        return None
    if not first and _is_product(axes):
        return product_launch(depth, count, outputs, True, False, depth, count, count, 1, 0, dtype)
    sizes = {**_sizes(axes, depth, first), "c_row": count}
    sizes |= {f"by_{name}": divisor(a.output) for name, a in zip(EXTENTS, axes)}
    if first:
        image, gradient = Operand(WINDOWS, ALONG, False), Operand(OUTPUTS_FIRST, ALONG, fours(area))
        sizes |= {"area": area, "by_area": divisor(area)}
    else:
        way = LINES if fours(depth) else BESIDE
        image, gradient = Operand(WINDOWS, way, fours(depth)), matrix("n", True, fours(count))
        sizes |= {"b_row": count}
    m = prod(a.window for a in axes) * depth
    return launches(Product(m, count, outputs, image, gradient, by_rows(fours(count)), sizes, dtype,
                            head=_head(axes)))  # fmt: skip


def _fits(batch, axes, depth, count):
    """Whether indices of 32 bits do, and there is something to add."""
    image, outputs, window = (prod(getattr(a, what) for a in axes)
                              for what in ("size", "output", "window"))  # fmt: skip
    arrays = (batch * image * depth, batch * outputs * count, window * depth * count)
    return max(arrays) < LIMIT and window * depth > 0


def _divides(axes):
    """Whether NAME_meet, which divides by multiplying, would be right."""
    planes, rows, columns = (a.window for a in axes)
    rows_of_planes = 0 if axes[0] == STILL else planes * rows**2
    return max(planes * rows * columns**2, rows_of_planes) < 1 << 14


def _is_product(axes):
    """Whether a window of one pixel meets each pixel once."""
    return all(a.window == a.stride == 1 and a.size == a.output and a.before == 0 for a in axes)


def _sizes(axes, depth, first):
    """What is known of the image and the outputs when the kernel runs."""
    image = prod(a.size for a in axes)
    sizes = {"depth": depth, "image": image * depth, "pixel": 1 if first else depth,
             "plane": image if first else 1}  # fmt: skip
    for name, letter, a in zip(EXTENTS, "zyx", axes):
        sizes |= {name: a.output, f"image_{name}": a.size, f"before_{letter}": a.before}
    return sizes


def _head(axes):
    """What the text knows of the windows."""
    constants = {"nowhere": -(1 << 29), "flat": int(axes[0] == STILL)}
    for letter, a in zip("zyx", axes):
        constants |= {f"{what}_{letter}": value for what, value in _constants(a).items()}
    return f"enum {{ {listed(constants)} }};\n{INSIDE}"


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
