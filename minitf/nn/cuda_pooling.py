"""Pooling and its gradients in CUDA: a thread for each element of what is made.

Windows slide along the three inner axes, whatever these stand for. A gradient is gathered: an
element looks at the windows that it is in, and for the maximum asks of each whether it is the first
of the largest there. Each window must meet the image.
"""
from __future__ import annotations

from minitf.core.cuda_kernel import LIMIT, REALS, divisor, for_each
from minitf.nn.windows import Axis

PLACE = """\
  const int a = NAME_divided(at, by_2), b = NAME_divided(a, by_1), batch = NAME_divided(b, by_0);
  const int i_0 = b - batch * PLACED_0, i_1 = a - b * PLACED_1, i_2 = at - a * PLACED_2;
  const NAME_real *image = ARRAY + batch * image_size;
"""

# The first pixel of window i, and what lies behind its last one, on the image.
FIRST = "(i_D * NAME_stride_D - before_D > 0 ? i_D * NAME_stride_D - before_D : 0)"
LAST = """\
(i_D * NAME_stride_D - before_D + NAME_window_D < size_D
       ? i_D * NAME_stride_D - before_D + NAME_window_D : size_D)"""

WINDOW = "".join(
    f"  const int first_{d} = {FIRST},\n      last_{d} = {LAST};\n".replace("_D", f"_{d}")
    for d in range(3)
)
OVER = """\
  for (int u = first_0; u < last_0; u++)
    for (int v = first_1; v < last_1; v++)
      for (int w = first_2; w < last_2; w++)
"""
PIXEL = "(u * size_1 + v) * size_2 + w"

MAXIMUM = PLACE + WINDOW + f"""\
  NAME_real best = -INFINITY;
{OVER}        best = larger(best, image[{PIXEL}]);
  out[at] = best;
"""

AVERAGE = PLACE + WINDOW + f"""\
  NAME_real sum = 0;
{OVER}        sum += image[{PIXEL}];
  out[at] = sum / ((last_0 - first_0) * (last_1 - first_1) * (last_2 - first_2));
"""

# The windows that pixel i is in.
OUTPUTS = "".join(
    """\
  const int reach_D = i_D + before_D - NAME_window_D + 1, end_D = (i_D + before_D) / NAME_stride_D;
  const int from_D = reach_D > 0 ? (reach_D + NAME_stride_D - 1) / NAME_stride_D : 0;
  const int to_D = end_D < output_D ? end_D + 1 : output_D;
""".replace("_D", f"_{d}")
    for d in range(3)
)
OF_OUTPUT = WINDOW.replace("i_", "o_").replace("  const", "        const")
EACH = f"""\
  const int pixel = (i_0 * size_1 + i_1) * size_2 + i_2, windows = batch * output_size;
  NAME_real sum = 0;
  for (int o_0 = from_0; o_0 < to_0; o_0++)
    for (int o_1 = from_1; o_1 < to_1; o_1++)
      for (int o_2 = from_2; o_2 < to_2; o_2++) {{
        const int output = windows + (o_0 * output_1 + o_1) * output_2 + o_2;
{OF_OUTPUT}SHARE
      }}
  out[at] = sum;
"""

OF_AVERAGE = PLACE + OUTPUTS + EACH.replace("SHARE", """\
        sum += dy[output] / ((last_0 - first_0) * (last_1 - first_1) * (last_2 - first_2));""")

# NaN is the largest where there is one.
LIKE = "image[PLACE] == best || (image[PLACE] != image[PLACE] && best != best)"
OF_MAXIMUM = PLACE + OUTPUTS + EACH.replace("SHARE", f"""\
        const NAME_real best = y[output];
        if (!({LIKE.replace("PLACE", "pixel")})) continue;
        bool mine = true;
        for (int u = first_0; u <= i_0 && mine; u++)
          for (int v = first_1; v < last_1 && mine; v++)
            for (int w = first_2; w < last_2 && mine; w++) {{
              const int other = {PIXEL};
              if (other >= pixel) break;
              mine = !({LIKE.replace("PLACE", "other")});
            }}
        if (mine) sum += dy[output];""")

AT_MAXIMUM = PLACE + WINDOW + f"""\
  const NAME_real best = y[at], *gradient = grad + batch * image_size;
  NAME_real found = 0;
  bool looking = true;
{OVER}      {{
        const int other = {PIXEL};
        if (!looking || !({LIKE.replace("PLACE", "other")})) continue;
        looking = false;
        found = gradient[other];
      }}
  out[at] = found;
"""


def max_pool(batch, axes: list[Axis], dtype):
    """The launch of max pooling, along these three axes."""
    return _pooled(MAXIMUM, "x out", batch, axes, dtype)


def average_pool(batch, axes: list[Axis], dtype):
    """The launch of average pooling, over the pixels that each window meets."""
    return _pooled(AVERAGE, "x out", batch, axes, dtype)


def max_pool_gradient(batch, axes: list[Axis], dtype):
    """The launch of max pooling's gradient, from x, y and dy: the first of equals takes it all."""
    return _gathered(OF_MAXIMUM, "x y dy out", batch, axes, dtype)


def max_pool_second(batch, axes: list[Axis], dtype):
    """The launch of the gradient of that, from x, y and what is taken from each window."""
    return _pooled(AT_MAXIMUM, "x y grad out", batch, axes, dtype)


def average_pool_gradient(batch, axes: list[Axis], dtype):
    """The launch of average pooling's gradient, from dy."""
    return _gathered(OF_AVERAGE.replace("ARRAY", "dy"), "dy out", batch, axes, dtype)


def _pooled(text, arrays, batch, axes, dtype):
    return _launch(text.replace("PLACED", "output"), arrays, batch, axes, dtype,
                   [along.output for along in axes])  # fmt: skip


def _gathered(text, arrays, batch, axes, dtype):
    return _launch(text.replace("PLACED", "size"), arrays, batch, axes, dtype,
                   [along.size for along in axes])  # fmt: skip


def _launch(text, arrays, batch, axes, dtype, made):
    """None where nothing is made, and for what there is no kernel."""
    image, outputs = _volume(along.size for along in axes), _volume(along.output for along in axes)
    possible = str(dtype) in REALS and batch * max(image, outputs) < LIMIT
    if not possible or not batch * _volume(made) or any(a.dilation != 1 for a in axes):
        return None
    sizes = {"image_size": image, "output_size": outputs}
    for i, (along, n) in enumerate(zip(axes, made)):
        sizes |= {f"size_{i}": along.size, f"output_{i}": along.output, f"by_{i}": divisor(n),
                  f"before_{i}": along.before}  # fmt: skip
    constants = {f"{what}_{i}": getattr(along, what) for i, along in enumerate(axes)
                 for what in ("window", "stride")}  # fmt: skip
    return for_each(text.replace("ARRAY", "x"), batch * _volume(made), sizes, arrays, dtype,
                    constants)  # fmt: skip


def _volume(sizes):
    product = 1
    for size in sizes:
        product *= size
    return product
