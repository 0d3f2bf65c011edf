"""Placeholders that stand for tensors of a graph, and the names that they have."""
from minitf.core.tensor import Tensor
from minitf.ops.state.placeholder import placeholder

_PREFIX = "geph"


def placeholder_name(t=None, scope=None, prefix=_PREFIX):
    """The name of a placeholder for a tensor, in its scope or in `scope`. TypeError for what is
    none."""
    if t is None:
        return scope_finalize(scope or "") + prefix
    if not isinstance(t, Tensor):
        raise TypeError(f"Expected a tf.Tensor, got: {type(t)}")
    scope = scope_dirname(t.op.name) if scope is None else scope_finalize(scope)
    name = scope_basename(t.op.name)
    return scope + (
        name if name.startswith(f"{prefix}__") else f"{prefix}__{name}_{t.value_index}"
    )


def make_placeholder_from_tensor(t, scope=None, prefix=_PREFIX):
    """A placeholder of a tensor's type and shape."""
    return placeholder(t.dtype, t.shape, name=placeholder_name(t, scope, prefix))


def make_placeholder_from_dtype_and_shape(dtype, shape=None, scope=None, prefix=_PREFIX):
    """A placeholder of this type and shape."""
    return placeholder(dtype, shape, name=placeholder_name(None, scope, prefix))


def scope_finalize(scope):
    """The scope with a slash at its end."""
    return f"{scope}/" if scope and not scope.endswith("/") else scope


def scope_dirname(scope):
    """What a name begins with, up to its last slash."""
    return scope[: scope.rfind("/") + 1]


def scope_basename(scope):
    """What is after the last slash."""
    return scope[scope.rfind("/") + 1 :]
