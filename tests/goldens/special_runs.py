"""Special functions on grids of arguments, for recording and for the test."""

X = [-7.3, -2.5, -1.25, -0.5, -0.01, 0.02, 0.3, 0.5, 1.0, 1.5, 2.0, 3.7, 8.0, 15.5, 40.0, 120.0]
ABOVE = [0.02, 0.3, 0.5, 1.0, 1.5, 2.0, 3.7, 8.0, 15.5, 40.0]
SHARES = [0.01, 0.2, 0.45, 0.5, 0.75, 0.99]
ARGUMENTS = {
    "erf": [X], "erfc": [X], "lgamma": [X], "digamma": [X], "bessel_i0e": [X], "bessel_i1e": [X],
    "asinh": [X], "acosh": [[1.0, 1.001, 1.5, 7.0, 300.0]],
    "atanh": [[-0.999, -0.2, 0.0, 0.3, 0.9]],
    "expm1": [X], "log1p": [[-0.9, -0.01, 1e-8, 0.5, 30.0]],
    "igamma": [ABOVE, ABOVE], "igammac": [ABOVE, ABOVE], "zeta": [[1.1, 1.5, 2.0, 3.5, 9.0], ABOVE],
    "polygamma": [[0.0, 1.0, 2.0, 3.0, 7.0], ABOVE],
    "betainc": [[0.4, 1.0, 2.5, 10.0, 35.0], [0.3, 1.0, 4.0, 20.0], SHARES],
    "igamma_grad_a": [ABOVE, ABOVE],
}  # fmt: skip


def values(tf, np, name, dtype):
    """The function on all combinations of its arguments."""
    tf.reset_default_graph()
    grid = np.meshgrid(*(np.array(x, dtype) for x in ARGUMENTS[name]), indexing="ij")
    inputs = [tf.constant(x) for x in grid]
    if name == "igamma_grad_a":
        result = tf.gradients(tf.igamma(*inputs), inputs[0])[0]
    else:
        result = getattr(tf.math, name)(*inputs)
    with tf.Session() as session:
        return session.run(result)
