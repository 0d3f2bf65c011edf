"""`tf.contrib.saved_model`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.keras.saving.export import export_saved_model as save_keras_model
from minitf.keras.saving.export import load_from_saved_model as load_keras_model

missing.explain(missing.sys.modules[__name__])
