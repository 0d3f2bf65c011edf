"""The place of a variable's value as a handle: for functions, which read and change it as they run.
"""

from minitf.core.dtypes import resource
from minitf.core.errors import FailedPreconditionError
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import VariableSlot
from minitf.core.shape_rules import scalar


@op("VariablePlace", shape=scalar, grad=NOT_DIFFERENTIABLE, host=True)
def variable_place(xp, ref: VariableSlot, *, empty=False) -> resource:
    """What holds the variable's value; unless `empty`, there is one."""
    if ref.value is None and not empty:
        raise FailedPreconditionError(None, None, "Attempting to use uninitialized value: run the "
                                      "variable's initializer first")  # fmt: skip
    return ref


def place_of(variable):
    """The handle of a variable, a node of the graph that it is in, which has one. The handle of a
    resource variable can be had before it is initialised, as in TensorFlow."""
    graph, empty = variable.graph, vars(variable.op).get("is_resource", False)
    known = graph._operations.get(f"{variable.op.name}/place")
    if known is not None and known.type == "VariablePlace" and known.inputs[0] is variable:
        return known.outputs[0]
    scope = graph.name_scope(f"{variable.op.name}/")
    with graph._counting(0), graph.as_default(), graph.control_dependencies(None), scope:
        return variable_place(variable, empty=empty, name="place")
