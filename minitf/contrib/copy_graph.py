"""`tf.contrib.copy_graph`: operations and variables of one graph, made again in another."""
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.ops.state.variables import Variable
from minitf.session import Session


def _named(name, scope):
    return f"{scope}/{name}" if scope else name


def _collections(instance, scope, kept=()):
    """The collections that it is in, as those of the copy are called."""
    graph = instance.graph
    return [name if name in kept else _named(name, scope) for name in graph.collections
            if any(each is instance for each in graph.get_collection(name))]  # fmt: skip


def copy_variable_to_graph(org_instance, to_graph, scope=""):
    """A variable like this one in `to_graph`, below `scope`, which begins with its initial value.

    TypeError for what is no variable.
    """
    if not isinstance(org_instance, Variable):
        raise TypeError(f"{org_instance} is not a Variable")
    kept = GraphKeys.GLOBAL_VARIABLES, GraphKeys.TRAINABLE_VARIABLES
    collections = _collections(org_instance, scope, kept)
    with org_instance.graph.as_default(), Session() as sess:
        value = sess.run(org_instance.initialized_value())
    with to_graph.as_default():
        return Variable(value, GraphKeys.TRAINABLE_VARIABLES in collections,
                        name=_named(org_instance.op.name, scope), collections=collections,
                        validate_shape=False)  # fmt: skip


def copy_op_to_graph(org_instance, to_graph, variables, scope=""):
    """An operation or tensor like this one in `to_graph`, with all that it needs, below `scope`.

    What is there already by its name is used, so are the copies of `variables`. TypeError for
    anything else.
    """
    if not isinstance(org_instance, (Tensor, Operation)):
        raise TypeError(f"Could not copy instance: {org_instance}")
    copies = {variable.name: variable for variable in variables}
    name = _named(org_instance.name, scope)
    if name in copies:
        return to_graph.get_tensor_by_name(name)
    wanted = org_instance.op if isinstance(org_instance, Tensor) else org_instance
    for op in _needed(wanted, to_graph, scope):
        _copied(op, to_graph, scope)
    found = get_copied_op(wanted, to_graph, scope)
    if isinstance(org_instance, Operation):
        return found
    tensor = found.outputs[org_instance.value_index]
    for collection in _collections(org_instance, scope):
        to_graph.add_to_collection(collection, tensor)
    return tensor


def _before(op):
    return [*(tensor.op for tensor in op.inputs), *op.control_inputs]


def _needed(op, to_graph, scope):
    """The operations that are not there yet, each after those that it needs."""
    ordered, seen, stack = [], set(), [(op, False)]
    while stack:
        each, ready = stack.pop()
        if ready:
            ordered.append(each)
        elif each not in seen and not _is_there(each, to_graph, scope):
            seen.add(each)
            stack.append((each, True))
            stack += [(before, False) for before in _before(each)]
    return ordered


def _is_there(op, graph, scope):
    try:
        get_copied_op(op, graph, scope)
    except KeyError:
        return False
    return True


def _copied(op, to_graph, scope):
    inputs = [get_copied_op(t.op, to_graph, scope).outputs[t.value_index] for t in op.inputs]
    after = [get_copied_op(each, to_graph, scope) for each in op.control_inputs]
    with to_graph.as_default(), name_scope(None), control_dependencies(None):
        with control_dependencies(after):
            made = to_graph.create_op(op.type, inputs, name=f"{_named(op.name, scope)}/",
                                      attrs=dict(op.node_def.attr))  # fmt: skip
        made._set_device(op.device)


def get_copied_op(org_instance, graph, scope=""):
    """The copy of an operation or tensor in a graph. KeyError when there is none."""
    return graph.as_graph_element(_named(org_instance.name, scope), allow_tensor=True,
                                  allow_operation=True)  # fmt: skip
