"""`tf.saved_model.experimental`: another name of `tf.saved_model.save`."""
# ruff: noqa: F401
from minitf.saved_model.save_objects import save
