"""The place of a variable's value as a handle: for functions, which read and change it as they run.
"""

from minitf.core.dtypes import resource
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import VariableSlot, VariableValue
from minitf.core.shape_rules import scalar


@op("VariablePlace", shape=scalar, grad=NOT_DIFFERENTIABLE, host=True)
def variable_place(xp, ref: VariableSlot, value: VariableValue) -> resource:
    """What holds the variable's value, of which there is one."""
    return ref


def place_of(variable):
    """The handle of a variable, a node of the graph that it is in."""
    graph = variable.graph
    scope = graph.name_scope(f"{variable.op.name}/")
    with graph.as_default(), graph.control_dependencies(None), scope:
        return variable_place(variable, variable, name="place")
