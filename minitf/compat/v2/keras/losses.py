"""`tf.compat.v2.losses`, `tf.compat.v2.keras.losses`."""
from minitf.compat.v2.later import rest
from minitf.keras.utils.losses_utils import ReductionV2 as Reduction  # noqa: F401  public

__getattr__ = rest(__name__)
