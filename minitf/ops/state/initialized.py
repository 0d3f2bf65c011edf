"""Initial values that read other variables: they read what those will be initialised with."""

from contextlib import nullcontext

from minitf.core.graph import get_default_graph, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.state import assign as state

_SAFE = ("IsVariableInitialized", "InitializedValue")  # reads that never fail


def guarded(tensor, name):
    """`tensor`, with every variable behind it replaced by its initialised value.

    So one run of all initializers works in any order. The nodes that change are built anew, with
    `name` appended to theirs, as TensorFlow does.
    """
    graph, replaced, unseen = get_default_graph(), {}, set()
    for operation in _ancestors(tensor.op):
        if operation.type in _SAFE:
            if operation.type == "InitializedValue" and not _holds_resource(operation):
                with graph._counting(12):  # TensorFlow guards within
                    _replace(replaced, operation.outputs, _rebuilt(operation, replaced, name))
            continue
        changed = [each for each in operation.inputs if each in replaced]
        if _holds_resource(operation) or (changed and unseen.issuperset(changed)):
            unseen.update(operation.outputs)  # TensorFlow leaves these reads as they are
        with graph._counting(0) if operation.outputs[0] in unseen else nullcontext():
            if operation.definition.variable:
                _replace(replaced, operation.outputs, _initialized(operation))
            elif changed:
                _replace(replaced, operation.outputs, _rebuilt(operation, replaced, name))
    return replaced.get(tensor, tensor)


def _holds_resource(operation):
    """Whether it is a resource variable, or the initialised value of one."""
    if operation.type == "InitializedValue":
        operation = operation.inputs[0].op
    return vars(operation).get("is_resource", False)


def _ancestors(operation):
    """What `operation` is computed from, inputs first; nothing behind a read that is safe."""
    found, stack = set(), [operation]
    while stack:
        current = stack.pop()
        if current not in found:
            found.add(current)
            if current.type not in _SAFE:
                stack += [tensor.op for tensor in current.inputs]
    return sorted(found, key=lambda each: each._id)


def _replace(replaced, old, new):
    replaced.update((o, n) for o, n in zip(old, new) if o is not n)


def _initialized(operation):
    """The initialised value of the tf.Variable that `operation` holds, if there is one."""
    for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES):
        for variable in operation.graph.get_collection(key):
            if getattr(variable, "op", None) is operation:
                return [value_or_initial(variable)]
    return operation.outputs


def _rebuilt(operation, replaced, name):
    inputs = [replaced.get(tensor, tensor) for tensor in operation.inputs]
    path = f"{operation.name}_{name}/".replace(":", "_").replace("//", "/")
    definition = operation.definition
    made = definition.schema.call(definition, inputs, name=path, **operation.attrs)
    return made if isinstance(made, list) else [made]


def value_or_initial(variable):
    """The value of `variable` when it has one, else what its initializer assigns."""
    initial = variable.initializer.inputs[1]
    graph = get_default_graph()
    nodes = 10 if _holds_resource(variable.op) else 9  # those of a tf.cond
    with graph._counting(nodes), graph.control_dependencies(None), name_scope("cond"):
        return state.initialized_value(variable._ref(), initial, name="Merge")
