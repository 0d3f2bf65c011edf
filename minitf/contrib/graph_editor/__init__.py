"""`tf.contrib.graph_editor`: what is before and after nodes, copies of parts of a graph, and
operations that read something else than they did."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.graph_editor.copies import (
    copy,
    copy_with_input_replacements,
    graph_replace,
)
from minitf.contrib.graph_editor.filters import (
    filter_ops,
    filter_ops_from_regex,
    filter_ts,
    filter_ts_from_regex,
    get_name_scope_ops,
    select_ops,
    select_ops_and_ts,
    select_ts,
)
from minitf.contrib.graph_editor.lists import (
    ControlOutputs,
    get_consuming_ops,
    get_generating_ops,
    get_tensors,
    make_list_of_op,
    make_list_of_t,
)
from minitf.contrib.graph_editor.reroute import reroute_ts, swap_ts
from minitf.contrib.graph_editor.views import (
    SubGraphView,
    compute_boundary_ts,
    make_view,
    make_view_from_scope,
    sgv,
    sgv_scope,
)
from minitf.contrib.graph_editor.walks import (
    get_backward_walk_ops,
    get_forward_walk_ops,
    get_ops_ios,
    get_walks_intersection_ops,
    get_walks_union_ops,
    get_within_boundary_ops,
)

missing.explain(missing.sys.modules[__name__])
