"""How a model with a `call` of its own makes its variables: by a call with placeholders."""
import contextlib
import inspect

import minitf as tf
from minitf.keras import backend as K
from minitf.ops.function import FuncGraph


def call_on_placeholders(model, input_shape):
    """Call `model` with placeholders of this shape, or of these.

    ValueError when `call` needs more than inputs, or another type of them.
    """
    several = isinstance(input_shape, list) and isinstance(
        input_shape[0], (tuple, list, tf.TensorShape)
    )
    arguments = _arguments(model)
    at_once = tf.executing_eagerly()
    with FuncGraph("build_graph").as_default() if at_once else contextlib.nullcontext():
        made = [
            tf.placeholder(K.floatx(), shape)
            for shape in (input_shape if several else [input_shape])
        ]
        try:
            model.call(made if several else made[0], **arguments)
        except (tf.errors.InvalidArgumentError, TypeError) as error:
            raise ValueError(
                "You cannot build your model by calling `build` if your layers do not support "
                "float type inputs. Instead, in order to instantiate and build your model, `call` "
                f"your model on real tensor data (of the correct dtype). ({error})"
            ) from error


def _arguments(model):
    """What `call` must be given beside inputs."""
    spec, found = inspect.getfullargspec(model.call), {}
    for name in spec.args[2 : len(spec.args) - len(spec.defaults or ())]:
        if name != "training":
            raise ValueError(
                "Currently, you cannot build your model if it has positional or keyword "
                "arguments that are not inputs to the model, but are required for its `call` "
                "method. Instead, in order to instantiate and build your model, `call` your "
                "model on real tensor data with all expected call arguments."
            )
        found[name] = False
    return found
