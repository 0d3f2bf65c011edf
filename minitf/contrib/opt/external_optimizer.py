"""`tf.contrib.opt.ScipyOptimizerInterface`: a loss minimized by an optimizer outside the graph."""
from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from minitf import logging
from minitf.autodiff import gradients
from minitf.core.graph import get_default_session
from minitf.ops.array.basics import reshape, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.state.placeholder import placeholder
from minitf.ops.state.variable_lists import trainable_variables

Evaluated = Callable[[np.ndarray], Any]


class ExternalOptimizerInterface:
    """Minimizes `loss` over the variables `var_list` (those trainable) by what a subclass has as
    `_minimize`.

    The tensors `equalities` are held at zero, `inequalities` at zero or more, and variables within
    `var_to_bounds`, {variable: (low, high)}, each a number or an array. Other keyword arguments
    are the subclass's.
    """

    def __init__(
        self,
        loss: Any,
        var_list: Iterable[Any] | None = None,
        equalities: list[Any] | None = None,
        inequalities: list[Any] | None = None,
        var_to_bounds: Mapping[Any, Any] | None = None,
        **optimizer_kwargs: Any,
    ) -> None:
        self._loss, self.optimizer_kwargs = loss, optimizer_kwargs
        self._equalities, self._inequalities = equalities or [], inequalities or []
        self._vars = list(trainable_variables() if var_list is None else var_list)
        self._shapes = [tuple(var.shape.as_list()) for var in self._vars]
        self._packed_bounds = None if var_to_bounds is None else self._bounds(var_to_bounds)
        self._update_placeholders = [placeholder(var.dtype) for var in self._vars]
        self._var_updates = [
            var.assign(reshape(given, shape))
            for var, given, shape in zip(self._vars, self._update_placeholders, self._shapes)
        ]
        self._packed_var = self._pack(self._vars)
        self._packed_loss_grad = self._gradient(loss)
        self._packed_equality_grads = [self._gradient(each) for each in self._equalities]
        self._packed_inequality_grads = [self._gradient(each) for each in self._inequalities]
        ends = itertools.accumulate((int(np.prod(shape)) for shape in self._shapes), initial=0)
        self._packing_slices = list(itertools.starmap(slice, itertools.pairwise(ends)))

    def _bounds(self, given: Mapping[Any, Any]) -> list[tuple[float, float]]:
        sides = []
        for side, free in ((0, -np.inf), (1, np.inf)):
            bounds = [given[var][side] if var in given else free for var in self._vars]
            whole = [
                np.broadcast_to(free if bound is None else bound, shape).ravel()
                for bound, shape in zip(bounds, self._shapes)
            ]
            sides.append(np.concatenate(whole).tolist())
        return list(zip(*sides))

    def _gradient(self, tensor: Any) -> Any:
        found = zip(self._vars, gradients(tensor, self._vars))
        return self._pack([zeros_like(var) if grad is None else grad for var, grad in found])

    @classmethod
    def _pack(cls, tensors: list[Any]) -> Any:
        flat = [reshape(tensor, [-1]) for tensor in tensors]
        return flat[0] if len(flat) == 1 else concat(flat, 0)

    def minimize(
        self,
        session: Any = None,
        feed_dict: Mapping[Any, Any] | None = None,
        fetches: list[Any] | None = None,
        step_callback: Callable[..., Any] | None = None,
        loss_callback: Callable[..., Any] | None = None,
        **run_kwargs: Any,
    ) -> None:
        """Run the optimizer, then give the variables their new values: no operation is made.

        `loss_callback` gets the values of `fetches` whenever the loss is computed, `step_callback`
        all variables in one vector after each step.
        """
        session = session or get_default_session()
        feed_dict, fetches = dict(feed_dict or {}), list(fetches or [])

        def evaluated(tensors: Any, callback: Callable[..., Any] | None = None) -> Evaluated:
            return self._make_eval_func(tensors, session, feed_dict, fetches, callback)

        found = self._minimize(
            initial_val=session.run(self._packed_var),
            loss_grad_func=evaluated([self._loss, self._packed_loss_grad], loss_callback),
            equality_funcs=[evaluated(each) for each in self._equalities],
            equality_grad_funcs=[evaluated(each) for each in self._packed_equality_grads],
            inequality_funcs=[evaluated(each) for each in self._inequalities],
            inequality_grad_funcs=[evaluated(each) for each in self._packed_inequality_grads],
            packed_bounds=self._packed_bounds,
            step_callback=step_callback or (lambda xk: None),
            optimizer_kwargs=self.optimizer_kwargs,
        )
        values = [found[part] for part in self._packing_slices]
        given = dict(zip(self._update_placeholders, values))
        session.run(self._var_updates, feed_dict=given, **run_kwargs)

    def _make_eval_func(
        self,
        tensors: Any,
        session: Any,
        feed_dict: dict[Any, Any],
        fetches: list[Any],
        callback: Callable[..., Any] | None = None,
    ) -> Evaluated:
        wanted = tensors if isinstance(tensors, list) else [tensors]

        def evaluate(x: np.ndarray) -> Any:
            parts = zip(self._vars, self._packing_slices, self._shapes)
            variables = {var: x[part].reshape(shape) for var, part, shape in parts}
            found = session.run([*wanted, *fetches], feed_dict={**variables, **feed_dict})
            if callback is not None:
                callback(*found[len(wanted) :])
            return found[: len(wanted)]

        return evaluate

    def _minimize(self, **arguments: Any) -> np.ndarray:
        """The vector of the variables where the loss is least.

        Keyword arguments are `initial_val`; `loss_grad_func`, which gives the loss and its
        gradient for a vector; functions for constraints and for their gradients, `packed_bounds`,
        `step_callback`, `optimizer_kwargs`.
        """
        raise NotImplementedError("To use ExternalOptimizerInterface, subclass from it and "
                                  "implement the _minimize() method.")  # fmt: skip


