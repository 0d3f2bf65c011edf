"""The global step: the variable that counts training steps."""

from minitf.core.dtypes import int64
from minitf.core.eager import executing_eagerly
from minitf.core.graph import get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor import Tensor
from minitf.ops.state.copies import VariableAggregation
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable
from minitf.ops.state.variables import Variable


def global_step(sess, global_step_tensor):
    """The number of the step, as an int, in a session; where operations run at once, of now."""
    if executing_eagerly():
        return int(global_step_tensor.numpy())
    return int(sess.run(global_step_tensor).item())  # of a shape [1], perhaps


def get_global_step(graph=None):
    """The graph's global step: its collection's one item, or the tensor `global_step:0`, or None.

    Raises TypeError when it is not an integer scalar.
    """
    graph = graph or get_default_graph()
    found = graph.get_collection(GraphKeys.GLOBAL_STEP)
    if not found:
        try:
            found = [graph.get_tensor_by_name("global_step:0")]
        except KeyError:
            return None
    if len(found) > 1:
        return None
    assert_global_step(found[0])
    return found[0]


def create_global_step(graph=None):
    """A new int64 variable `global_step`. Raises ValueError when there is one."""
    graph = graph or get_default_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with graph.as_default(), graph.name_scope(None):
        return get_variable(
            GraphKeys.GLOBAL_STEP,
            shape=[],
            dtype=int64,
            initializer=Zeros(),
            trainable=False,
            aggregation=VariableAggregation.ONLY_FIRST_REPLICA,
            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
        )


def get_or_create_global_step(graph=None):
    """The graph's global step, made when there is none."""
    graph = graph or get_default_graph()
    found = get_global_step(graph)
    return create_global_step(graph) if found is None else found


def assert_global_step(global_step_tensor):
    """TypeError unless it is an integer scalar Variable or Tensor."""
    if not isinstance(global_step_tensor, (Variable, Tensor)):
        raise TypeError(
            f'Existing "global_step" must be a Variable or Tensor: {global_step_tensor}.'
        )
    dtype, shape = global_step_tensor.dtype, global_step_tensor.get_shape()
    if not dtype.base_dtype.is_integer:
        raise TypeError(f'Existing "global_step" does not have integer type: {dtype}')
    if shape.ndims != 0 and shape.is_fully_defined():
        raise TypeError(f'Existing "global_step" is not scalar: {shape}')


READ = "global_step_read_op_cache"  # the collection of tensors that read it


def global_step_read(graph=None):
    """A tensor with the value of the global step as a run begins, made once; None without a step.

    A run that adds to the step gives the value from before.
    """
    graph = graph or get_default_graph()
    made = graph.get_collection(READ)
    step = get_global_step(graph)
    if made or step is None:
        return made[0] if made else None
    with graph.as_default(), graph.name_scope(None), graph.name_scope(step.op.name + "/"):
        value = step.initialized_value() if isinstance(step, Variable) else step
        read = value + 0
    graph.add_to_collection(READ, read)
    return read
