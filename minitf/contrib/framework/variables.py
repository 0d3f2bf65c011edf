"""Making variables, and finding them by scope and name: `tf.contrib.framework.get_variables`."""
import re
from functools import partial

from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.core.arguments import takes
from minitf.core.device import DeviceSpec
from minitf.core.dtypes import float32
from minitf.core.graph import add_to_collection, device, get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.ops.control_flow.control import group
from minitf.ops.state.copies import VariableAggregation, VariableSynchronization
from minitf.ops.state.placeholder import placeholder
from minitf.ops.state.variable_scope import VariableScope, get_variable, get_variable_scope
from minitf.ops.state.variables import Variable
from minitf.train.global_step import assert_global_step, get_global_step

# -- making ---------------------------------------------------------------------------------------


def local_variable(initial_value, validate_shape=True, name=None, use_resource=None):
    """A variable of this process: not trained, in the collection "local_variables"."""
    return _untrained(initial_value, GraphKeys.LOCAL_VARIABLES, validate_shape, name, use_resource)


def global_variable(initial_value, validate_shape=True, name=None, use_resource=None):
    """A variable that is not trained, in the collection "variables"."""
    return _untrained(initial_value, GraphKeys.GLOBAL_VARIABLES, validate_shape, name, use_resource)


def _untrained(initial_value, collection, validate_shape, name, use_resource):
    return Variable(
        initial_value,
        trainable=False,
        collections=[collection],
        validate_shape=validate_shape,
        use_resource=use_resource,
        name=name,
    )


@add_arg_scope
def variable(
    name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=True,
    collections=None, caching_device=None, device=None, partitioner=None, custom_getter=None,
    use_resource=None, synchronization=VariableSynchronization.AUTO,
    aggregation=VariableAggregation.NONE,
):  # fmt: skip
    """`tf.get_variable`, on `device`, in the collection "variables" unless told otherwise."""
    getter = get_variable
    if custom_getter is not None:
        getter = partial(custom_getter, reuse=get_variable_scope().reuse)
    collections = [GraphKeys.GLOBAL_VARIABLES] if collections is None else collections
    with _on(device or ""):
        return getter(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=list(dict.fromkeys(collections)),
            caching_device=caching_device,
            partitioner=partitioner,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )


_on = device  # within `variable` the name is an argument


@add_arg_scope
@takes(variable, dtype=float32)
def model_variable(collections, **given):
    """`variable`, also in the collection "model_variables"."""
    model = [GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES]
    return variable(collections=[*(collections or ()), *model], **given)


def add_model_variable(var):
    """Add a variable to the collection "model_variables", once."""
    if not any(var is each for each in get_collection(GraphKeys.MODEL_VARIABLES)):
        add_to_collection(GraphKeys.MODEL_VARIABLES, var)


# -- finding --------------------------------------------------------------------------------------


def get_variables(scope=None, suffix=None, collection=GraphKeys.GLOBAL_VARIABLES):
    """The variables of a collection whose names begin with `scope` and end with `suffix`."""
    if isinstance(scope, VariableScope):
        scope = scope.name
    if suffix is not None:
        suffix = suffix if ":" in suffix else f"{suffix}:"
        scope = f"{scope or ''}.*{suffix}"
    return get_collection(collection, scope)


def get_model_variables(scope=None, suffix=None):
    return get_variables(scope, suffix, GraphKeys.MODEL_VARIABLES)


def get_local_variables(scope=None, suffix=None):
    return get_variables(scope, suffix, GraphKeys.LOCAL_VARIABLES)


def get_trainable_variables(scope=None, suffix=None):
    return get_variables(scope, suffix, GraphKeys.TRAINABLE_VARIABLES)


def get_variables_by_suffix(suffix, scope=None):
    return get_variables(scope, suffix)


def get_variables_by_name(given_name, scope=None):
    """The variables named so, whatever scopes the name stands in."""
    return get_variables(scope, f"/{given_name}:|^{given_name}:")


