"""Colours in C and in CUDA: one text of what becomes of a pixel serves both.

A loop over pixels reads three neighbours and writes three, without branches, so that it becomes one
of vectors.
"""
import numpy as np

from minitf.core.cuda.kernels import LIMIT, for_each
from minitf.core.kernel import Kernel
from minitf.core.native_rows import rows

REALS = {"float32": ("float", "f"), "float64": ("double", "")}

# The hue counted in sixths of a turn, in [0, 6]; 0 for grey.
HUE = """
    const REAL least = smallerF(smallerF(a, b), c), value = largerF(largerF(a, b), c);
    const REAL span = value - least;
    const REAL over = 1 / chooseF(span > 0, span, 1);
    REAL hue = chooseF(b == value, (c - a) * over + 2, (a - b) * over + 4);
    hue = chooseF(span > 0, chooseF(a == value, (b - c) * over, hue), 0);
    hue += chooseF(hue < 0, 6, 0);
"""
SATURATION = "    REAL saturation = chooseF(value > 0, span / chooseF(value > 0, value, 1), 0);"
# How far each channel is from the least one to the greatest.
SHARES = """
    const REAL red = smallerF(largerF(fabsF(hue - 3) - 1, 0), 1);
    const REAL green = smallerF(largerF(2 - fabsF(hue - 2), 0), 1);
    const REAL blue = smallerF(largerF(2 - fabsF(hue - 4), 0), 1);
"""
COLOURED = """
    const REAL rest = 1 - saturation;
    y[0] = (rest + saturation * red) * value;
    y[1] = (rest + saturation * green) * value;
    y[2] = (rest + saturation * blue) * value;
"""
PIXELS = {
    "rgb_to_hsv": [HUE, SATURATION, "    y[0] = hue / 6, y[1] = saturation, y[2] = value;"],
    "hsv_to_rgb": ["    const REAL hue = a * 6, saturation = b, value = c;", SHARES, COLOURED],
    "adjust_hue": [HUE, """
    hue += by * 6;
    hue -= floorF(hue / 6) * 6;""", SHARES, """
    y[0] = chooseF(red == 1, value, least + red * span);
    y[1] = chooseF(green == 1, value, least + green * span);
    y[2] = chooseF(blue == 1, value, least + blue * span);"""],
    "adjust_saturation": [HUE, SATURATION, """
    saturation = smallerF(largerF(saturation * by, 0), 1);""", SHARES, COLOURED],
}  # fmt: skip

IN_C = """\
typedef struct { const REAL *x, *by; REAL *y; int64_t pixels, step; } NAME_context;

static void NAME_part(void *context, int64_t part) {
  const NAME_context *given = context;
  const int64_t first = part * given->step, end = first + given->step;
  const int64_t last = end < given->pixels ? end : given->pixels;
  const REAL *restrict all = given->x, by = given->by ? *given->by : 0;
  REAL *restrict results = given->y;
  #pragma omp simd
  for (int64_t i = first; i < last; i++) {
    const REAL a = all[3 * i], b = all[3 * i + 1], c = all[3 * i + 2];
    REAL *y = results + 3 * i;
PIXEL
  }
}

static void NAME(const int64_t *n, void *const *p) {
  const int64_t parts = n[0] < 20000 ? 1 : 4 * thread_count();
  NAME_context context = {p[0], INPUTS == 2 ? p[1] : 0, p[INPUTS], n[0], (n[0] + parts - 1) / parts};
  if (parts == 1) NAME_part(&context, 0);
  else parallel(NAME_part, &context, parts);
}
"""  # noqa: E501

# As many sums at once as LANES hold, of whole pixels, so that they become vectors.
LANES = 96
CONTRAST = """\
    float sums[LANES] = {0}, mean[LANES];
    const float *x = x0 + row * length, by = x1[0];
    float *y = y0 + row * length;
    const int64_t lanes = LANES / depth * depth;
    int64_t i = 0;
    for (; i + LANES <= length; i += lanes)
      for (int64_t k = 0; k < LANES; k++) sums[k] += x[i + k];
    for (int64_t k = lanes; k < LANES; k++) sums[k] = 0;
    for (int64_t k = 0; i + k < length; k++) sums[k % lanes] += x[i + k];
    for (int64_t k = depth; k < lanes; k++) sums[k % depth] += sums[k];
    for (int64_t k = 0; k < LANES; k++) mean[k] = sums[k % depth] / (float)(length / depth);
    for (i = 0; i + LANES <= length; i += lanes)
      for (int64_t k = 0; k < LANES; k++) y[i + k] = (x[i + k] - mean[k]) * by + mean[k];
    for (int64_t k = 0; i + k < length; k++)
      y[i + k] = (x[i + k] - mean[k % depth]) * by + mean[k % depth];"""

IN_CUDA = """\
  const NAME_real a = x[3 * at], b = x[3 * at + 1], c = x[3 * at + 2];
  NAME_real *y = out + 3 * at;
"""


def native(name, image, inputs=1) -> Kernel | None:
    """The kernel in C of one of PIXELS, for an image and, with two inputs, by how much to change
    it; None where there is none for the type."""
    if not _possible(image):
        return None
    text = IN_C.replace("PIXEL\n", "".join(PIXELS[name]) + "\n").replace("INPUTS", str(inputs))
    return Kernel(_of_type(text, image.dtype), (_pixels(image),))


def contrast(given, outputs) -> Kernel | None:
    """The kernel of AdjustContrastv2, a row of which is an image; None for others than float32."""
    image, _ = given
    *_, height, width, depth = image.shape
    length = height * width * depth
    if image.dtype.name != "float32" or not 0 < depth <= LANES // 2 or not length:
        return None
    body = CONTRAST.replace("LANES", str(LANES))
    count = int(np.prod(image.shape[:-3], dtype=np.int64))
    return rows(body, given, outputs, count, length, sizes={"depth": depth})


def cuda(name, image, inputs=1):
    """The launch of the same."""
    if not _possible(image) or not 0 < 3 * _pixels(image) < LIMIT:
        return None
    changed = "  const NAME_real by = *amount;\n" if inputs == 2 else ""
    text = _of_type(IN_CUDA + changed + "".join(PIXELS[name]) + "\n", image.dtype)
    return for_each(text, _pixels(image), {}, "x amount out" if changed else "x out", image.dtype)


def _possible(image):
    return image.dtype.name in REALS and image.shape[-1:] == (3,)


def _pixels(image):
    return int(np.prod(image.shape[:-1], dtype=np.int64))


def _of_type(text, dtype):
    c_type, suffix = REALS[dtype.name]
    for word in ("larger", "smaller", "choose", "fabs", "floor"):
        text = text.replace(f"{word}F(", f"{word}{suffix}(")
    return text.replace("REAL", c_type)
