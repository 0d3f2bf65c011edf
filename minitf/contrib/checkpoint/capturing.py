"""capture_dependencies: variables made by name in a scope, for a checkpoint."""
from contextlib import contextmanager

from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.core.trackable import changed, note
from minitf.ops.state.eager_variable import told_of_variables


@contextmanager
def capture_dependencies(template):
    """Variables made in the `with` block, in the scope `template.variable_scope`, are in
    checkpoints with `template`, by their names in that scope."""
    start = f"{template.variable_scope.name}/"

    def take(variable):
        if variable.op.name.startswith(start):
            note(template, variable.op.name.removeprefix(start), variable)
            changed()

    before = {id(variable) for variable in get_collection(GraphKeys.GLOBAL_VARIABLES)}
    with told_of_variables(take):
        yield
    for variable in get_collection(GraphKeys.GLOBAL_VARIABLES):
        if id(variable) not in before:
            take(variable)
