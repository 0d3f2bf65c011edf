"""`tf.keras.mixed_precision`."""
from minitf.keras.mixed_precision import experimental

__all__ = ["experimental"]
