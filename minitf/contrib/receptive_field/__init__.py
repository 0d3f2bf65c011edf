"""`tf.contrib.receptive_field`: which part of an image a position of a feature map is made of."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.receptive_field.graph_compute_order import get_compute_order
from minitf.contrib.receptive_field.receptive_field import compute_receptive_field_from_graph_def

missing.explain(missing.sys.modules[__name__])
