"""Initial values that read other variables: they read what those will be initialised with."""

from minitf.core.graph import get_default_graph, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.state import assign as state

_SAFE = ("IsVariableInitialized", "InitializedValue")  # reads that never fail


def guarded(tensor, name):
    """`tensor`, with every variable behind it replaced by its initialised value.

    So one run of all initializers works in any order. The nodes that change are built anew, with
    `name` appended to theirs, as TensorFlow does.
    """
    ancestors = _ancestors(tensor.op)
    replaced = {}
    for operation in ancestors:
        if operation.definition.variable:
            _replace(replaced, operation.outputs, _initialized(operation))
        elif operation.type == "InitializedValue":
            get_default_graph()._surplus -= 11  # TensorFlow makes twelve nodes: it guards within
            _replace(replaced, operation.outputs, _rebuilt(operation, replaced, name))
        elif operation.type not in _SAFE and any(t in replaced for t in operation.inputs):
            _replace(replaced, operation.outputs, _rebuilt(operation, replaced, name))
    return replaced.get(tensor, tensor)


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
    graph._surplus -= 8  # TensorFlow makes nine nodes: those of a tf.cond
    with graph.control_dependencies(None), name_scope("cond"):
        return state.initialized_value(variable, initial, name="Merge")
