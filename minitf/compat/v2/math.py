"""`tf.compat.v2.math`: Mathematics."""
from minitf.compat.v2.later import later, public, rest
from minitf.core.dtypes import int32, int64


@later
def argmax(input, axis=None, output_type=int64, name=None): ...


@later
def argmin(input, axis=None, output_type=int64, name=None): ...


@later
def bincount(arr, weights=None, minlength=None, maxlength=None, dtype=int32, name=None): ...


@later
def confusion_matrix(
    labels, predictions, num_classes=None, weights=None, dtype=int32, name=None,
): ...


@later
def count_nonzero(input, axis=None, keepdims=None, dtype=int64, name=None): ...


@later
def in_top_k(targets, predictions, k, name=None): ...


@later
def l2_normalize(x, axis=None, epsilon=1e-12, name=None): ...


@later
def log_softmax(logits, axis=None, name=None): ...


@later
def reduce_all(input_tensor, axis=None, keepdims=False, name=None): ...


@later
def reduce_any(input_tensor, axis=None, keepdims=False, name=None): ...


@later
def reduce_logsumexp(input_tensor, axis=None, keepdims=False, name=None): ...


@later
def reduce_max(input_tensor, axis=None, keepdims=False, name=None): ...


@later
def reduce_mean(input_tensor, axis=None, keepdims=False, name=None): ...


@later
def reduce_min(input_tensor, axis=None, keepdims=False, name=None): ...


@later
def reduce_prod(input_tensor, axis=None, keepdims=False, name=None): ...


@later
def reduce_sum(input_tensor, axis=None, keepdims=False, name=None): ...


def scalar_mul(scalar, x, name=None):
    """A number times a tensor, or IndexedSlices."""
    with public("name_scope")(name, "scalar_mul", [x]) as scope:
        return public("math.scalar_mul")(scalar, x, scope)


@later
def softmax(logits, axis=None, name=None): ...


__getattr__ = rest(__name__)
