"""Moving averages of variables: `tf.train.ExponentialMovingAverage`."""

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float16, float32, float64
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, minimum
from minitf.ops.math.operators import pow
from minitf.ops.state.assign import assign, assign_sub
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_lists import (
    global_variables,
    moving_average_variables,
    trainable_variables,
)
from minitf.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope
from minitf.ops.state.variables import Variable, init_scope
from minitf.train.slots import create_slot, create_zeros_slot


class ExponentialMovingAverage:
    """Keeps, for each variable, `average = decay * average + (1 - decay) * variable`.

    `apply` makes the operation that brings the averages up to date, `average` returns one. With
    `num_updates` (a number or variable) the decay is at most `(1 + n) / (10 + n)`, so that the
    first averages move fast; `zero_debias` corrects averages of tensors, which start at zero.
    """

    def __init__(self, decay, num_updates=None, zero_debias=False, name="ExponentialMovingAverage"):
        self._decay, self._num_updates = decay, num_updates
        self._zero_debias, self._name = zero_debias, name
        self._averages = {}

    @property
    def name(self):
        return self._name

    def apply(self, var_list=None):
        """An Operation that updates the averages of `var_list` (the trainable variables).

        Raises TypeError for variables that are not of a float type.
        """
        var_list = trainable_variables() if var_list is None else var_list
        debiased = set()
        for var in var_list:
            if var.dtype.base_dtype not in (float16, float32, float64):
                raise TypeError(f"The variables must be half, float, or double: {var.name}")
            if var not in self._averages:
                self._averages[var] = average = self._created(var)
                if self._zero_debias and not isinstance(var, Variable):
                    debiased.add(average)
        with name_scope(self._name) as scope:
            decay = self._current_decay()
            updates = [
                assign_moving_average(average, var, decay, zero_debias=average in debiased)
                for var, average in ((var, self._averages[var]) for var in var_list)
            ]
            return group(*updates, name=scope)

    def _created(self, var):
        with init_scope():
            if not isinstance(var, Variable):
                colocate = var.op.definition.variable
                return create_zeros_slot(var, self._name, colocate_with_primary=colocate)
            average = create_slot(var, var.initialized_value(), self._name)
        get_default_graph().add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, var)
        return average

    def _current_decay(self):
        decay = convert_to_tensor(self._decay, name="decay")
        if self._num_updates is None:
            return decay
        count = cast(self._num_updates, float32, name="num_updates")
        return minimum(decay, (1.0 + count) / (10.0 + count))

    def average(self, var):
        """The variable that holds the average of `var`, or None before `apply`."""
        return self._averages.get(var)

    def average_name(self, var):
        """The name under which the average of `var` is (or would be) saved."""
        if var in self._averages:
            return self._averages[var].op.name
        path = f"{var.op.name}/{self._name}"
        return get_default_graph().unique_name(path, mark_as_used=False)

    def variables_to_restore(self, moving_avg_variables=None):
        """`{name in a checkpoint: variable}` that loads averages in place of variables."""
        if moving_avg_variables is None:
            moving_avg_variables = trainable_variables() + moving_average_variables()
        averaged = dict.fromkeys(moving_avg_variables)
        names = {self.average_name(var): var for var in averaged}
        plain = [var for var in dict.fromkeys(global_variables()) if var not in averaged]
        return names | {var.op.name: var for var in plain if var.op.name not in names}


def assign_moving_average(variable, value, decay, zero_debias=True, name=None):
    """Move `variable` towards `value` by the part `1 - decay`.

    `zero_debias` corrects for its having started at zero (Kingma and Ba 2015).
    """
    with name_scope(name, "AssignMovingAvg", [variable, value, decay]) as scope:
        part = convert_to_tensor(1.0 - decay, name="decay")
        part = cast(part, variable.dtype.base_dtype)
        if zero_debias:
            return _debiased(variable, value, part)
        return assign_sub(variable, (variable - value) * part, name=scope)


def _debiased(variable, value, part):
    with variable_scope(variable.op.name, values=[variable, value, part]):
        shape, dtype = variable.get_shape(), variable.dtype.base_dtype
        options = {"dtype": dtype, "initializer": Zeros(), "trainable": False}
        biased = get_variable(_unused("biased"), shape=shape, **options)
        steps = get_variable(_unused("local_step"), shape=[], **options)
    moved = assign_sub(biased, (biased - value) * part)
    count = steps.assign_add(1)
    scope = get_default_graph().get_name_scope()
    return assign(variable, moved / (1 - pow(1.0 - part, count)), name=f"{scope}/")


def _unused(name):
    scope = get_variable_scope()
    if scope.reuse:
        return name
    taken = {var.op.name for var in scope.global_variables()}
    unique, number = name, 0
    while f"{scope.name}/{unique}" in taken:
        number += 1
        unique = f"{name}_{number}"
    return unique