def get_unique_variable(var_op_name):
    """The variable with this full name. ValueError when there is none."""
    candidates = get_variables(var_op_name)
    if not candidates:
        raise ValueError(f"Couldn't find variable {var_op_name}")
    for candidate in candidates:
        if candidate.op.name == var_op_name:
            return candidate
    raise ValueError(
        f"Variable {var_op_name} does not uniquely identify a variable: "
        f"{[candidate.op.name for candidate in candidates]}"
    )


def get_variables_to_restore(include=None, exclude=None):
    """The variables of the scopes `include` (all) that are not of the scopes `exclude`.

    TypeError for a scope that does not stand in a list or tuple.
    """
    found = get_variables() if include is None else _of_scopes(include, "include")
    left_out = [] if exclude is None else _of_scopes(exclude, "exclude")
    return [v for v in found if not any(v is other for other in left_out)]


def _of_scopes(scopes, what):
    if not isinstance(scopes, (list, tuple)):
        raise TypeError(f"{what} is provided but is not a list or a tuple.")
    return [v for scope in scopes for v in get_variables(scope)]


def get_variable_full_name(var):
    """The name that a checkpoint knows the variable by: of a part, that of the whole."""
    part = var._save_slice_info
    return var.op.name if part is None else part.full_name


def filter_variables(var_list, include_patterns=None, exclude_patterns=None, reg_search=True):
    """The variables whose names match one of the regular expressions `include_patterns` (all), and
    none of `exclude_patterns`: anywhere, or from the start unless `reg_search`."""
    matches = re.search if reg_search else re.match

    def any_of(patterns, var):
        return any(matches(pattern, var.name) for pattern in patterns)

    found = [var for var in var_list if include_patterns is None or any_of(include_patterns, var)]
    return [var for var in found if exclude_patterns is None or not any_of(exclude_patterns, var)]


def assert_or_get_global_step(graph=None, global_step_tensor=None):
    """`global_step_tensor`, found to be an integer scalar, or the graph's global step."""
    if global_step_tensor is None:
        return get_global_step(graph)
    assert_global_step(global_step_tensor)
    return global_step_tensor


# -- setting --------------------------------------------------------------------------------------


def assign_from_values(var_names_to_values):
    """(operation, feed_dict) that give variables, by full names, the values of arrays.

    ValueError for a name that no variable has.
    """
    feed_dict, assigned = {}, []
    for name, value in var_names_to_values.items():
        var = _named(name)
        fed = placeholder(var.dtype.base_dtype, var.get_shape(), f"placeholder/{var.op.name}")
        assigned.append(var.assign(fed))
        feed_dict[fed] = value.reshape(var.get_shape().as_list())
    return group(*assigned), feed_dict


def _named(name):
    found = get_collection(GraphKeys.GLOBAL_VARIABLES, name)
    if not found:
        raise ValueError(f"Variable {name} wasn't found")
    if len(found) == 1:
        return found[0]
    exact = [var for var in found if var.op.name == name]
    if not exact:
        raise ValueError(f"Variable {name} doesn't uniquely identify a variable")
    return exact[-1]


def assign_from_values_fn(var_names_to_values):
    """A function of a session that gives variables the values of arrays."""
    operation, feed_dict = assign_from_values(var_names_to_values)
    return lambda session: session.run(operation, feed_dict)


class VariableDeviceChooser:
    """A device function for variables: with `num_tasks` they go to these tasks in turn."""

    def __init__(
        self, num_tasks=0, job_name="ps", device_type="CPU", device_index=0, replica=None
    ):
        self._num_tasks, self._next_task_id = num_tasks, 0
        self._job_name, self._replica = job_name, replica
        self._device_type, self._device_index = device_type, device_index

    def __call__(self, op):
        spec = DeviceSpec(
            replica=self._replica, device_type=self._device_type, device_index=self._device_index
        )
        if self._num_tasks > 0:
            spec = spec.replace(job=self._job_name, task=self._next_task_id)
            self._next_task_id = (self._next_task_id + 1) % self._num_tasks
        return spec.to_string()
