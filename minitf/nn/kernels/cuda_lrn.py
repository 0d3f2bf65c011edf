"""Local response normalization and its gradient in CUDA: a thread for each element."""
from __future__ import annotations

from math import isfinite, prod

from minitf.core.cuda.kernels import LIMIT, REALS, divisor, for_each
from minitf.core.kernel import Launch

MOST = 8  # channels on either side: the gradient sums up a square of them

# `around(k)` is bias + alpha * the sum of the squares around channel k.
PLACE = """\
  const int channel = at - NAME_divided(at, by_depth) * depth;
  const NAME_real *pixel = x + (at - channel);
  const auto around = [=](int k) {
    NAME_real sum = 0;
    for (int i = k - NAME_radius; i <= k + NAME_radius; i++)
      if (i >= 0 && i < depth) sum += pixel[i] * pixel[i];
    return sum * (NAME_real)(ALPHA) + (NAME_real)(BIAS);
  };
  const NAME_real norm = around(channel), root = sqrt(norm);
  const NAME_real power = BETA == 0.5 ? 1 / root : BETA == 0.75 ? 1 / (root * sqrt(root))
      : pow(norm, (NAME_real)-(BETA));
"""
FORWARD = PLACE + "  out[at] = x[at] * power;\n"
BACKWARD = PLACE + """\
  NAME_real sum = 0;
  for (int k = channel - NAME_radius; k <= channel + NAME_radius; k++)
    if (k >= 0 && k < depth) {
      const int other = at - channel + k;
      sum += dy[other] * y[other] / around(k);
    }
  out[at] = dy[at] * power - sum * x[at] * (NAME_real)(2 * (ALPHA) * (BETA));
"""


def normalize(shape, dtype, **known) -> Launch | None:
    """The launch of the normalization, of x: `known` are depth_radius, bias, alpha and beta."""
    return _launch(FORWARD, "x out", shape, dtype, **known)


def normalize_gradient(shape, dtype, **known) -> Launch | None:
    """The launch of its gradient, of dy, x and y."""
    return _launch(BACKWARD, "dy x y out", shape, dtype, **known)


def _launch(text, arrays, shape, dtype, *, depth_radius, bias, alpha, beta):
    count, depth = prod(shape), shape[-1]
    possible = str(dtype) in REALS and 0 < count < LIMIT and 0 <= depth_radius <= MOST
    if not possible or not all(map(isfinite, (bias, alpha, beta))):
        return None
    for name, value in (("BIAS", bias), ("ALPHA", alpha), ("BETA", beta)):
        text = text.replace(name, repr(float(value)))
    sizes = {"depth": depth, "by_depth": divisor(depth)}
    return for_each(text, count, sizes, arrays, dtype, {"radius": depth_radius})
