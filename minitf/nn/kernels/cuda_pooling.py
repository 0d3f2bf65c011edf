"""Pooling and its gradients in CUDA: a thread for each element of what is made.

Windows slide along the inner axes, whatever these stand for, three of images and four of volumes. A
gradient is gathered: an
element looks at the windows that it is in, and for the maximum asks of each whether it is the first
of the largest there. Each window must meet the image.
"""
from __future__ import annotations

from math import prod

from minitf.core.cuda.kernels import LIMIT, REALS, divisor, for_each
from minitf.nn.windows import Axis

# The first pixel of window i, and what lies behind its last one, on the image.
FIRST = "(i_D * NAME_stride_D - before_D > 0 ? i_D * NAME_stride_D - before_D : 0)"
LAST = """\
(i_D * NAME_stride_D - before_D + NAME_window_D < size_D
       ? i_D * NAME_stride_D - before_D + NAME_window_D : size_D)"""
WINDOW = f"  const int first_D = {FIRST},\n      last_D = {LAST};\n"

# The windows that pixel i is in.
OUTPUTS = """\
  const int reach_D = i_D + before_D - NAME_window_D + 1, end_D = (i_D + before_D) / NAME_stride_D;
  const int from_D = reach_D > 0 ? (reach_D + NAME_stride_D - 1) / NAME_stride_D : 0;
  const int to_D = end_D < output_D ? end_D + 1 : output_D;
"""


def _of_each(line, count):
    """The line for each axis, whose number stands for D."""
    return "".join(line.replace("_D", f"_{d}") for d in range(count))


def _inside(count, letter, size):
    """Where (letter_0, letter_1, ...) is in memory."""
    found = f"{letter}_0"
    for d in range(1, count):
        found = f"({found}) * {size}_{d} + {letter}_{d}"
    return found


def _place(count, made):
    """Which element of what is made a thread makes: (i_0, i_1, ...) of the batch."""
    text = f"  const int rest_{count} = at;\n"
    for d in reversed(range(count)):
        text += (
            f"  const int rest_{d} = NAME_divided(rest_{d + 1}, by_{d});\n"
            f"  const int i_{d} = rest_{d + 1} - rest_{d} * {made}_{d};\n"
        )
    return text + "  const NAME_real *image = ARRAY + rest_0 * image_size;\n"


def _over(count, condition=""):
    """Loops over the pixels of a window."""
    line = f"  for (int u_D = first_D; u_D < last_D{condition}; u_D++)\n"
    return _of_each(line, count)


def _held(count):
    """How many pixels a window has."""
    return " * ".join(f"(last_{d} - first_{d})" for d in range(count))


def _maximum(count):
    return f"""\
{_place(count, "output")}{_of_each(WINDOW, count)}\
  NAME_real best = -INFINITY;
{_over(count)}  best = larger(best, image[{_inside(count, "u", "size")}]);
  out[at] = best;
"""


def _average(count):
    return f"""\
{_place(count, "output")}{_of_each(WINDOW, count)}\
  NAME_real sum = 0;
{_over(count)}  sum += image[{_inside(count, "u", "size")}];
  out[at] = sum / ({_held(count)});
"""


# NaN is the largest where there is one.
LIKE = "image[PLACE] == best || (image[PLACE] != image[PLACE] && best != best)"


def _at_maximum(count):
    return f"""\
{_place(count, "output")}{_of_each(WINDOW, count)}\
  const NAME_real best = y[at], *gradient = grad + rest_0 * image_size;
  NAME_real found = 0;
  bool looking = true;
{_over(count)}  {{
    const int other = {_inside(count, "u", "size")};
    if (!looking || !({LIKE.replace("PLACE", "other")})) continue;
    looking = false;
    found = gradient[other];
  }}
  out[at] = found;
"""


def _gathered(share):
    """The text of a gradient: the sum of what each window gives to a pixel."""

    def text(count):
        loops = _of_each("  for (int o_D = from_D; o_D < to_D; o_D++)\n", count)
        return f"""\
{_place(count, "size")}{_of_each(OUTPUTS, count)}\
  const int pixel = {_inside(count, "i", "size")}, windows = rest_0 * output_size;
  NAME_real sum = 0;
{loops}  {{
    const int output = windows + {_inside(count, "o", "output")};
{_of_each(WINDOW.replace("i_D", "o_D"), count)}{share(count)}  }}
  out[at] = sum;
"""

    return text


def _share_of_average(count):
    return f"    sum += dy[output] / ({_held(count)});\n"


def _share_of_first(count):
    return f"""\
    const NAME_real best = y[output];
    if (!({LIKE.replace("PLACE", "pixel")})) continue;
    bool mine = true;
{_over(count, " && mine")}    {{
      const int other = {_inside(count, "u", "size")};
      if (other >= pixel) break;
      mine = !({LIKE.replace("PLACE", "other")});
    }}
    if (mine) sum += dy[output];
"""


def _share_of_all(count):
    return "    if (image[pixel] == y[output]) sum += dy[output];\n"


def max_pool(batch, axes: list[Axis], dtype):
    """The launch of max pooling, along all axes behind the batch's."""
    return _launch(_maximum, "x out", batch, axes, dtype, "output")


def average_pool(batch, axes: list[Axis], dtype):
    """The launch of average pooling, over the pixels that each window meets."""
    return _launch(_average, "x out", batch, axes, dtype, "output")


def max_pool_gradient(batch, axes: list[Axis], dtype):
    """The launch of max pooling's gradient, from x, y and dy: the first of equals takes it all."""
    return _launch(_gathered(_share_of_first), "x y dy out", batch, axes, dtype, "size")


def max_pool_gradient_to_all(batch, axes: list[Axis], dtype):
    """The same, where each of equals takes it; but a NaN, which equals nothing, none."""
    return _launch(_gathered(_share_of_all), "x y dy out", batch, axes, dtype, "size")


def max_pool_second(batch, axes: list[Axis], dtype):
    """The launch of the gradient of that, from x, y and what is taken from each window."""
    return _launch(_at_maximum, "x y grad out", batch, axes, dtype, "output")


def average_pool_gradient(batch, axes: list[Axis], dtype):
    """The launch of average pooling's gradient, from dy."""
    return _launch(_gathered(_share_of_average), "dy out", batch, axes, dtype, "size")


def _launch(text, arrays, batch, axes, dtype, made):
    """None where nothing is made, and for what there is no kernel."""
    image, outputs = prod(along.size for along in axes), prod(along.output for along in axes)
    extents = [getattr(along, made) for along in axes]
    possible = str(dtype) in REALS and batch * max(image, outputs) < LIMIT
    if not possible or not batch * prod(extents) or any(a.dilation != 1 for a in axes):
        return None
    sizes = {"image_size": image, "output_size": outputs}
    for i, (along, n) in enumerate(zip(axes, extents)):
        sizes |= {f"size_{i}": along.size, f"output_{i}": along.output, f"by_{i}": divisor(n),
                  f"before_{i}": along.before}  # fmt: skip
    constants = {f"{what}_{i}": getattr(along, what) for i, along in enumerate(axes)
                 for what in ("window", "stride")}  # fmt: skip
    body = text(len(axes)).replace("ARRAY", arrays.split()[0])
    return for_each(body, batch * prod(extents), sizes, arrays, dtype, constants)
