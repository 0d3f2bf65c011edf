"""Models made beforehand: `tf.keras.experimental.LinearModel`, `WideDeepModel`."""
import minitf as tf
from minitf.keras import activations, initializers, layers, regularizers
from minitf.keras.engine.base_layer import Layer
from minitf.keras.engine.training import Model
from minitf.keras.utils.serialize import serialize_keras_object


class LinearModel(Model):
    """The sum of inputs, one or a list of them, each times a matrix, and of a bias: [batch, units].
    """

    def __init__(self, units=1, activation=None, use_bias=True, kernel_initializer="glorot_uniform",
                 bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None,
                 **kwargs):
        super().__init__(**kwargs)
        self.units, self.use_bias = units, use_bias
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)

    def build(self, input_shape):
        """Make the layers of the inputs, and the bias."""
        count = len(input_shape) if isinstance(input_shape, list) else 1
        self.dense_layers = [
            layers.Dense(self.units, use_bias=False, kernel_initializer=self.kernel_initializer,
                         kernel_regularizer=self.kernel_regularizer) for _ in range(count)
        ]  # fmt: skip
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight("bias", (self.units,), self.dtype, self.bias_initializer,
                                        self.bias_regularizer, trainable=True)  # fmt: skip
        self.built = True

    def call(self, inputs):
        inputs = inputs if isinstance(inputs, (tuple, list)) else [inputs]
        if len(inputs) != len(self.dense_layers):
            raise ValueError(f"Expected {len(self.dense_layers)} inputs, but got {len(inputs)} "
                             "inputs")  # fmt: skip
        found = sum(layer(each) for each, layer in zip(inputs[1:], self.dense_layers[1:]))
        found = self.dense_layers[0](inputs[0]) + found if inputs[1:] else (
            self.dense_layers[0](inputs[0]))  # fmt: skip
        if self.use_bias:
            found = tf.nn.bias_add(found, self.bias)
        return found if self.activation is None else self.activation(found)

    def get_config(self):
        return {
            **Layer.get_config(self), "units": self.units,
            "activation": activations.serialize(self.activation), "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
        }  # fmt: skip

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(**config)


class WideDeepModel(Model):
    """The mean of a linear model and a deep one, of one input or of a pair.

    Each may be trained by an optimizer of its own: `compile([of_linear, of_deep], ...)`.
    """

    def __init__(self, linear_model, dnn_model, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.linear_model, self.dnn_model = linear_model, dnn_model
        self.activation = activations.get(activation)

    def call(self, inputs):
        pair = isinstance(inputs, (tuple, list)) and len(inputs) == 2
        wide, deep = inputs if pair else (inputs, inputs)
        found = 0.5 * (self.linear_model(wide) + self.dnn_model(deep))
        return self.activation(found) if self.activation else found

    def _optimizer_updates(self):
        given = self.optimizer
        linear, deep = given if isinstance(given, (list, tuple)) else (given, given)
        return [
            *linear.get_updates(params=self.linear_model._unique_trainable_weights,
                                loss=self.total_loss),
            *deep.get_updates(params=self.dnn_model._unique_trainable_weights,
                              loss=self.total_loss),
        ]  # fmt: skip

    def get_config(self):
        return {**Layer.get_config(self),
                "linear_model": serialize_keras_object(self.linear_model),
                "dnn_model": serialize_keras_object(self.dnn_model),
                "activation": activations.serialize(self.activation)}  # fmt: skip

    @classmethod
    def from_config(cls, config, custom_objects=None):
        given = dict(config)
        linear = layers.deserialize(given.pop("linear_model"), custom_objects)
        deep = layers.deserialize(given.pop("dnn_model"), custom_objects)
        activation = activations.deserialize(given.pop("activation", None), custom_objects)
        return cls(linear, deep, activation, **given)
