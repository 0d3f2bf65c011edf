"""Variables where operations run at once: they hold their value themselves."""

import weakref
from contextlib import contextmanager

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.eager import unheard
from minitf.core.eager_tensor import as_numpy
from minitf.core.graph import get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.core.static import constant_value
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import identity
from minitf.ops.state import assign as state
from minitf.ops.state.kinds import kind
from minitf.ops.state.variables import Variable


@kind("eager")
class EagerVariable(Variable):
    """A Variable that has its value as soon as it is made, and that lives as long as the program
    refers to it.

    It is in no collection. `assign` and its like change it at once, and return it.
    """

    _is_resource = True

    def _build(self, initial_value, dtype, shape, validate_shape, caching_device, scope):
        with unheard():
            initial = self._begin(_now(initial_value), dtype, shape, validate_shape, scope)
            self._variable._held.owner = weakref.ref(self)
            state.assign(self._variable, initial, validate_shape=validate_shape)

    @property
    def dtype(self):
        return self._variable.dtype.base_dtype

    def _collect(self, keys):
        """Nobody looks for it, but for the global step."""
        if GraphKeys.GLOBAL_STEP in keys:
            get_default_graph().add_to_collection(GraphKeys.GLOBAL_STEP, self)
        for tell in _told:
            tell(self)

    @property
    def _shared_name(self):
        return f"{self.op.name}_{self.op._id}"

    @property
    def initializer(self):
        """None: it is initialised."""
        return None

    @property
    def initial_value(self):
        raise RuntimeError("initial_value not supported in EAGER mode.")

    def initialized_value(self):
        return self.read_value()

    def to_proto(self, export_scope=None):
        raise RuntimeError("to_proto not supported in EAGER mode.")

    def numpy(self):
        """A copy of the value: an array, or a number of NumPy's where there are no axes."""
        return as_numpy(self.dtype, self._variable._held.value)

    def eval(self, session=None):
        raise RuntimeError("Trying to eval in EAGER mode")

    def load(self, value, session=None):
        """Assign an array."""
        self.assign(value)

    def value(self):
        """A tensor that has the value of now."""
        return identity(self._variable, name="read")

    read_value = value

    def _AsTensor(self):
        return self.value()

    def set_shape(self, shape):
        self._variable.set_shape(shape)

    def assign(self, value, use_locking=None, name=None, read_value=True):
        """Assign `value`; the variable, or None with `read_value=False`. ValueError for a value of
        another shape."""
        value = convert_to_tensor(value, dtype=self.dtype)
        if not self.shape.is_compatible_with(value.shape):
            raise ValueError(f"Shapes {self.shape} and {value.shape} are incompatible: "
                             f"'{self.name}' keeps its shape")  # fmt: skip
        return self._changed(state.assign(self._variable, value, name=name), read_value)

    def assign_add(self, delta, use_locking=None, name=None, read_value=True):
        """Add `delta`."""
        return self._changed(state.assign_add(self._variable, delta, name=name), read_value)

    def assign_sub(self, delta, use_locking=None, name=None, read_value=True):
        """Subtract `delta`."""
        return self._changed(state.assign_sub(self._variable, delta, name=name), read_value)

    def _after(self, done):
        return self._changed(done, read_value=True)

    def _changed(self, result, read_value):
        if getattr(result, "graph", None) is None or result.graph.eager:
            return self if read_value else None
        if not read_value:
            return result.op  # in a function that is traced
        after = object.__new__(Afterwards)
        vars(after).update(vars(self), _done=result.op)
        return after

    def __bool__(self):
        return bool(self.numpy())

    def __int__(self):
        if not self.dtype.is_integer:
            raise TypeError("Non-integer variable can't be converted to integer.")
        return int(self.numpy())

    def __float__(self):
        return float(self.numpy())

    def __array__(self, dtype=None, copy=None):
        return np.array(self.numpy(), dtype)

    def __repr__(self):
        text = repr(self.numpy()) if self.shape.ndims else str(self.numpy())
        if "\n" in text:
            text = "\n" + text
        return (
            f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.base_dtype.name}, "
            f"numpy={text}>"
        )

    def __deepcopy__(self, memo):
        made = type(self)(
            self.numpy(), trainable=self.trainable, name=self.op.name, constraint=self.constraint
        )
        memo[id(self)] = made
        return made


class Afterwards(EagerVariable):
    """A variable as it is after an update in a function that is traced: what assignments return
    there. Each use has run that."""

    @property
    def op(self):
        """The Operation that updates."""
        return self._done

    @property
    def name(self):
        return self._done.name

    def _as_graph_element(self):
        return self._done.outputs[0]

    def value(self):
        graph = get_default_graph()
        if graph is not self._done.graph:
            return super().value()
        with graph.control_dependencies([self._done]):
            return super().value()

    read_value = value

    def __repr__(self):
        return f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}>"


EagerVariable.__name__ = "ResourceVariable"  # as programs find that of TensorFlow called

_told = []


@contextmanager
def told_of_variables(function):
    """`function(variable)` is called for each EagerVariable that the `with` block makes."""
    _told.append(function)
    try:
        yield
    finally:
        _told.remove(function)


def _now(initial_value):
    """The value of a tensor of a graph. ValueError where it is known only in a run."""
    if not isinstance(initial_value, Tensor) or initial_value.graph.eager:
        return initial_value
    value = constant_value(initial_value)
    if value is None:
        raise ValueError(
            "Tensor-typed variable initializers must either be wrapped in an init_scope or "
            "callable (e.g., `tf.Variable(lambda : tf.truncated_normal([10, 40]))`): "
            f"{initial_value!r}"
        )
    return value
