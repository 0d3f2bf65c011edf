"""Graphs as TensorFlow 1.15 can read them: ops that only minitf has, as those of TensorFlow.

What they are made of stands below the name of the node; the last of them has the name itself.
"""

import numpy as np

from minitf.core.dtypes import as_dtype, int32, string
from minitf.core.proto.attributes import attr_value
from minitf.core.proto.differences import OWN_FORM
from minitf.core.proto.functions import renamed
from minitf.core.proto.graph_def import GraphDef, NodeDef
from minitf.core.proto.signatures import signature
from minitf.core.values import as_array

EXPANSIONS = {}


def portable(graph_def):
    """The same graph of TensorFlow's ops, as far as they can stand for minitf's own; it shares
    nodes with the one that is given."""
    functions = (function.node_def for function in graph_def.library.function)
    if not any(map(_has_own, (graph_def.node, *functions))):
        return graph_def
    made = GraphDef(versions=graph_def.versions)
    made.node._put_all(_expanded(graph_def.node))
    made.library.function._put_all(
        [renamed(each, _expanded) if _has_own(each.node_def) else each
         for each in graph_def.library.function]
    )
    made.library.gradient.extend(graph_def.library.gradient)
    return made


def _has_own(nodes):
    return any(node.op in EXPANSIONS for node in nodes)


def _expanded(nodes):
    expanded = []
    for node in nodes:
        expand = EXPANSIONS.get(node.op)
        expanded += [node] if expand is None else expand(node)
    return expanded


def own_ops(graph_def):
    """The ops of a graph, and of its functions, that TensorFlow 1.15 does not have."""
    functions = graph_def.library.function
    known = {each.signature.name for each in functions}
    ops = {node.op for nodes in (graph_def.node, *(each.node_def for each in functions))
           for node in nodes}  # fmt: skip
    return sorted(op for op in ops if signature(op) is None and op not in known)


def _expansion(op):
    def declare(function):
        def expand(node):
            inputs = [name for name in node.input if name[:1] != "^"]
            controls = [name for name in node.input if name[:1] == "^"]
            nodes = list(function(node, *inputs))
            for each in nodes:  # what the node waits for comes before all of it
                each.input.extend(controls)
                each.device = node.device
            last = nodes[-1]
            for name in ("_class", "_output_shapes"):
                if name in node.attr and name not in last.attr and last.op != "Merge":
                    last.attr[name].CopyFrom(node.attr[name])
            return nodes

        EXPANSIONS[op] = expand
        return function

    return declare


def node_def(op, name, *inputs, **attrs):
    """A NodeDef, the attributes that are left out at their defaults."""
    declared = signature(op)
    made = NodeDef(name=name, op=op, input=inputs)
    for key, attr in declared.attrs.items():
        made.attr._put(key, attr_value(attr.kind, attrs.get(key, attr.default)))
    return made


def const_def(name, value, dtype):
    return node_def("Const", name, value=as_array(value, dtype), dtype=dtype)


def _below(node):
    """The scope of what a node is made of."""
    return f"{node.name}/as_ops"


def _type(node, name="T"):
    return as_dtype(node.attr[name].type)


@_expansion("SumTo")
def _sum_to(node, x, shape):
    name, own = node.name, _below(node)
    kind, sizes = _type(node), _type(node, "Tidx")
    yield node_def("Shape", f"{own}/Shape", x, T=kind, out_type=sizes)
    yield node_def("BroadcastGradientArgs", f"{own}/BroadcastGradientArgs", shape, f"{own}/Shape",
                T=sizes)  # fmt: skip
    yield node_def("Sum", f"{own}/Sum", x, f"{own}/BroadcastGradientArgs", T=kind, Tidx=sizes)
    yield node_def("Reshape", name, f"{own}/Sum", shape, T=kind, Tshape=sizes)


@_expansion("ReducedShape")
def _reduced_shape(node, sizes, axes):
    """The sizes stitched together with ones at the axes."""
    name, own = node.name, _below(node)
    kind, at = _type(node, "Tidx"), _type(node, "Taxes")
    yield node_def("Cast", f"{own}/sizes", sizes, SrcT=kind, DstT=int32)
    yield node_def("Cast", f"{own}/axes", axes, SrcT=at, DstT=int32)
    yield node_def("Size", f"{own}/Size", f"{own}/sizes", T=int32, out_type=int32)
    yield node_def("AddV2", f"{own}/add", f"{own}/axes", f"{own}/Size", T=int32)
    yield node_def("FloorMod", f"{own}/mod", f"{own}/add", f"{own}/Size", T=int32)
    yield const_def(f"{own}/start", 0, int32)
    yield const_def(f"{own}/one", 1, int32)
    yield node_def("Range", f"{own}/range", f"{own}/start", f"{own}/Size", f"{own}/one",
                Tidx=int32)  # fmt: skip
    yield node_def("Shape", f"{own}/Shape", f"{own}/mod", T=int32, out_type=int32)
    yield node_def("Fill", f"{own}/Fill", f"{own}/Shape", f"{own}/one", T=int32, index_type=int32)
    yield node_def("DynamicStitch", f"{own}/stitch", f"{own}/range", f"{own}/mod", f"{own}/sizes",
                f"{own}/Fill", N=2, T=int32)  # fmt: skip
    yield node_def("Cast", name, f"{own}/stitch", SrcT=int32, DstT=kind)


