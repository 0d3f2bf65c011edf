"""The variables of a graph: `tf.global_variables`, `tf.global_variables_initializer`, ..."""

from minitf.core.constant import constant
from minitf.core.dtypes import string
from minitf.core.graph import device, get_collection, get_default_graph, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.joining import stack
from minitf.ops.array.masks import boolean_mask
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import logical_not
from minitf.ops.state import assign as state


def global_variables(scope=None):
    """The variables of the default graph; with `scope`, those whose names match it."""
    return get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def local_variables(scope=None):
    """The variables that belong to this process and are not saved."""
    return get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def model_variables(scope=None):
    """The variables that make up the model, by what layers say."""
    return get_collection(GraphKeys.MODEL_VARIABLES, scope)


def trainable_variables(scope=None):
    """The variables that optimizers change."""
    return get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def moving_average_variables(scope=None):
    """The variables of which an ExponentialMovingAverage keeps an average."""
    return get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, scope)


def variables_initializer(var_list, name="init"):
    """An Operation that initialises all of `var_list`."""
    if var_list:
        return group(*[variable.initializer for variable in var_list], name=name)
    return no_op(name=name)


def global_variables_initializer():
    """An Operation that initialises all variables of the graph."""
    return variables_initializer(global_variables())


def local_variables_initializer():
    """An Operation that initialises all local variables of the graph."""
    return variables_initializer(local_variables())


def is_variable_initialized(variable):
    """A bool Tensor: whether `variable` has a value."""
    return state.is_variable_initialized(variable)


def _listed(var_list):
    if var_list is None:
        operations = get_default_graph().get_operations()
        var_list = global_variables() + local_variables()
        var_list = var_list or [o.outputs[0] for o in operations if o.definition.variable]
    return list(var_list)


def assert_variables_initialized(var_list=None):
    """A Tensor whose run raises FailedPreconditionError unless all variables have values."""
    ranks = [state.variable_rank(variable) for variable in _listed(var_list)]
    if not ranks:
        return None
    return ranks[0] if len(ranks) == 1 else stack(ranks)


def report_uninitialized_variables(var_list=None, name="report_uninitialized_variables"):
    """A string vector: the names of the variables that have no value in this Session."""
    var_list = _listed(var_list)
    with name_scope(name):
        known = [state.is_variable_initialized(variable) for variable in var_list]
        with device("/cpu:0"):
            if not var_list:
                return constant([], dtype=string)
            unknown = logical_not(stack(known))
            names = constant([variable.op.name for variable in var_list])
            return boolean_mask(names, unknown)
