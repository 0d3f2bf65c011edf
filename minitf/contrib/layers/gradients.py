"""Layers about gradients: `tf.contrib.layers.scale_gradient`, `recompute_grad`."""
import functools
import inspect

from minitf.autodiff import gradients
from minitf.contrib.framework.arg_scope import arg_scope, current_arg_scope
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import control_dependencies
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.control import tuple_
from minitf.ops.control_flow.custom_gradient import _variables_between, custom_gradient
from minitf.ops.state.variable_scope import get_variable_scope, variable_scope
from minitf.ops.state.variables import Variable


@custom_gradient
def _scaled(inputs, gradient_multiplier):
    return identity(inputs), lambda dy: (dy * gradient_multiplier, None)


def scale_gradient(inputs, gradient_multiplier):
    """`inputs`, whose gradient is multiplied by `gradient_multiplier` on its way back."""
    return _scaled(convert_to_tensor(inputs), convert_to_tensor(gradient_multiplier))


def recompute_grad(fn=None, use_data_dep="__rev_block_lib_default", tupleize_grads=False):
    """Decorator: what `fn(*tensors)` computes on the way to its result, a tensor or several, is
    not kept for its gradient, but computed again when that is.

    `fn` may take `is_recomputing`, which says so. With `tupleize_grads` all gradients are ready
    before one is used; the order is right with `use_data_dep` and without. ValueError where `fn`
    closes over a tensor, is given something else than tensors, or makes other variables the second
    time.
    """
    if fn is None or not callable(fn):
        given = () if fn is None else (fn,)
        options = (*given, use_data_dep, tupleize_grads)[:2]
        return lambda fn: recompute_grad(fn, *options)
    _check_closed_over(fn)

    @functools.wraps(fn)
    def wrapped(*args):
        if not all(isinstance(arg, Tensor) for arg in args):
            raise ValueError("All inputs to function must be Tensors")
        return _recomputed(fn, args, tupleize_grads)

    return wrapped


def _check_closed_over(fn):
    cells = zip(fn.__code__.co_freevars, fn.__closure__ or ())
    for name, cell in cells:
        value = cell.cell_contents
        if isinstance(value, (Tensor, Variable)):
            raise ValueError(
                f"fn decorated with @recompute_grad closes over Tensor {value.name} (local "
                f"variable name: {name}). The decorated fn must not close over Tensors or "
                "Variables because gradients will NOT be computed for them through fn. To ensure "
                "correct gradients, make the Tensor an input to fn."
            )


def _recomputed(fn, args, tupleize_grads):
    scope, arguments = get_variable_scope(), current_arg_scope()
    tells = "is_recomputing" in inspect.getfullargspec(fn).args

    def called(again, inputs):
        outputs = fn(*inputs, **({"is_recomputing": again} if tells else {}))
        return outputs if isinstance(outputs, (list, tuple)) else [outputs], outputs

    def gradient(*dys, variables=()):
        inputs = [identity(each) for each in args]
        ready = [dy for dy in dys if dy is not None]
        with control_dependencies(ready), arg_scope(arguments):
            inputs = [identity(each) for each in inputs]
            with variable_scope(scope, reuse=True):
                outputs, _ = called(True, inputs)
        grads = gradients(list(outputs), inputs + list(variables), list(dys))
        grads = tuple_(grads) if tupleize_grads else grads
        return grads[: len(inputs)], grads[len(inputs) :]

    outputs, found = called(False, args)
    variables = _variables_between(list(args), [identity(each) for each in outputs])

    def of_inputs(*dys):
        return gradient(*dys)[0]

    def of_all(*dys, variables):
        return gradient(*dys, variables=variables)

    passed = custom_gradient(lambda *_: (found, of_all if variables else of_inputs))
    return passed(*args)
