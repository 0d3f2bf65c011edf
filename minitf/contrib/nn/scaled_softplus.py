"""`tf.contrib.nn.scaled_softplus`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.nn.activation import softplus
from minitf.ops.math.elementwise import minimum


def scaled_softplus(x, alpha, clip=None, name=None):
    """`alpha * softplus(x / alpha)`, `clip` at most: a relu whose bend is `alpha` wide.

    `alpha` and `clip` broadcast with `x`; gradients flow to all three.
    """
    with name_scope(name, "scaled_softplus", [x, alpha, *([] if clip is None else [clip])]):
        x = convert_to_tensor(x, name="x")
        alpha = convert_to_tensor(alpha, dtype=x.dtype, name="alpha")
        found = alpha * softplus(x / alpha)
        if clip is None:
            return found
        return minimum(found, convert_to_tensor(clip, dtype=x.dtype, name="clip"))
