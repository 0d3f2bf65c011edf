"""`tf.graph_util`: graphs as messages, read, cut and made constant."""
# ruff: noqa: F401

from minitf.graph_util import (
    control_rules,
    create_op,
    dataset_rules,
    gradient_rules,
    update_rules,
    variable_rules,
)
from minitf.graph_util.constants import convert_variables_to_constants
from minitf.graph_util.importer import import_graph_def
from minitf.graph_util.subgraph import (
    extract_sub_graph,
    must_run_on_cpu,
    remove_training_nodes,
    tensor_shape_from_node_def_name,
)