class ScipyOptimizerInterface(ExternalOptimizerInterface):
    """Minimizes by `scipy.optimize.minimize`, which takes further keyword arguments: `method`
    (L-BFGS-B), `options={"maxiter": 100}`, ... SciPy has to be installed."""

    _DEFAULT_METHOD = "L-BFGS-B"

    def _minimize(self, **given: Any) -> np.ndarray:
        import scipy.optimize

        def loss_and_gradient(x: np.ndarray) -> tuple[Any, np.ndarray]:
            loss, gradient = given["loss_grad_func"](x)
            return float(loss), gradient.astype(np.float64)

        own = {"jac": True, "callback": given["step_callback"], "constraints": _constraints(given),
               "bounds": given["packed_bounds"]}  # fmt: skip
        options = {"method": self._DEFAULT_METHOD, **given["optimizer_kwargs"]}
        for name in own.keys() & options.keys():
            if name == "bounds":
                raise ValueError("Bounds must be set using the var_to_bounds argument")
            raise ValueError(f"Optimizer keyword arg '{name}' is set automatically and cannot be "
                             "injected manually")  # fmt: skip
        start = given["initial_val"].astype(np.float64)  # what SciPy's own code works in
        result = scipy.optimize.minimize(loss_and_gradient, start, **own, **options)
        logging.info(_told(result))
        return result["x"]


def _constraints(given: dict[str, Any]) -> list[dict[str, Any]]:
    def double(function: Evaluated) -> Evaluated:
        return lambda x: np.asarray(function(x)[0], np.float64)

    return [
        {"type": kind, "fun": double(function), "jac": double(gradient)}
        for kind, name in (("eq", "equality"), ("ineq", "inequality"))
        for function, gradient in zip(given[f"{name}_funcs"], given[f"{name}_grad_funcs"])
    ]


def _told(result: Any) -> str:
    lines = ["Optimization terminated with:", f"  Message: {result.message}",
             f"  Objective function value: {result.fun:f}"]  # fmt: skip
    if hasattr(result, "nit"):
        lines.append(f"  Number of iterations: {result.nit}")
    if hasattr(result, "nfev"):
        lines.append(f"  Number of functions evaluations: {result.nfev}")
    return "\n".join(lines)
