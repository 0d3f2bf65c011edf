"""Parts of a graph once more, with other inputs."""
from minitf.contrib.graph_editor.subgraph import SubGraphView, make_view
from minitf.contrib.graph_editor.util import ControlOutputs, make_list_of_t
from minitf.contrib.graph_editor.walks import get_walks_intersection_ops
from minitf.core import nest
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.state.placeholder import placeholder


class TransformerInfo:
    """What became of which operation and tensor."""

    def __init__(self, ops, tensors):
        self._transformed_ops, self._transformed_ts = ops, tensors

    def transformed(self, original, missing_fn=None):
        """What became of an operation or tensor, or of a nesting of them; for what is not known
        `missing_fn` of it, else None."""
        return _looked_up([self._transformed_ops, self._transformed_ts], original, missing_fn)

    def original(self, transformed, missing_fn=None):
        """What something was made of."""
        tables = [{new: old for old, new in table.items()}
                  for table in (self._transformed_ops, self._transformed_ts)]  # fmt: skip
        return _looked_up(tables, transformed, missing_fn)


def _looked_up(tables, wanted, missing_fn):
    def find(each):
        for table in tables:
            if each in table:
                return table[each]
        return None if missing_fn is None else missing_fn(each)

    return nest.map_structure(lambda each: None if each is None else find(each), wanted)


def copy(sgv, dst_graph=None, dst_scope="", src_scope="", reuse_dst_scope=False):
    """(a copy of a part of a graph, TransformerInfo): in `dst_graph`, or in the same graph.

    The names begin with `dst_scope` in place of `src_scope`. Placeholders stand where the part
    reads what comes from outside.
    """
    return _copied(make_view(sgv), None, dst_graph, dst_scope, src_scope, reuse_dst_scope)


def copy_with_input_replacements(sgv, replacement_ts, dst_graph=None, dst_scope="", src_scope="",
                                 reuse_dst_scope=False):
    """As `copy`, where the inputs that are keys of `replacement_ts` are its values instead, and
    others are read by the copy as well, if it is in the same graph.

    The part may be a view, or what `make_view` takes. NotImplementedError for what is in a loop or
    a branch, ValueError for a name outside of `src_scope`.
    """
    return _copied(make_view(sgv), replacement_ts, dst_graph, dst_scope, src_scope,
                   reuse_dst_scope)  # fmt: skip


def _copied(sgv, replacement_ts, dst_graph, dst_scope, src_scope, reuse_dst_scope):
    graph = sgv.graph if dst_graph is None else dst_graph
    scope = _scope(dst_scope)
    if scope and not reuse_dst_scope:
        scope = _scope(graph.unique_name(scope[:-1]))
    copier = _Copier(sgv, graph, scope, _scope(src_scope), replacement_ts)
    copier.copy_all()
    copied = SubGraphView(list(copier.ops.values()))
    inputs, outputs = ([copier.tensors[t] for t in ts if t in copier.tensors]
                       for ts in (sgv.inputs, sgv.outputs))  # fmt: skip
    return copied.in_order_of(inputs, outputs), TransformerInfo(copier.ops, copier.tensors)


def graph_replace(target_ts, replacement_ts, dst_scope="", src_scope="", reuse_dst_scope=False):
    """The targets, a tensor or a nesting of them, as they would be if the keys of `replacement_ts`
    were its values: what depends on them is copied. ValueError where no target does."""
    targets = make_list_of_t(nest.flatten(target_ts))
    ops = get_walks_intersection_ops(list(replacement_ts), targets,
                                     control_ios=ControlOutputs(targets[0].graph))  # fmt: skip
    if not ops:
        raise ValueError("Targets and replacements are not connected!")
    _, info = copy_with_input_replacements(ops, replacement_ts, None, dst_scope, src_scope,
                                           reuse_dst_scope)  # fmt: skip
    return info.transformed(target_ts, missing_fn=lambda original: original)


def _scope(name):
    return f"{name}/" if name and not name.endswith("/") else name


class _Copier:
    def __init__(self, view, graph, scope, old_scope, replacements):
        self._view, self._graph, self._replacements = view, graph, replacements
        self._scope, self._old_scope = scope, old_scope
        self.ops, self.tensors = {}, {}

    def copy_all(self):
        """Each after those that it reads; then the control edges, which may go in circles."""
        within, waiting = set(self._view.ops), sorted(self._view.ops, key=lambda op: op._id)
        while waiting:
            later = []
            for op in waiting:
                ready = all(t.op in self.ops or t.op not in within for t in op.inputs)
                if ready:
                    self._copy(op)
                else:
                    later.append(op)
            if len(later) == len(waiting):
                raise NotImplementedError(f"graph_editor.copy: {later[0].name} is in a circle.")
            waiting = later
        for op, copied in self.ops.items():
            copied._add_control_inputs([self.ops.get(each, each) for each in op.control_inputs
                                        if each in self.ops or self._same_graph])  # fmt: skip

    @property
    def _same_graph(self):
        return self._graph is self._view.graph

    def _copy(self, op):
        if op.context is not None:
            raise NotImplementedError(f"graph_editor.copy: {op.name} is in a loop or a branch.")
        name = self._graph.unique_name(self._new_name(op.name))
        inputs = [self._read(tensor) for tensor in op.inputs]
        with self._graph.as_default(), name_scope(None), control_dependencies(None):
            copied = self._graph.create_op(op.type, inputs, name=f"{name}/",
                                           attrs=dict(op.node_def.attr))  # fmt: skip
        copied._set_device(op.device)
        copied.gradient_override = op.gradient_override
        self.ops[op] = copied
        self.tensors.update(zip(op.outputs, copied.outputs))
        for old, new in ((op, copied), *zip(op.outputs, copied.outputs)):
            self._put_in_collections(old, new)

    def _read(self, tensor):
        if tensor in self.tensors:
            return self.tensors[tensor]
        if self._replacements is not None:
            if tensor in self._replacements:
                return self._replacements[tensor]
            if self._same_graph:
                return tensor
        name = f"geph__{tensor.op.name.rpartition('/')[2]}_{tensor.value_index}"
        with self._graph.as_default(), name_scope(self._scope or None):
            return placeholder(tensor.dtype, tensor.shape, name=name)

    def _new_name(self, name):
        if not name.startswith(self._old_scope):
            raise ValueError(f"{name} does not belong to source scope: {self._old_scope}.")
        return self._scope + name[len(self._old_scope) :]

    def _put_in_collections(self, old, new):
        known = {value for key, value in vars(GraphKeys).items() if not key.startswith("_")}
        for name in old.graph.collections:
            if any(each is old for each in old.graph.get_collection(name)):
                self._graph.add_to_collection(name if name in known else self._new_name(name), new)
