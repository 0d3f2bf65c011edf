"""EagerVariableStore: variables by name, where operations run at once and graphs keep none."""

from contextlib import contextmanager

from minitf.ops.state import eager_variable  # noqa: F401  what is kept
from minitf.ops.state.variables import in_init_scope


class EagerVariableStore:
    """Keeps what `tf.get_variable` makes inside `with store.as_default():`, and gives it again.

    So layers that are functions, as `tf.layers.dense(x, 10, name="out")` is, have the same
    variables each time they are called. `store` is another one, whose variables it shares.
    """

    def __init__(self, store=None):
        self._variables = {} if store is None else store._variables

    @classmethod
    def inside(cls):
        """A store that shares the variables of the one that is the default now, if one is."""
        made, kept = cls(), in_init_scope()._scope_store.get("eager")
        if kept is not None:
            made._variables = kept
        return made

    @contextmanager
    def as_default(self):
        """Inside the `with` block variables are kept here, and found again."""
        kept = in_init_scope()._scope_store
        before, kept["eager"] = kept.get("eager"), self._variables
        try:
            yield
        finally:
            kept["eager"] = before

    def variables(self):
        """The variables, sorted by name."""
        return sorted(self._variables.values(), key=lambda variable: variable.name)

    def trainable_variables(self):
        """Those that optimizers change."""
        return [variable for variable in self.variables() if variable.trainable]

    def non_trainable_variables(self):
        """Those that they do not."""
        return [variable for variable in self.variables() if not variable.trainable]

    def copy(self):
        """A store of variables of its own, with the same names and values."""
        made = EagerVariableStore()
        made._variables = {
            name: type(variable)(
                variable.read_value(), trainable=variable.trainable, name=variable.op.name
            )
            for name, variable in self._variables.items()
        }
        return made
