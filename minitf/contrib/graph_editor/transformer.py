"""Transformer: part of a graph once more, where functions say what becomes of each operation."""
import copy

from minitf.contrib.graph_editor.placeholders import make_placeholder_from_tensor, scope_finalize
from minitf.contrib.graph_editor.subgraph import SubGraphView, make_view
from minitf.contrib.graph_editor.util import get_predefined_collection_names, transform_tree
from minitf.core.graph import Graph, control_dependencies, name_scope
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor

# -- what becomes of things -----------------------------------------------------------------------


def replace_t_with_placeholder_handler(info, t):
    """A placeholder instead of a tensor."""
    with info.graph_.as_default():
        return make_placeholder_from_tensor(t, scope=info.scope_)


def keep_t_if_possible_handler(info, t):
    """The tensor itself, in another graph a placeholder."""
    return t if info.graph is info.graph_ else replace_t_with_placeholder_handler(info, t)


def assign_renamed_collections_handler(info, elem, elem_):
    """Put what became of an operation or tensor into the collections that it is in: into those of
    TensorFlow, and into those of the program under the names that these have in the new scope."""
    known = get_predefined_collection_names()
    for name, collection in info.collections.items():
        if any(each is elem for each in collection):
            info.graph_.add_to_collection(name if name in known else info.new_name(name), elem_)


def transform_op_if_inside_handler(info, op, keep_if_possible=True):
    """What became of an operation; of one outside itself, if it is of the same graph and may be
    kept, else None."""
    if op in info.ops:
        return info.transformed_ops[op]
    return op if keep_if_possible and info.graph is info.graph_ else None


def copy_op_handler(info, op, new_inputs, copy_shape=False, nodedef_fn=None):
    """(A copy of an operation that reads `new_inputs`, its outputs). `nodedef_fn` may change the
    NodeDef that it is made of; `copy_shape`: the outputs have the shapes that the old ones have.
    """
    if isinstance(new_inputs, bool):
        raise TypeError("the `new_inputs` argument must be an iterable.")
    if op.context is not None:
        raise NotImplementedError(f"graph_editor: {op.name} is in a loop or a branch.")
    node = copy.deepcopy(op.node_def)
    node.name = info.graph_.unique_name(info.new_name(op.name))
    node = node if nodedef_fn is None else nodedef_fn(node)
    with info.graph_.as_default(), name_scope(None), control_dependencies(None):
        copied = info.graph_.create_op(node.op, list(new_inputs), name=f"{node.name}/",
                                       attrs=dict(node.attr))  # fmt: skip
    copied._set_device(node.device)
    copied.gradient_override = op.gradient_override
    for old, new in zip(op.outputs, copied.outputs) if copy_shape else ():
        new.set_shape(old.shape)
    return copied, copied.outputs


# -- the whole ------------------------------------------------------------------------------------


class TransformerInfo:
    """What became of which operation and tensor."""

    def __init__(self, info):
        self._graph, self._graph_ = info.graph, info.graph_
        self._scope, self._scope_ = info.scope, info.scope_
        self._transformed_ops = info.transformed_ops
        self._transformed_ts = info.transformed_ts

    def transformed(self, original, missing_fn=None):
        """What became of an operation or tensor, or of a nesting of them; for what is not known
        `missing_fn` of it, else None."""
        return self._looked_up(original, missing_fn, lambda table: table)

    def original(self, transformed, missing_fn=None):
        """What something was made of."""
        return self._looked_up(transformed, missing_fn,
                               lambda table: {new: old for old, new in table.items()})  # fmt: skip

    def _looked_up(self, wanted, missing_fn, turned):
        ops, tensors = turned(self._transformed_ops), turned(self._transformed_ts)

        def find(each):
            if not isinstance(each, (Operation, Tensor)):
                raise TypeError(f"Expected a tf.Tensor or a tf.Operation, got a {type(each)}")
            table = ops if isinstance(each, Operation) else tensors
            if each in table:
                return table[each]
            return None if missing_fn is None else missing_fn(each)

        return transform_tree(wanted, find)

    def __str__(self):
        within = f"Within graph[{id(self._graph)}]" + ("" if self._scope_ else " IN-PLACE")
        across = f"graph[{id(self._graph)}] => graph[{id(self._graph_)}]"
        lines = ["Transform result info:",
                 f"  {within if self._graph is self._graph_ else across}"]  # fmt: skip
        lines += [f"  Relative to source scope: {self._scope}"] if self._scope else []
        lines += [f"  Scope destination: {self._scope_}"] if self._scope_ else []
        pairs = self._transformed_ops.items()
        lines += ["Operations mapping:", *[f"  {old.name} => {new.name}" for old, new in pairs]]
        return "\n".join(lines) + "\n"


