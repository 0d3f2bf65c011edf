"""`tf.contrib.graph_editor`, as far as it looks at a graph: what is before and after nodes."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
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
from minitf.contrib.graph_editor.walks import (
    get_backward_walk_ops,
    get_forward_walk_ops,
    get_ops_ios,
    get_walks_intersection_ops,
    get_walks_union_ops,
    get_within_boundary_ops,
)

missing.explain(missing.sys.modules[__name__])
