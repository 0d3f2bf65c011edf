"""`tf.compat.v2.linalg`: Linear algebra."""
from minitf.compat.v2.later import later, rest
from minitf.compat.v2.math import l2_normalize  # noqa: F401


@later
def norm(tensor, ord="euclidean", axis=None, keepdims=None, name=None): ...


__getattr__ = rest(__name__)
