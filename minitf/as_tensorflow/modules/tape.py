"""`tensorflow.python.eager.tape`: what there is of it beside tf.GradientTape."""
from minitf.core.eager import unheard as stop_recording

__all__ = ["stop_recording"]
