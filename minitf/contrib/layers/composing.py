"""`tf.contrib.layers.repeat` and `stack`: layers one after the other."""
from minitf.core.convert import convert_to_tensor
from minitf.ops.state.variable_scope import variable_scope


def repeat(inputs, repetitions, layer, *args, **kwargs):
    """`layer(..., *args, **kwargs)` so many times, in scopes `scope`_1, `scope`_2, ...

    Without a `scope` that is the layer's name, within "Repeat".
    """
    return _composed(inputs, layer, [args] * repetitions, kwargs, "Repeat")


def stack(inputs, layer, stack_args, **kwargs):
    """`layer` once for each of `stack_args`, a list of its arguments or of tuples of them, in
    scopes `scope`_1, `scope`_2, ...

    Without a `scope` that is the layer's name, within "Stack". ValueError where stack_args is no
    list.
    """
    if not isinstance(stack_args, (list, tuple)):
        raise ValueError("stack_args need to be a list or tuple")
    arguments = [args if isinstance(args, (list, tuple)) else [args] for args in stack_args]
    return _composed(inputs, layer, arguments, kwargs, "Stack")


def _composed(inputs, layer, arguments, options, kind):
    scope = options.pop("scope", None)
    with variable_scope(scope, kind, [inputs]):
        outputs = convert_to_tensor(inputs)
        prefix = scope or _name_of(layer, kind.lower())
        for number, args in enumerate(arguments, 1):
            outputs = layer(outputs, *args, **options, scope=f"{prefix}_{number}")
        return outputs


def _name_of(layer, default):
    function = getattr(layer, "func", layer)
    return getattr(layer, "__name__", None) or getattr(function, "__name__", default)
