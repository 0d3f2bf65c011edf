"""RNNCell: one step of a recurrent network."""
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor import Tensor
from minitf.layers.base import Layer
from minitf.ops.array.basics import shape
from minitf.ops.state.variable_scope import get_variable_scope, variable_scope
from minitf.rnn.sizes import zero_states


class RNNCell(Layer):
    """The base of cells: `output, next_state = cell(inputs, state)`.

    A cell has `state_size` and `output_size`, each a number, a TensorShape, or a nesting of these,
    and `call(inputs, state)`. Variables that `call` makes by `tf.get_variable` are the cell's.
    """

    _is_tf_rnn_cell = True  # its state, if it is one tensor, is not in a list, as Keras's are

    def __call__(self, inputs, state, scope=None):
        """(outputs [batch, output_size], the next state).

        Variables are in `scope`, a name or a VariableScope, or else in one named after the class.
        """
        if scope is not None:
            with variable_scope(scope, custom_getter=self._noted) as entered:
                return super().__call__(inputs, state, scope=entered)
        with self._same_scope():
            return super().__call__(inputs, state)

    def _same_scope(self):
        """The scope that was current in the first call."""
        found = getattr(self, "rnncell_scope", None)
        if found is None:
            found = variable_scope(get_variable_scope(), custom_getter=self._noted)
            self.rnncell_scope = found
        return found

    def _noted(self, getter, *args, **kwargs):
        variable = getter(*args, **kwargs)
        known = (*self._trainable_weights, *self._non_trainable_weights)
        if all(variable is not each for each in known):
            self._keep([variable], getattr(variable, "trainable", False))
        return variable

    @property
    def state_size(self):
        """The size of the state without its batch axis, or a nesting of sizes."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self):
        """The size of the output without its batch axis."""
        raise NotImplementedError("Abstract method")

    def build(self, input_shape):
        """Nothing: a subclass makes its variables here, or in `call`."""

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """`zero_state` for the batch size and type of `inputs` [batch, ...], or for those given.

        ValueError when they do not agree, or are not known.
        """
        if inputs is not None:
            inputs = convert_to_tensor(inputs, name="inputs")
            _check_agrees(inputs, batch_size, dtype)
            batch_size = inputs.shape[0].value or shape(inputs)[0]
            dtype = inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError("batch_size and dtype cannot be None while constructing initial "
                             f"state: batch_size={batch_size}, dtype={dtype}")  # fmt: skip
        return self.zero_state(batch_size, dtype)

    def zero_state(self, batch_size, dtype):
        """A state of zeros: [batch_size, size] for each size in `state_size`."""
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return zero_states(self.state_size, batch_size, dtype)

    def get_config(self):
        """What the layer was made with."""
        return {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config):
        """A new cell like the one whose `get_config()` this is."""
        return cls(**config)


class LayerRNNCell(RNNCell):
    """The base of cells that make all their variables in `build`, as other layers do."""

    def __call__(self, inputs, state, scope=None, *args, **kwargs):
        """(outputs [batch, output_size], the next state)."""
        return Layer.__call__(self, inputs, state, *args, scope=scope, **kwargs)


def _check_agrees(inputs, batch_size, dtype):
    size = constant_value(batch_size) if isinstance(batch_size, Tensor) else batch_size
    if batch_size is not None and inputs.shape[0].value != size:
        raise ValueError(
            "batch size from input tensor is different from the input param. Input tensor batch: "
            f"{inputs.shape[0].value}, batch_size: {batch_size}"
        )
    if dtype is not None and inputs.dtype != dtype:
        raise ValueError("dtype from input tensor is different from the input param. Input tensor "
                         f"dtype: {inputs.dtype}, dtype: {dtype}")  # fmt: skip


def assert_like_rnncell(cell_name, cell):
    """TypeError unless `cell`, the argument `cell_name`, can be used as an RNNCell."""
    has_state = _has(cell, "get_initial_state") or _has(cell, "zero_state")
    problems = {
        "'output_size' property is missing": not _has(cell, "output_size"),
        "'state_size' property is missing": not _has(cell, "state_size"),
        "either 'zero_state' or 'get_initial_state' method is required": not has_state,
        "is not callable": not callable(cell),
    }
    wrong = [problem for problem, is_so in problems.items() if is_so]
    if wrong:
        raise TypeError(f"The argument {cell_name!r} ({cell}) is not an RNNCell: "
                        f"{', '.join(wrong)}.")  # fmt: skip


def _has(cell, name):
    try:
        getattr(cell, name)
    except AttributeError:
        return False
    return True


def check_types(*structures):
    """ValueError for tensors that are not float."""
    for tensor in nest.flatten(structures):
        check_type(tensor.dtype)


def check_type(dtype):
    """ValueError for a type that is not float; None is not known yet."""
    if dtype is not None and not (as_dtype(dtype).is_floating or as_dtype(dtype).is_complex):
        raise ValueError("RNN cell only supports floating point inputs, but saw dtype: "
                         f"{as_dtype(dtype)}")  # fmt: skip


def input_depth(input_shape):
    """The size of the last axis of the inputs. ValueError where it is unknown."""
    depth = input_shape[-1]
    depth = getattr(depth, "value", depth)
    if depth is None:
        raise ValueError(
            f"Expected inputs.shape[-1] to be known, saw shape: {input_shape}"
        )
    return depth