class _Run:
    """One call of a Transformer, as its functions see it: names with a `_` at their end are of what
    is made."""

    def __init__(self, sgv, dst_graph, dst_scope, src_scope):
        self.sgv, self.ops, self.sgv_inputs_set = sgv, frozenset(sgv.ops), frozenset(sgv.inputs)
        self.graph, self.scope = sgv.graph, src_scope
        self.graph_, self.scope_ = dst_graph, dst_scope
        self.transformed_ops, self.transformed_ts = {}, {}
        self.collections = {name: self.graph.get_collection(name)
                            for name in self.graph.get_all_collection_keys()}  # fmt: skip

    def new_name(self, name):
        """A name of the old scope in the new one."""
        if not name.startswith(self.scope):
            raise ValueError(f"{name} does not belong to source scope: {self.scope}.")
        return self.scope_ + name[len(self.scope) :]


class Transformer:
    """`transformer(sgv, dst_graph, dst_scope)` makes a part of a graph once more. By itself it is a
    copy that reads placeholders; the attributes say what becomes of what, and may be set.

    `transform_op_handler(info, op, new_inputs)` gives an operation and its outputs. Those for an
    input of the part (`transform_external_input_handler`), and for what it reads that is not among
    its inputs (`transform_external_hidden_input_handler`), give a tensor of a tensor.
    `transform_control_input_handler(info, op)` gives an operation or None. What is made is put into
    collections by `assign_collections_handler(info, old, new)`.
    """

    def __init__(self):
        self.transform_op_handler = copy_op_handler
        self.transform_control_input_handler = transform_op_if_inside_handler
        self.assign_collections_handler = assign_renamed_collections_handler
        self.transform_external_input_handler = replace_t_with_placeholder_handler
        self.transform_external_hidden_input_handler = keep_t_if_possible_handler
        # Operations here do not know of which they are copies: this one is not asked.
        self.transform_original_op_handler = transform_op_if_inside_handler

    def __call__(self, sgv, dst_graph, dst_scope, src_scope="", reuse_dst_scope=False):
        """(A view of what was made in `dst_graph`, TransformerInfo). Names begin with `dst_scope`,
        or with a unique name that begins so, in place of `src_scope`."""
        sgv = make_view(sgv)
        if not isinstance(dst_graph, Graph):
            raise TypeError(f"Expected a tf.Graph, got: {type(dst_graph)}")
        scope = scope_finalize(dst_scope)
        if scope and not reuse_dst_scope:
            scope = scope_finalize(dst_graph.unique_name(scope[:-1]))
        info = _Run(sgv, dst_graph, scope, scope_finalize(src_scope))
        self._transform_ops(info)
        self._connect_control_inputs(info)
        made = SubGraphView(list(info.transformed_ops.values()))
        inputs, outputs = ([info.transformed_ts[t] for t in ts if t in info.transformed_ts]
                           for ts in (sgv.inputs, sgv.outputs))  # fmt: skip
        return made.in_order_of(inputs, outputs), TransformerInfo(info)

    def _transform_ops(self, info):
        """Each after those that it reads."""
        waiting = sorted(info.ops, key=lambda op: op._id)
        while waiting:
            later = []
            for op in waiting:
                ready = all(t.op in info.transformed_ops or t.op not in info.ops
                            for t in op.inputs)  # fmt: skip
                if ready:
                    self._transform(info, op)
                else:
                    later.append(op)
            if len(later) == len(waiting):
                raise NotImplementedError(f"graph_editor: {later[0].name} is in a circle.")
            waiting = later

    def _transform(self, info, op):
        new_inputs = [self._read(info, tensor) for tensor in op.inputs]
        made, outputs = self.transform_op_handler(info, op, new_inputs)
        if made is op:
            raise ValueError("In-place transformation not allowed.")
        info.transformed_ops[op] = made
        self.assign_collections_handler(info, op, made)
        for old, new in zip(op.outputs, outputs):
            info.transformed_ts[old] = new
            self.assign_collections_handler(info, old, new)

    def _read(self, info, tensor):
        if tensor in info.transformed_ts:
            return info.transformed_ts[tensor]
        if tensor in info.sgv_inputs_set:
            return self.transform_external_input_handler(info, tensor)
        return self.transform_external_hidden_input_handler(info, tensor)

    def _connect_control_inputs(self, info):
        """When all are made, for control edges may go in circles."""
        for op, made in info.transformed_ops.items():
            found = [self.transform_control_input_handler(info, each) for each in op.control_inputs]
            made._add_control_inputs([each for each in found if each is not None])
