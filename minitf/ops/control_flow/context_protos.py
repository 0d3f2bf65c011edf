"""Branches and loops as messages of a MetaGraphDef, and back: the nodes are in the graph already.
"""

from minitf.core.context import enclosing
from minitf.core.graph import get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.core.proto.meta_graph import CondContextDef, ValuesDef, WhileContextDef
from minitf.core.scopes import prepend_name_scope, register_proto_function, strip_name_scope
from minitf.ops.control_flow.contexts import CondContext

# -- writing --------------------------------------------------------------------------------------


def context_def(context, export_scope=None):
    """A CondContextDef or WhileContextDef; None for what is not in the scope `export_scope`."""
    if export_scope is not None and not context.name.startswith(export_scope):
        return None
    made = (_while_def if context.is_loop else _cond_def)(context, export_scope)
    made.context_name = strip_name_scope(context.name, export_scope)
    made.values_def.MergeFrom(_values(context, export_scope))
    for inner in _directly_inside(context):
        field = "while_ctxt" if inner.is_loop else "cond_ctxt"
        getattr(made.nested_contexts.add(), field).CopyFrom(context_def(inner))
    return made


def _cond_def(context, scope):
    return CondContextDef(pred_name=strip_name_scope(context.pred.name, scope),
                          pivot_name=strip_name_scope(context.pivot.name, scope),
                          branch=context.branch)  # fmt: skip


def _while_def(context, scope):
    made = WhileContextDef(
        parallel_iterations=context.parallel_iterations, back_prop=context.back_prop,
        pivot_name=strip_name_scope(context.pivot.name, scope),
        pivot_for_pred_name=strip_name_scope(context.pivot_for_pred.name, scope),
        pivot_for_body_name=strip_name_scope(context.pivot_for_body.name, scope),
    )  # fmt: skip
    if context.maximum_iterations is not None:
        made.maximum_iterations_name = strip_name_scope(context.maximum_iterations.name, scope)
    exits = [v.exit for v in context.variables if v.exit is not None]
    enters = [v.enter for v in context.variables]
    made.loop_exit_names.extend(strip_name_scope(tensor.name, scope) for tensor in exits)
    made.loop_enter_names.extend(strip_name_scope(tensor.name, scope) for tensor in enters)
    return made


def _values(context, scope):
    """What is inside, by name, and what stands in it for tensors of outside."""
    made, names = ValuesDef(), set()
    for operation in _inside(context):
        names.update(tensor.name for tensor in operation.outputs)
        if not operation.outputs:
            names.add(operation.name)
    for outside, inner in context.external.items():
        names.add(outside.name)
        made.external_values[strip_name_scope(outside.name, scope)] = strip_name_scope(
            inner.name, scope
        )
    made.values.extend(strip_name_scope(name, scope) for name in sorted(names))
    return made


def _inside(context):
    return [op for op in context.graph.get_operations()
            if op.context is not None and context in enclosing(op.context)]  # fmt: skip


def _directly_inside(context):
    around = (each for op in _inside(context) for each in enclosing(op.context))
    return list(dict.fromkeys(each for each in around if each.outer_context is context))


# -- reading --------------------------------------------------------------------------------------


def cond_from_proto(message, import_scope=None, outer=None):
    """The branch that a CondContextDef describes."""
    element = _finder(import_scope)
    context = CondContext.__new__(CondContext)
    context.graph = get_default_graph()
    context.name = prepend_name_scope(message.context_name, import_scope)
    context.pred, context.pivot = element(message.pred_name), element(message.pivot_name)
    context.branch, context.outer_context = message.branch, outer
    outside = message.values_def.external_values
    context.external = {element(name): element(inner) for name, inner in outside.items()}
    names = {name.partition(":")[0] for name in message.values_def.values if name not in outside}
    for operation in map(element, sorted(names)):
        if operation.context is outer:
            operation.context = context
            context.graph.prevent_fetching(operation)
    _nested(message, import_scope, context)
    return context


def while_from_proto(message, import_scope=None, outer=None):
    """The loop that a WhileContextDef describes, which the import of its nodes has found."""
    element = _finder(import_scope)
    context = element(message.pivot_name).op.context
    while context.is_loop is False:
        context = context.outer_context
    context.name = prepend_name_scope(message.context_name, import_scope)
    context.parallel_iterations, context.back_prop = message.parallel_iterations, message.back_prop
    if message.maximum_iterations_name:
        context.maximum_iterations = element(message.maximum_iterations_name)
    if outer is not None:
        context.outer_context = outer
    _nested(message, import_scope, context)
    return context


def _nested(message, import_scope, context):
    for inner in message.nested_contexts:
        if inner.WhichOneof("ctxt") == "cond_ctxt":
            cond_from_proto(inner.cond_ctxt, import_scope, context)
        else:
            while_from_proto(inner.while_ctxt, import_scope, context)


def _finder(import_scope):
    graph = get_default_graph()
    return lambda name: graph.as_graph_element(prepend_name_scope(name, import_scope))


register_proto_function(GraphKeys.COND_CONTEXT, CondContextDef, context_def, cond_from_proto)
register_proto_function(GraphKeys.WHILE_CONTEXT, WhileContextDef, context_def, while_from_proto)
