"""`tf.contrib.graph_editor.select`: names only."""
# ruff: noqa: F401  every import here is a public name

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
from minitf.contrib.graph_editor.subgraph import compute_boundary_ts
from minitf.contrib.graph_editor.walks import (
    check_cios,
    get_backward_walk_ops,
    get_forward_walk_ops,
    get_ops_ios,
    get_walks_intersection_ops,
    get_walks_union_ops,
    get_within_boundary_ops,
)
