"""`tf.contrib.bayesflow`: `monte_carlo`, which is what was left of it in TensorFlow 1.15."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.bayesflow import monte_carlo

missing.explain(missing.sys.modules[__name__])
