"""Why a loss gives no gradient by any variable, for the error that says so."""
from minitf.core.gradient_registry import rule_of
from minitf.core.op import NOT_DIFFERENTIABLE
from minitf.core.operation import Operation
from minitf.ops.control_flow.walk import Nodes, flows


def why_no_gradient(loss, variables):
    """A sentence: that the loss depends on none of the variables, or what stands in between."""
    readers = Nodes().behind([loss])
    found = [variable.op for variable in variables if variable.op in readers]
    if not found:
        return (
            "The loss depends on none of them: it may be computed from arrays that a run gave, or "
            "from other variables."
        )
    for node in _way(found[0], readers):
        if _ends_gradients(node):
            return (
                f"The loss depends on '{found[0].name}' through {node.type} '{node.name}', "
                f"through which no gradient flows.\n  built at {node.line}"
            )
    return ""


def _way(node, readers):
    """What reads a node, what reads that, to the loss."""
    while (node := readers[node]) is not None:
        yield node


def _ends_gradients(node):
    if not isinstance(node, Operation):
        return False
    rule = rule_of(node)
    ends = rule is not None and rule.apply is NOT_DIFFERENTIABLE
    return ends or not any(flows(output) for output in node.outputs)
