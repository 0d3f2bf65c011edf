"""`tf.contrib.integrate`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.integrate.adaptive import odeint
from minitf.contrib.integrate.fixed import odeint_fixed
