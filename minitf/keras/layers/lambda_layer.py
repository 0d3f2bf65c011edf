"""`tf.keras.layers.Lambda`: a function as a layer."""
import base64
import inspect
import marshal
import sys
import types
import warnings

import numpy as np

import minitf as tf
from minitf.keras.engine.base_layer import Layer
from minitf.keras.utils.names import to_shapes, to_tuples
from minitf.keras.utils.serialize import deserialize_keras_object

nest = tf.nest


class Lambda(Layer):
    """function(inputs, **arguments), with `mask` and `training` if it takes them.

    `output_shape` says the shape of a sample of the outputs, or computes it from that of the
    inputs; `mask` is the outputs' mask or computes it. Saved is the code of a lambda, the name of
    a function.
    """

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        self.function, self.mask, self._output_shape = function, mask, output_shape
        self._quietly(arguments=arguments or {})
        self._variable_dict = {}
        self.supports_masking = mask is not None
        takes = inspect.getfullargspec(function).args
        self._takes_training, self._takes_mask = "training" in takes, "mask" in takes

    def call(self, inputs, mask=None, training=None):
        arguments = dict(self.arguments)
        if self._takes_mask:
            arguments["mask"] = mask
        if self._takes_training:
            arguments["training"] = training
        with tf.variable_creator_scope(self._variable_creator):
            return self.function(inputs, **arguments)

    def _variable_creator(self, next_creator, **kwargs):
        """The variable of this name that the function made before, or a new one."""
        name = kwargs["name"]
        if name not in self._variable_dict:
            self._variable_dict[name] = variable = next_creator(**kwargs)
            self._note_variable(variable)
        return self._variable_dict[name]

    def compute_output_shape(self, input_shape):
        if self._output_shape is None:
            return self._inferred_shape(input_shape)
        if callable(self._output_shape):
            return to_shapes(self._output_shape(to_tuples(input_shape)))
        first = input_shape[0] if isinstance(input_shape, list) else input_shape
        batch = tf.TensorShape(first).as_list()[0]
        shape = self._output_shape
        if isinstance(shape, list) and shape and isinstance(shape[0], (list, tuple)):
            return [tf.TensorShape([batch, *each]) for each in shape]
        return tf.TensorShape([batch, *shape])

    def _inferred_shape(self, input_shape):
        try:
            return self._shape_by_a_call(input_shape)
        except NotImplementedError as error:
            raise NotImplementedError(
                "We could not automatically infer the shape of the Lambda's output. Please "
                f"specify `output_shape` for this Lambda. ({error})"
            ) from error

    def compute_mask(self, inputs, mask=None):
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def get_config(self):
        config = _saved(self.function, "function", "function_type", "module")
        config |= _saved(self._output_shape, "output_shape", "output_shape_type",
                         "output_shape_module")  # fmt: skip
        if self.mask is not None:
            config |= _saved(self.mask, "mask", "mask_type", "mask_module")
        return super().get_config() | config | {"arguments": self.arguments}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        for name, module in (("function", "module"), ("output_shape", "output_shape_module"),
                             ("mask", "mask_module")):  # fmt: skip
            if name in config:
                config[name] = _loaded(config, custom_objects, name, module)
        arguments = config.get("arguments") or {}
        config["arguments"] = {key: _as_array(value) for key, value in arguments.items()}
        return cls(**config)


def _as_array(value):
    if isinstance(value, dict) and value.get("type") == "ndarray":
        return np.array(value["value"])
    return value


def _saved(value, name, kind, module):
    """A function as a configuration: a lambda by its code, others by name, values as they are."""
    if isinstance(value, types.LambdaType):
        return {name: func_dump(value), kind: "lambda", module: value.__module__}
    if callable(value):
        return {name: value.__name__, kind: "function", module: value.__module__}
    return {name: value, kind: "raw", module: None}


def _loaded(config, custom_objects, name, module):
    module, kind = config.pop(module, None), config.pop(f"{name}_type")
    known = dict(vars(sys.modules[module])) if module in sys.modules else {}
    if module is not None and module not in sys.modules:
        warnings.warn(f"{module} is not loaded, but a Lambda layer uses it. It may cause errors.",
                      UserWarning, stacklevel=3)  # fmt: skip
    known.update(custom_objects or {})
    if kind == "function":
        return deserialize_keras_object(
            config[name], custom_objects=custom_objects,
            printable_module_name="function in Lambda layer",
        )  # fmt: skip
    if kind == "lambda":
        return func_load(config[name], globs=known)
    if kind == "raw":
        return config[name]
    raise TypeError("Unknown function type:", kind)


def func_dump(function):
    """(code, defaults, values of the closure) of a function; the code as text."""
    code = base64.encodebytes(marshal.dumps(function.__code__)).decode("ascii")
    closure = function.__closure__
    cells = None if closure is None else tuple(cell.cell_contents for cell in closure)
    return code, function.__defaults__, cells


def func_load(code, defaults=None, closure=None, globs=None):
    """The function that `func_dump` gave. ValueError when another Python version saved it."""
    if isinstance(code, (tuple, list)):
        code, defaults, closure = code
        defaults = tuple(defaults) if isinstance(defaults, list) else defaults
    try:
        loaded = marshal.loads(base64.decodebytes(code.encode("ascii")))
    except (ValueError, EOFError, TypeError) as error:
        raise ValueError(
            "The code of this lambda was saved by another version of Python: name the function "
            "and pass it as custom_objects, or build the model in code and load its weights "
            f"alone ({error})."
        ) from None
    cells = None if closure is None else tuple(types.CellType(value) for value in closure)
    return types.FunctionType(
        loaded, globals() if globs is None else globs, loaded.co_name, defaults, cells
    )
