"""`tf.keras.optimizers`: names, and optimizers by name."""
# ruff: noqa: F401  every import here is a public name
import minitf as tf
from minitf.core.trackable import Trackable
from minitf.keras import backend as K
from minitf.keras.optimizers import schedules
from minitf.keras.optimizers.adam import Adam, Adamax, Nadam
from minitf.keras.optimizers.adaptive import Adadelta, Adagrad, Ftrl, RMSprop
from minitf.keras.optimizers.base import Optimizer
from minitf.keras.optimizers.sgd import SGD
from minitf.keras.utils.serialize import deserialize_keras_object, serialize_keras_object

_CLASSES = (Adadelta, Adagrad, Adam, Adamax, Ftrl, Nadam, RMSprop, SGD)
_BY_NAME = {cls.__name__.lower(): cls for cls in _CLASSES}


class TFOptimizer(Trackable):
    """An optimizer of tf.train, for models of Keras."""

    def __init__(self, optimizer, iterations=None):
        self.optimizer, self.iterations = optimizer, iterations
        if iterations is None:
            with K.name_scope(type(self).__name__):
                self.iterations = K.variable(0, dtype="int64", name="iterations")
        self._track_trackable(self.optimizer, "optimizer")
        self._track_trackable(self.iterations, "global_step")

    def apply_gradients(self, grads):
        """An operation that changes the variables and counts the step."""
        return self.optimizer.apply_gradients(grads, global_step=self.iterations)

    @staticmethod
    def _clipped(grads):
        return grads

    def get_grads(self, loss, params):
        """[(gradient, variable), ...] of the loss."""
        return self.optimizer.compute_gradients(loss, params)

    def get_updates(self, loss, params):
        """The operations of a step."""
        if not params:
            return [tf.assign_add(self.iterations, 1)]
        return [self.apply_gradients(self.get_grads(loss, params))]

    def variables(self):
        """What the optimizer keeps."""
        return self.optimizer.variables()

    @property
    def weights(self):
        raise NotImplementedError

    def get_config(self):
        raise NotImplementedError

    @classmethod
    def from_config(cls, config):
        raise NotImplementedError


def serialize(optimizer):
    """The configuration of an optimizer."""
    return serialize_keras_object(optimizer)


def deserialize(config, custom_objects=None):
    """The optimizer of this configuration. ValueError for an unknown one."""
    name = config["class_name"]
    if name.lower() in _BY_NAME:
        config = config | {"class_name": name.lower()}
    return deserialize_keras_object(config, _BY_NAME, custom_objects, "optimizer")


def get(identifier):
    """An optimizer: itself, one of tf.train, or of this name or configuration. ValueError."""
    if isinstance(identifier, (Optimizer, TFOptimizer)):
        return identifier
    if isinstance(identifier, tf.train.Optimizer):
        wrapped = TFOptimizer(identifier)
        K.track_tf_optimizer(wrapped)
        return wrapped
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier, "config": {}})
    raise ValueError("Could not interpret optimizer identifier:", identifier)
