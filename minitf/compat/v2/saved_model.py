"""`tf.compat.v2.saved_model`: what is saved as objects."""
from minitf.compat.v2.later import later, rest


@later(path="saved_model.load_v2")
def load(export_dir, tags=None): ...


__getattr__ = rest(__name__)
