"""`tensorflow.python.framework.function`: functions of tensors, with gradients of their own."""
from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

import minitf as tf
from minitf.ops.control_flow.custom_gradient import joined

# What TensorFlow's runtime is told of a function, and what does not change its values.
_HINTS = {"noinline", "compiled", "separate_compiled_gradients", "capture_by_value",
          "capture_resource_var_by_value", "whitelisted_stateful_ops"}  # fmt: skip


class Call(NamedTuple):
    """A call of a function, as what says its gradient is given it."""

    name: str
    inputs: list[Any]
    outputs: list[Any]


class Defun:
    """Decorator: a function of tensors of these types, or of any if none are given.

    A call of it, `f(*tensors, name=None)`, builds what the function builds, and returns a tensor,
    a tuple of them, or an Operation where the function returns none. Its gradient is what
    `python_grad_func(call, *dys)`, or `grad_func(*inputs, *dys)`, returns for the inputs; without
    either it is that of the operations. `shape_func(call)` says the static shapes. All calls in a
    graph share the variables that the function gets. ValueError for a function with defaults or
    keywords, or with another number of arguments.
    """

    def __init__(self, *input_types: Any, func_name: str | None = None, grad_func: Any = None,
                 python_grad_func: Any = None, out_names: Any = None, shape_func: Any = None,
                 **hints: Any) -> None:  # fmt: skip
        unknown = sorted(set(hints) - _HINTS)
        if unknown:
            raise ValueError(f"Unknown keyword arguments of Defun: {unknown}")
        if grad_func and python_grad_func:
            raise ValueError("Gradient defined twice for function "
                             f"{func_name}: by grad_func and by python_grad_func")  # fmt: skip
        self._types = [tf.as_dtype(each) for each in input_types]
        self._name, self._shape_func = func_name, shape_func
        self._gradient = python_grad_func
        self._variables: Any = weakref.WeakKeyDictionary()  # {name: variable}, by graphs
        if grad_func:
            self._gradient = lambda call, *dys: grad_func(*call.inputs, *dys)

    def __call__(self, func: Callable[..., Any]) -> Callable[..., Any]:
        count = _check(func, len(self._types))

        def called(*args: Any, name: str | None = None, **hints: Any) -> Any:
            if count is not None and len(args) != count:
                raise ValueError(f"Expected number of arguments: {count}, received: {len(args)}")
            unknown = sorted(set(hints) - _HINTS)
            if unknown:
                raise ValueError(f"Unknown keyword arguments: {unknown}")
            types = self._types or [None] * len(args)
            with tf.name_scope(name or self._name or func.__name__) as scope:
                tensors = [tf.convert_to_tensor(*each) for each in zip(args, types)]
                graph = tf.get_default_graph()
                last = graph._last_id
                # Copies: gradients within the function end at its arguments.
                with self._shared_variables(graph):
                    found = func(*map(tf.identity, tensors))
                result = self._result(found, tensors, scope)
                # Seeds count one node, the call: the function's own are not in TensorFlow's graph.
                graph._surplus += graph._last_id - last - 1
                return result

        called.__name__ = self._name or func.__name__
        called.__doc__ = func.__doc__
        return called

    def _shared_variables(self, graph: Any) -> Any:
        scope = tf.get_variable_scope()
        known = self._variables.setdefault(graph, {})

        def get(getter: Callable[..., Any], name: str, *args: Any, **options: Any) -> Any:
            within = name[len(scope.name) + 1 :] if scope.name else name
            if within not in known:
                known[within] = getter(name, *args, **options)
            return known[within]

        return tf.variable_scope(scope, custom_getter=get, auxiliary_name_scope=False)

    def _result(self, found: Any, tensors: list[Any], scope: str) -> Any:
        if found is None or isinstance(found, tf.Operation):
            return tf.group(*[] if found is None else [found])
        several = isinstance(found, (list, tuple))
        outputs = [tf.convert_to_tensor(each) for each in (found if several else [found])]
        call = Call(scope.rstrip("/"), tensors, outputs)
        gradient = self._gradient
        if gradient is None:
            call.outputs[:] = tf.identity_n(outputs, name=scope)
        else:
            call.outputs[:] = joined(outputs, tensors, [], lambda *dys: gradient(call, *dys), scope)
        if self._shape_func is not None:
            for tensor, shape in zip(call.outputs, self._shape_func(call)):
                tensor.set_shape(shape)
        return tuple(call.outputs) if len(call.outputs) > 1 else call.outputs[0]


def _check(func: Callable[..., Any], given: int) -> int | None:
    """How many arguments it takes, None for any number. ValueError for a function that cannot be
    called with tensors of so many types."""
    if not callable(func):
        raise ValueError(f"function {func} must be callable")
    spec = inspect.getfullargspec(func)
    if spec.varkw or spec.defaults:
        raise ValueError(
            "function with argument defaults or keywords arguments are not supported. "
            f"{func} has defaults {spec.defaults} and keywords {spec.varkw}."
        )
    least = len(spec.args) - inspect.ismethod(func)
    if given and (given < least or (given > least and not spec.varargs)):
        raise ValueError(
            "The function has fewer arguments than the number of specified input types."
        )
    return given or (None if spec.varargs else least)
