"""`tf.keras.Input`: what a model is given."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine import op_layer  # noqa: F401  raw ops on inputs become layers
from minitf.keras.engine.base_layer import Layer
from minitf.keras.engine.history import KerasHistory
from minitf.keras.engine.node import Node


class InputLayer(Layer):
    """The layer that an input comes from: a placeholder, or `input_tensor`.

    `input_shape` is that of a sample; `batch_size` (or `batch_input_shape`) fixes the batch.
    """

    def __init__(
        self, input_shape=None, batch_size=None, dtype=None, input_tensor=None, sparse=False,
        name=None, ragged=False, **kwargs,
    ):  # fmt: skip
        if "batch_input_shape" in kwargs:
            shape = kwargs.pop("batch_input_shape")
            if input_shape and shape:
                raise ValueError("Only provide the input_shape OR batch_input_shape argument to "
                                 "InputLayer, not both at the same time.")  # fmt: skip
            batch_size, input_shape = (shape[0], shape[1:]) if shape else (None, None)
        if kwargs:
            raise ValueError("Unrecognized keyword arguments:", kwargs.keys())
        if not dtype:
            dtype = K.floatx() if input_tensor is None else K.dtype(input_tensor)
        elif input_tensor is not None and input_tensor.dtype != tf.as_dtype(dtype):
            raise ValueError("`input_tensor.dtype` differs from `dtype`: "
                             f"{input_tensor.dtype} vs. {dtype}")  # fmt: skip
        super().__init__(dtype=dtype, name=name or f"input_{K.get_uid('input')}")
        self.built, self.sparse, self.ragged = True, sparse, ragged
        self.batch_size, self.supports_masking = batch_size, True
        self.is_placeholder = input_tensor is None
        if input_tensor is None:
            input_tensor = self._placeholder(input_shape, dtype)
        else:
            self._quietly(_batch_input_shape=tuple(input_tensor.shape.as_list()))
        input_tensor._keras_history = KerasHistory(self, 0, 0)
        input_tensor._keras_mask = None
        Node(self, [], [], [], [input_tensor], [input_tensor])

    def _placeholder(self, input_shape, dtype):
        if isinstance(input_shape, tf.TensorShape):
            input_shape = input_shape.as_list()
        elif isinstance(input_shape, int):
            input_shape = (input_shape,)
        shape = None if input_shape is None else (self.batch_size, *input_shape)
        self._quietly(_batch_input_shape=shape)
        return K.placeholder(
            shape=shape, dtype=dtype, name=self.name, sparse=self.sparse, ragged=self.ragged
        )

    def get_config(self):
        return {
            "batch_input_shape": self._batch_input_shape,
            "dtype": self.dtype,
            "sparse": self.sparse,
            "ragged": self.ragged,
            "name": self.name,
        }


def Input(
    shape=None,
    batch_size=None,
    name=None,
    dtype=None,
    sparse=False,
    tensor=None,
    ragged=False,
    **kwargs,
):
    """A tensor that models take: of this `shape`, the batch not included; or `tensor` itself.

    Raises ValueError without either, and for both `shape` and `batch_shape`.
    """
    if sparse and ragged:
        raise ValueError("Cannot set both sparse and ragged to True in a Keras input.")
    arguments = {"name": name, "dtype": dtype, "sparse": sparse, "ragged": ragged}
    batch_shape = kwargs.pop("batch_input_shape", kwargs.pop("batch_shape", None))
    if shape and batch_shape:
        raise ValueError("Only provide the `shape` OR `batch_input_shape` argument to Input, not "
                         "both at the same time.")  # fmt: skip
    if batch_shape:
        shape = batch_shape[1:]
        arguments["batch_input_shape"] = batch_shape
    else:
        arguments |= {"batch_size": batch_size, "input_shape": shape}
    if kwargs:
        raise ValueError("Unrecognized keyword arguments:", kwargs.keys())
    if shape is None and tensor is None:
        raise ValueError("Please provide to Input either a `shape` or a `tensor` argument. Note "
                         "that `shape` does not include the batch dimension.")  # fmt: skip
    layer = InputLayer(input_tensor=tensor, **arguments)
    return layer._inbound_nodes[0].output_tensors[0]
