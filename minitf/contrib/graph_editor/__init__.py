"""`tf.contrib.graph_editor`: what is before and after nodes, copies of parts of a graph, and
operations that read something else than they did."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.graph_editor import edit, reroute, select, subgraph, transform, util
from minitf.contrib.graph_editor.edit import (
    bypass,
    connect,
    detach,
    detach_control_inputs,
    detach_control_outputs,
    detach_inputs,
    detach_outputs,
)
from minitf.contrib.graph_editor.filters import (
    can_be_regex,
    filter_ops,
    filter_ops_from_regex,
    filter_ts,
    filter_ts_from_regex,
    get_name_scope_ops,
    make_regex,
    select_ops,
    select_ops_and_ts,
    select_ts,
)
from minitf.contrib.graph_editor.placeholders import (
    make_placeholder_from_dtype_and_shape,
    make_placeholder_from_tensor,
    placeholder_name,
)
from minitf.contrib.graph_editor.placeholders import make_placeholder_from_dtype_and_shape as ph
from minitf.contrib.graph_editor.reroute import (
    add_control_inputs,
    remove_control_inputs,
    reroute_inputs,
    reroute_ios,
    reroute_outputs,
    reroute_ts,
    swap_inputs,
    swap_ios,
    swap_outputs,
    swap_ts,
)
from minitf.contrib.graph_editor.subgraph import (
    SubGraphView,
    compute_boundary_ts,
    make_view,
    make_view_from_scope,
    sgv,
    sgv_scope,
)
from minitf.contrib.graph_editor.transform import (
    copy,
    copy_with_input_replacements,
    graph_replace,
)
from minitf.contrib.graph_editor.transformer import (
    Transformer,
    TransformerInfo,
    assign_renamed_collections_handler,
    copy_op_handler,
    keep_t_if_possible_handler,
    replace_t_with_placeholder_handler,
    transform_op_if_inside_handler,
)
from minitf.contrib.graph_editor.util import (
    ControlOutputs,
    get_consuming_ops,
    get_generating_ops,
    get_tensors,
    make_list_of_op,
    make_list_of_t,
)
from minitf.contrib.graph_editor.walks import (
    check_cios,
    get_backward_walk_ops,
    get_forward_walk_ops,
    get_ops_ios,
    get_walks_intersection_ops,
    get_walks_union_ops,
    get_within_boundary_ops,
)

missing.explain(missing.sys.modules[__name__])
