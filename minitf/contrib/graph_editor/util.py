"""Lists of operations and tensors, made of what a program has: one of them, several, a graph."""
from collections.abc import Sequence

from minitf.contrib.graph_editor.placeholders import (  # noqa: F401  public here
    make_placeholder_from_dtype_and_shape,
    make_placeholder_from_tensor,
    placeholder_name,
    scope_basename,
    scope_dirname,
    scope_finalize,
)
from minitf.core.graph import Graph
from minitf.core.graph_keys import GraphKeys
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor


def make_list_of_op(ops, check_graph=True, allow_graph=True, ignore_ts=False):
    """A list of the operations `ops`, of one, or of those of a graph where `allow_graph`.

    TypeError for what is none, tensors too unless `ignore_ts`; ValueError where they are of
    several graphs, if `check_graph`.
    """
    return _listed(ops, Operation, Graph.get_operations, check_graph, allow_graph, ignore_ts)


def make_list_of_t(ts, check_graph=True, allow_graph=True, ignore_ops=False):
    """As `make_list_of_op` for tensors; those of a graph are all outputs in it."""
    return _listed(ts, Tensor, get_tensors, check_graph, allow_graph, ignore_ops)


def _listed(given, kind, of_graph, check_graph, allow_graph, ignores_others):
    if isinstance(given, Graph):
        if not allow_graph:
            raise TypeError("allow_graph is False: cannot convert a tf.Graph.")
        return of_graph(given)
    given = as_list(given)
    if check_graph:
        _check_graph(given, (Operation, Tensor) if ignores_others else (kind,))
    return [each for each in given if isinstance(each, kind)]


def as_list(given):
    """What can be gone through as a list, and what cannot as the one item of one."""
    return list(given) if is_iterable(given) else [given]


def _check_graph(given, kinds):
    for each in given:
        if not isinstance(each, kinds):
            wanted = ", ".join(str(kind) for kind in kinds)
            raise TypeError(f"Expected a type in ({wanted}), got: {type(each)}")
        if each.graph is not given[0].graph:
            raise ValueError(f"Operation {each} does not belong to given graph")


def get_tensors(graph):
    """All outputs of the operations of `graph`. TypeError for what is no graph."""
    _check_is_graph(graph)
    return [tensor for operation in graph.get_operations() for tensor in operation.outputs]


def get_generating_ops(ts):
    """The operation that makes it, for each of the tensors `ts`."""
    return [tensor.op for tensor in make_list_of_t(ts, allow_graph=False)]


def get_consuming_ops(ts):
    """The operations that read any of the tensors `ts`, each once."""
    tensors = make_list_of_t(ts, allow_graph=False)
    return list(dict.fromkeys(op for tensor in tensors for op in tensor.consumers()))


class ControlOutputs:
    """Which operations wait for which, by control inputs, in `graph`. TypeError for no graph."""

    def __init__(self, graph):
        _check_is_graph(graph)
        self._graph, self._version, self._waiting = graph, None, {}
        self.update()

    def update(self):
        """Look again, if the graph has grown."""
        if self._version != self._graph.version:
            self._version = self._graph.version
            self._waiting.clear()
            for operation in self._graph.get_operations():
                for before in dict.fromkeys(operation.control_inputs):
                    self._waiting.setdefault(before, []).append(operation)
        return self

    def get_all(self):
        """A dict of operations, to lists of those that wait for them."""
        return self._waiting

    def get(self, op):
        """The operations that wait for `op`."""
        return self._waiting.get(op, ())

    @property
    def graph(self):
        return self._graph


def check_graphs(*args):
    """ValueError for what is of another graph than the first."""
    graphs = [each.graph for each in args if each.graph is not None]
    for number, graph in enumerate(graphs):
        if graph is not graphs[0]:
            raise ValueError(f"Argument[{number}]: Wrong graph!")


