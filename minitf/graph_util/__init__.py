"""`tf.graph_util`: graphs as messages, read, cut and made constant."""
# ruff: noqa: F401

from minitf.graph_util import control_rules, gradient_rules, update_rules, variable_rules
from minitf.graph_util.importer import import_graph_def
