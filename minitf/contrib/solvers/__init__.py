"""`tf.contrib.solvers`: systems of equations by iteration; names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.solvers import lanczos, least_squares, linear_equations, util
