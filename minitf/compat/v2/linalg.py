"""`tf.compat.v2.linalg`: Linear algebra."""
from minitf.compat.v2.later import later, rest


@later
def l2_normalize(x, axis=None, epsilon=1e-12, name=None): ...


@later
def norm(tensor, ord="euclidean", axis=None, keepdims=None, name=None): ...


__getattr__ = rest(__name__)