def get_unique_graph(tops, check_types=None, none_if_empty=False):
    """The graph that all these operations and tensors are of. ValueError for several, TypeError
    for other things."""
    if isinstance(tops, Graph):
        return tops
    if not is_iterable(tops):
        raise TypeError(f"{type(tops)} is not iterable")
    kinds = (Operation, Tensor) if check_types is None else tuple(as_list(check_types))
    tops = list(tops)
    _check_graph(tops, kinds)
    if not tops and not none_if_empty:
        raise ValueError("Can't find the unique graph of an empty list")
    return tops[0].graph if tops else None


def get_predefined_collection_names():
    """The names of the collections that TensorFlow has."""
    return [getattr(GraphKeys, key) for key in dir(GraphKeys) if not key.startswith("__")]


# -- lists and nestings ---------------------------------------------------------------------------


def is_iterable(obj):
    """Whether it can be gone through; a tensor not."""
    if isinstance(obj, (Tensor, type)):
        return False
    return hasattr(obj, "__iter__") or hasattr(obj, "__getitem__")


class ListView:
    """A list that cannot be changed. TypeError for what is none."""

    def __init__(self, list_):
        if not isinstance(list_, list):
            raise TypeError(f"Expected a list, got: {type(list_)}.")
        self._list = list_

    def __iter__(self):
        return iter(self._list)

    def __len__(self):
        return len(self._list)

    def __getitem__(self, i):
        return self._list[i]

    def __add__(self, other):
        return [*self, *other]


def concatenate_unique(la, lb):
    """The list `la`, to which those of `lb` are added that it has not."""
    la += [each for each in dict.fromkeys(lb) if each not in set(la)]
    return la


def flatten_tree(tree, leaves=None):
    """What is in nested dicts and other iterables, as a list: `leaves`, if given, to which it is
    added."""
    leaves = [] if leaves is None else leaves
    if not is_iterable(tree):
        leaves.append(tree)
        return leaves
    for child in tree.values() if isinstance(tree, dict) else tree:
        flatten_tree(child, leaves)
    return leaves


def transform_tree(tree, fn, iterable_type=tuple):
    """A nesting of what `fn` makes of each thing in one: of the same types, or of `iterable_type`
    in place of what is no dict, tuple or list."""
    if not is_iterable(tree):
        return fn(tree)
    if isinstance(tree, dict):
        return type(tree)((key, transform_tree(child, fn)) for key, child in tree.items())
    children = [transform_tree(child, fn) for child in tree]
    if hasattr(tree, "_fields"):
        return type(tree)(*children)
    return (type(tree) if isinstance(tree, Sequence) else iterable_type)(children)


# -- the same in another graph --------------------------------------------------------------------


def find_corresponding_elem(target, dst_graph, dst_scope="", src_scope=""):
    """The tensor or operation that has the name of `target` in another graph, with `dst_scope` in
    place of `src_scope`. ValueError for a name outside of it, KeyError if there is none."""
    src_scope, dst_scope = scope_finalize(src_scope), scope_finalize(dst_scope)
    if not target.name.startswith(src_scope):
        raise ValueError(f"{target.name} does not start with {src_scope}")
    name = dst_scope + target.name[len(src_scope) :]
    if isinstance(target, Tensor):
        return dst_graph.get_tensor_by_name(name)
    if isinstance(target, Operation):
        return dst_graph.get_operation_by_name(name)
    raise TypeError(f"Expected tf.Tensor or tf.Operation, got: {type(target)}")


def find_corresponding(targets, dst_graph, dst_scope="", src_scope=""):
    """`find_corresponding_elem` of each in a nesting."""
    return transform_tree(targets, lambda target: find_corresponding_elem(
        target, dst_graph, dst_scope, src_scope))  # fmt: skip


def _check_is_graph(graph):
    if not isinstance(graph, Graph):
        raise TypeError(f"Expected a tf.Graph, got: {type(graph)}")
