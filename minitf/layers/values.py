"""What the variables of a layer hold: `get_weights`, `set_weights`."""
import numpy as np

from minitf.core.eager import executing_eagerly
from minitf.core.errors import FailedPreconditionError
from minitf.core.graph import get_default_session
from minitf.ops.state.variable_lists import is_variable_initialized


def check_arrays(layer, variables, arrays):
    """ValueError unless there is an array for each variable of a layer, and of its shape."""
    if len(variables) != len(arrays):
        raise ValueError(
            f'You called `set_weights(weights)` on layer "{layer}" with a  weight list of length '
            f"{len(arrays)}, but the layer was expecting {len(variables)} weights. Provided "
            f"weights: {str(arrays)[:50]}..."
        )
    for variable, array in zip(variables, arrays):
        if not variable.shape.is_compatible_with(np.shape(array)):
            raise ValueError(f"Layer weight shape {variable.shape} not compatible with provided "
                             f"weight shape {np.shape(array)}")  # fmt: skip


class OfValues:
    """Reads and writes variables: in the default session, or where operations run at once."""

    def get_weights(self):
        """The values of `weights`, arrays. Variables that have no values yet are initialized.

        ValueError without a session.
        """
        if executing_eagerly():
            return [variable.numpy() for variable in self.weights]
        session = self._session("get_weights")
        try:
            return session.run(self.weights)
        except FailedPreconditionError:
            known = session.run([is_variable_initialized(each) for each in self.weights])
            session.run([each.initializer for each, is_known in zip(self.weights, known)
                         if not is_known])  # fmt: skip
            return session.run(self.weights)

    def set_weights(self, weights):
        """Give the variables these values. ValueError for another number of arrays, for other
        shapes, or without a session."""
        check_arrays(self.name, self.weights, weights)
        session = None if executing_eagerly() else self._session("set_weights")
        for variable, array in zip(self.weights, weights):
            if session is None:
                variable.assign(array)
            else:
                variable.load(array, session)

    def _session(self, method):
        session = get_default_session()
        if session is None:
            raise ValueError(f"{method} of layer {self.name}: values are in a session, and none is "
                             "the default one: `with sess.as_default():`")  # fmt: skip
        return session