@_expansion("InitializedValue")
def _initialized_value(node, ref, initial):
    name, own, kind = node.name, _below(node), _type(node)
    yield node_def("IsVariableInitialized", f"{own}/is_initialized", ref, dtype=kind)
    pred = f"{own}/is_initialized"
    yield node_def("RefSwitch", f"{own}/Switch", ref, pred, T=kind)
    yield node_def("Identity", f"{own}/read", f"{own}/Switch:1", T=kind)
    yield node_def("Switch", f"{own}/Switch_1", initial, pred, T=kind)
    yield node_def("Merge", name, f"{own}/Switch_1", f"{own}/read", T=kind, N=2)


@_expansion("IncrementBelow")
def _increment_below(node, ref):
    """The value after counting: TensorFlow's op gives the one before."""
    name, own, kind = node.name, _below(node), _type(node)
    yield node_def("CountUpTo", f"{own}/CountUpTo", ref, limit=node.attr["limit"].i, T=kind)
    yield const_def(f"{own}/one", 1, kind)
    yield node_def("Add", name, f"{own}/CountUpTo", f"{own}/one", T=kind)


@_expansion("VariableRank")
def _variable_rank(node, ref):
    own = _below(node)
    yield node_def("Identity", f"{own}/read", ref, T=_type(node))
    yield node_def("Rank", node.name, f"{own}/read", T=_type(node))


def _keys(node, name):
    return [key.decode() for key in node.attr[name].list.s]


def _types(node, name):
    return [as_dtype(each) for each in node.attr[name].list.type]


def _shapes(node, name):
    return list(node.attr[name].list.shape)


@_expansion("ParseExample")
def _parse_example(node, serialized, names, *defaults):
    """The keys of features are inputs in TensorFlow."""
    if OWN_FORM[node.op] not in node.attr:
        yield node
        return
    own = _below(node)
    keys = [(f"{own}/{what}_keys_{index}", key) for what in ("sparse", "dense")
            for index, key in enumerate(_keys(node, f"{what}_keys"))]  # fmt: skip
    for name, key in keys:
        yield const_def(name, key, string)
    yield node_def(
        node.op, node.name, serialized, names, *(name for name, _ in keys), *defaults,
        Nsparse=node.attr["num_sparse"].i, Ndense=len(_keys(node, "dense_keys")),
        sparse_types=_types(node, "sparse_types"), Tdense=_types(node, "dense_types"),
        dense_shapes=_shapes(node, "dense_shapes"),
    )  # fmt: skip


_OF_A_SEQUENCE = ("context_sparse", "context_dense", "feature_list_sparse", "feature_list_dense")


@_expansion("ParseSingleSequenceExample")
def _parse_sequence(node, serialized, debug_name, *defaults):
    if OWN_FORM[node.op] not in node.attr:
        yield node
        return
    keys = {what: _keys(node, f"{what}_keys") for what in _OF_A_SEQUENCE}
    own = _below(node)
    named = [(f"{own}/{what}_keys_{index}", key) for what in _OF_A_SEQUENCE
             for index, key in enumerate(keys[what])]  # fmt: skip
    for name, key in named:
        yield const_def(name, key, string)
    may_lack = f"{own}/may_lack"
    lacking = [key.encode() for key in _keys(node, "feature_list_dense_missing_assumed_empty")]
    yield const_def(may_lack, np.array(lacking, object), string)
    yield node_def(
        node.op, node.name, serialized, may_lack, *(name for name, _ in named), *defaults,
        debug_name, **{f"N{what}": len(keys[what]) for what in _OF_A_SEQUENCE},
        context_sparse_types=_types(node, "context_sparse_types"),
        Tcontext_dense=_types(node, "context_dense_types"),
        feature_list_dense_types=_types(node, "feature_list_dense_types"),
        context_dense_shapes=_shapes(node, "context_dense_shapes"),
        feature_list_sparse_types=_types(node, "feature_list_sparse_types"),
        feature_list_dense_shapes=_shapes(node, "feature_list_dense_shapes"),
    )  # fmt: skip
