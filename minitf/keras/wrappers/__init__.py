"""`tf.keras.wrappers`."""
from minitf.keras.wrappers import scikit_learn

__all__ = ["scikit_learn"]
