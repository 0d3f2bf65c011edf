"""Parts of a graph once more, with other inputs."""
from minitf.contrib.graph_editor.subgraph import make_view
from minitf.contrib.graph_editor.transformer import (  # noqa: F401  public here
    Transformer,
    TransformerInfo,
    assign_renamed_collections_handler,
    copy_op_handler,
    keep_t_if_possible_handler,
    replace_t_with_placeholder_handler,
    transform_op_if_inside_handler,
)
from minitf.contrib.graph_editor.util import ControlOutputs, flatten_tree, get_unique_graph
from minitf.contrib.graph_editor.walks import get_walks_intersection_ops
from minitf.core.tensor import Tensor


def copy(sgv, dst_graph=None, dst_scope="", src_scope="", reuse_dst_scope=False):
    """(a copy of a part of a graph, TransformerInfo): in `dst_graph`, or in the same graph.

    The names begin with `dst_scope` in place of `src_scope`. Placeholders stand where the part
    reads what comes from outside.
    """
    return _copied(Transformer(), sgv, dst_graph, dst_scope, src_scope, reuse_dst_scope)


def copy_with_input_replacements(sgv, replacement_ts, dst_graph=None, dst_scope="", src_scope="",
                                 reuse_dst_scope=False):
    """As `copy`, where the inputs that are keys of `replacement_ts` are its values instead, and
    others are read by the copy as well, if it is in the same graph.

    The part may be a view, or what `make_view` takes. NotImplementedError for what is in a loop or
    a branch, ValueError for a name outside of `src_scope`.
    """
    transformer = Transformer()
    transformer.transform_external_input_handler = lambda info, t: (
        replacement_ts[t] if t in replacement_ts else keep_t_if_possible_handler(info, t)
    )
    return _copied(transformer, sgv, dst_graph, dst_scope, src_scope, reuse_dst_scope)


def _copied(transformer, sgv, dst_graph, dst_scope, src_scope, reuse_dst_scope):
    sgv = make_view(sgv)
    return transformer(sgv, sgv.graph if dst_graph is None else dst_graph, dst_scope, src_scope,
                       reuse_dst_scope)  # fmt: skip


def graph_replace(target_ts, replacement_ts, dst_scope="", src_scope="", reuse_dst_scope=False):
    """The targets, a tensor or a nesting of them, as they would be if the keys of `replacement_ts`
    were its values: what depends on them is copied. ValueError where no target does."""
    targets = flatten_tree(target_ts)
    waiting = ControlOutputs(get_unique_graph(targets, check_types=Tensor))
    ops = get_walks_intersection_ops(list(replacement_ts), targets, control_ios=waiting)
    if not ops:
        raise ValueError("Targets and replacements are not connected!")
    _, info = copy_with_input_replacements(ops, replacement_ts, None, dst_scope, src_scope,
                                           reuse_dst_scope)  # fmt: skip
    return info.transformed(target_ts, missing_fn=lambda original: original)
