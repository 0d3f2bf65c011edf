"""`tf.compat.v2.keras`: Keras as TensorFlow 2 has it. What differs is here and in the modules
beside it; all else is `tf.keras`."""
from minitf.compat.v2 import initializers
from minitf.compat.v2.keras import layers, losses
from minitf.compat.v2.later import rest

__all__ = ["initializers", "layers", "losses"]
__getattr__ = rest(__name__)
