"""Single ops, for minitf and TensorFlow 1.15: each writes its result into a variable, so that a
step is the op and nothing is brought back."""
import numpy as np

from benchmarks.training import Training


def build(tf, row):
    """The row, ready to run: `step` computes the op once."""
    tf.reset_default_graph()
    function, draw = OPS[row.model]
    arrays = [array.astype(row.dtype) for array in draw(np.random.RandomState(0), row.sizes)]
    feeds = {tf.placeholder(row.dtype, array.shape): array for array in arrays}
    inputs = [tf.Variable(placeholder) for placeholder in feeds]
    result = function(tf, *inputs)
    output = tf.Variable(tf.zeros(result.shape, result.dtype))
    computed = output.assign(result).op
    session = tf.Session()
    session.run(tf.global_variables_initializer(), feeds)
    total = tf.reduce_sum(output)

    def loss():
        session.run(computed)
        return session.run(total)

    return Training(step=lambda: session.run(computed), loss=loss)


def normal(random, sizes):
    return [3 * random.randn(*sizes)]


def positive(random, sizes):
    return [random.uniform(0.05, 20, sizes)]


def two_positive(random, sizes):
    return positive(random, sizes) + positive(random, sizes)


def shares(random, sizes):
    return [*two_positive(random, sizes), random.uniform(0, 1, sizes)]


def above_1(random, sizes):
    return [1.1 + random.uniform(0, 10, sizes), random.uniform(0.05, 20, sizes)]


def orders(random, sizes):
    return [random.randint(0, 4, sizes).astype(float), random.uniform(0.05, 20, sizes)]


def colours(random, sizes):
    return [random.uniform(0, 1, sizes)]


def slope_by_a(tf, a, x):
    return tf.gradients(tf.igamma(a, x), a)[0]


def slope(name):
    return lambda tf, x: tf.gradients(getattr(tf.math, name)(x), x)[0]


def of_math(name):
    return lambda tf, *inputs: getattr(tf.math, name)(*inputs)


def of_images(name, *arguments):
    return lambda tf, image: getattr(tf.image, name)(image, *arguments)


SPECIAL = {
    "erf": (of_math("erf"), normal),
    "erfc": (of_math("erfc"), normal),
    "lgamma": (of_math("lgamma"), positive),
    "digamma": (of_math("digamma"), positive),
    "slope of digamma": (slope("digamma"), positive),
    "polygamma": (of_math("polygamma"), orders),
    "zeta": (of_math("zeta"), above_1),
    "igamma": (of_math("igamma"), two_positive),
    "igammac": (of_math("igammac"), two_positive),
    "slope of igamma by a": (slope_by_a, two_positive),
    "betainc": (of_math("betainc"), shares),
    "bessel_i0e": (of_math("bessel_i0e"), normal),
    "bessel_i1e": (of_math("bessel_i1e"), normal),
}
COLOURS = {
    "rgb_to_hsv": (of_images("rgb_to_hsv"), colours),
    "hsv_to_rgb": (of_images("hsv_to_rgb"), colours),
    "adjust_hue": (of_images("adjust_hue", 0.3), colours),
    "adjust_saturation": (of_images("adjust_saturation", 1.7), colours),
    "rgb_to_grayscale": (of_images("rgb_to_grayscale"), colours),
    "rgb_to_yiq": (of_images("rgb_to_yiq"), colours),
}
OPS = {**SPECIAL, **COLOURS}
