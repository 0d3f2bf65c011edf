"""tf.GradientTape: gradients of what has been computed while a tape listened."""
from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from minitf.autodiff import UnconnectedGradients
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.eager import executing_eagerly
from minitf.core.tensor import Tensor
from minitf.eager.tape import GraphTape, Tape
from minitf.ops.array.basics import identity, reshape, zeros, zeros_like
from minitf.ops.array.joining import stack
from minitf.ops.control_flow.walk import flows


class GradientTape:
    """What is computed inside `with tf.GradientTape() as tape:` can be differentiated afterwards.

    Trainable variables are watched when they are read, unless `watch_accessed_variables` is False;
    of other tensors `tape.watch(x)` says that gradients by them will be asked for. The tape lets
    go of what it holds when `gradient` is called, unless it is `persistent`. In a graph it tells of
    the nodes that were built inside, as tf.gradients does.

        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x) - y))
        grads = tape.gradient(loss, model.trainable_variables)
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent, self._watches_variables = persistent, watch_accessed_variables
        self._tape: Any = None
        self._recording = False

    def __enter__(self) -> GradientTape:
        self._push()
        return self

    def __exit__(self, *error: Any) -> None:
        if self._recording:
            self._pop()

    def _push(self) -> None:
        if self._recording:
            raise ValueError("Tape is already recording.")
        if self._tape is None:
            kind = Tape if executing_eagerly() else GraphTape
            self._tape = kind(self._watches_variables, self._persistent)
        self._tape.begin()
        self._recording = True

    def _pop(self) -> None:
        if not self._recording:
            raise ValueError("Tape is not recording.")
        self._tape.end()
        self._recording = False

    def watch(self, tensor: Any) -> None:
        """Let gradients be asked for by a tensor, or by the tensors in a nesting of them."""
        tensors = [(each, _source(each)) for each in nest.flatten(tensor)]
        if self._tape is None:
            raise AttributeError("GradientTape.watch: the tape has not been entered yet.")
        for each, found in tensors:
            if not flows(found):
                logging.getLogger("tensorflow").warning(
                    "The dtype of the watched tensor must be floating (e.g. tf.float32), got %r",
                    found.dtype,
                )
            self._tape.watched.add(found)
            if hasattr(each, "_ref"):
                self._tape.variables[found] = each

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """What runs inside this block is not remembered. ValueError unless the tape records."""
        if self._tape is None:
            raise RuntimeError("Trying to stop recording a tape which is not recording.")
        self._pop()
        try:
            yield
        finally:
            self._push()

    def reset(self) -> None:
        """Forget everything, as if the tape had been entered just now."""
        recording = self._recording
        if recording:
            self._pop()
        self._release()
        if recording:
            self._push()

    def watched_variables(self) -> tuple[Any, ...]:
        """The variables that are watched, in the order of being read."""
        return tuple(self._tape.variables_read()) if self._tape is not None else ()

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: str = UnconnectedGradients.NONE,
    ) -> Any:
        """The derivatives of the sum of `target` by each of `sources`, in their structure.

        `target` is a tensor or a nesting of them. None stands where a source is not watched, or
        `target` does not depend on it; zeros with `unconnected_gradients="zero"`.
        `output_gradients` are the gradients to start from, ones by default. RuntimeError when the
        tape has given its gradients already.
        """
        if self._tape is None:
            raise RuntimeError(
                "GradientTape.gradient can only be called once on non-persistent tapes."
            )
        if self._recording and not self._persistent:
            self._pop()
        tape = self._tape
        targets = [self._target(each) for each in nest.flatten(target) if each is not None]
        flat = [_source(each) for each in nest.flatten(sources)]
        given = nest.flatten(output_gradients) if output_gradients is not None else None
        found = tape.gradients(targets, given, flat)
        if unconnected_gradients == UnconnectedGradients.ZERO:
            found = [zeros_like(x) if dx is None else dx for x, dx in zip(flat, found)]
        elif unconnected_gradients != UnconnectedGradients.NONE:
            raise ValueError(f"Unknown value for unconnected_gradients: {unconnected_gradients!r}")
        if not self._persistent:
            self._release()
        return nest.pack_sequence_as(sources, found)

    def _target(self, value: Any) -> Tensor:
        """The tensor that a gradient starts from: of a Variable, what is read of it now."""
        with self._listened() if hasattr(value, "_ref") else nullcontext():
            found: Tensor = convert_to_tensor(value)
        if not flows(found):
            logging.getLogger("tensorflow").warning(
                "The dtype of the target tensor must be floating (e.g. tf.float32) when calling "
                "GradientTape.gradient, got %r", found.dtype,
            )  # fmt: skip
        return found

    def _release(self) -> None:
        if self._tape is not None:
            self._tape.release()
        self._tape = None

    def __del__(self) -> None:
        self._release()

    def jacobian(
        self,
        target: Any,
        sources: Any,
        unconnected_gradients: str = UnconnectedGradients.NONE,
        parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """The derivative of each element of the tensor `target` by each of `sources`: of the shape
        `target.shape + source.shape`.

        They are computed one after the other, whatever `parallel_iterations` says.
        RuntimeError when the tape has given its gradients already, or, as in TensorFlow, when it is
        not persistent and `experimental_use_pfor` is False.
        """
        self._check_persistent("jacobian", experimental_use_pfor)
        flat = nest.flatten(sources)
        with self._kept():
            with self._listened():
                elements = reshape(target, [-1])
                each = [elements[i] for i in range(elements.shape[0].value)]
            rows = [self.gradient(y, flat, None, unconnected_gradients) for y in each]
        columns = [_stacked(column, target, x) for column, x in zip(zip(*rows), flat)]
        return nest.pack_sequence_as(sources, columns)

    def batch_jacobian(
        self,
        target: Any,
        source: Any,
        unconnected_gradients: str = UnconnectedGradients.NONE,
        parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """The Jacobian of each example: of the shape `[batch] + target.shape[1:] +
        source.shape[1:]`, where an example of `target` depends on that of `source` alone.

        ValueError unless both have the same number of examples, and two axes at least.
        """
        self._check_persistent("batch_jacobian", experimental_use_pfor)
        for which, each in (("target", target), ("source", source)):
            if each.shape.ndims < 2:
                raise ValueError(f"{which} must have rank at least 2, got the shape {each.shape}")
        sizes = target.shape.as_list(), source.shape.as_list()
        if sizes[0][0] != sizes[1][0]:
            raise ValueError(
                "Need first dimension of target shape ({}) and source shape ({}) to match.".format(
                    *(each.shape for each in (target, source))
                )
            )
        with self._kept():
            with self._listened():
                flat = reshape(target, [sizes[0][0], -1])
                columns = [flat[:, i] for i in range(flat.shape[1].value)]
            found = [self.gradient(each, source, None, unconnected_gradients) for each in columns]
        if not found:
            return zeros([sizes[0][0], *sizes[0][1:], *sizes[1][1:]], source.dtype)
        if all(each is None for each in found):
            return None
        found = [zeros_like(source) if each is None else each for each in found]
        return reshape(stack(found, 1), sizes[0] + sizes[1][1:])

    def _check_persistent(self, method: str, use_pfor: bool) -> None:
        if not use_pfor and not self._persistent and executing_eagerly():
            raise RuntimeError(
                f"GradientTape.{method} with experimental_use_pfor=False: GradientTape must be "
                "created with persistent=True to compute it"
            )

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Several gradients are asked for, inside this block, of a tape that gives them once."""
        persistent, self._persistent = self._persistent, True
        try:
            yield
        finally:
            self._persistent = persistent
        if not persistent:
            if self._recording:
                self._pop()
            self._release()

    @contextmanager
    def _listened(self) -> Iterator[None]:
        """The tape records inside this block, whether it does outside or not."""
        if self._tape is None:
            raise RuntimeError(
                "GradientTape.gradient can only be called once on non-persistent tapes."
            )
        if self._recording:
            yield
            return
        self._push()
        try:
            yield
        finally:
            self._pop()


def _stacked(column: Any, target: Any, source: Any) -> Any:
    if all(each is None for each in column):
        return None
    rows = [zeros_like(source) if each is None else convert_to_tensor(each) for each in column]
    return reshape(stack(rows), [*target.shape.as_list(), *source.shape.as_list()])


def _source(value: Any) -> Tensor:
    """The tensor that a gradient refers to: a Variable by its reference."""
    if hasattr(value, "_ref"):
        found: Tensor = value._ref()
        return found
    if isinstance(value, Tensor):
        return value
    raise ValueError(f"Expected a Tensor or a Variable to differentiate by, got {type(value)}")


def implicit_value_and_gradients(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function that returns what `f` does, and `[(gradient, variable), ...]` of the trainable
    variables that it reads. ValueError where it reads none, or returns None."""

    def value_and_gradients(*args: Any, **kwargs: Any) -> Any:
        with GradientTape() as tape:
            value = f(*args, **kwargs)
        _check_value(value, f)
        variables = tape.watched_variables()
        if not variables:
            raise ValueError(
                "No trainable variables were accessed while the function was being computed."
            )
        return value, list(zip(tape.gradient(value, list(variables)), variables))

    return value_and_gradients


def implicit_gradients(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function that returns `[(gradient, variable), ...]` of the trainable variables that `f`
    reads: what `apply_gradients` takes."""

    def gradients(*args: Any, **kwargs: Any) -> Any:
        return implicit_value_and_gradients(f)(*args, **kwargs)[1]

    return gradients


def value_and_gradients_function(
    f: Callable[..., Any], params: Any = None
) -> Callable[..., Any]:
    """A function that returns what `f` does, and the gradients by its arguments.

    `params` are numbers or names of the arguments, all by default. The function takes `dy=`, the
    gradient to start from. ValueError for arguments of other types or names.
    """

    def value_and_gradients(*args: Any, dy: Any = None, **kwargs: Any) -> Any:
        numbers = _parameters(f, params, len(args))
        # An object that is given twice is two arguments.
        tensors = [
            identity(convert_to_tensor(arg)) if i in numbers else arg for i, arg in enumerate(args)
        ]
        with GradientTape() as tape:
            for i in numbers:
                tape.watch(tensors[i])
            value = f(*tensors, **kwargs)
        _check_value(value, f)
        return value, tape.gradient(value, [tensors[i] for i in numbers], dy)

    return value_and_gradients


def gradients_function(f: Callable[..., Any], params: Any = None) -> Callable[..., Any]:
    """A function that returns the gradients of `f` by its arguments, as
    `value_and_gradients_function` does."""

    def gradients(*args: Any, **kwargs: Any) -> Any:
        return value_and_gradients_function(f, params)(*args, **kwargs)[1]

    return gradients


def _check_value(value: Any, f: Callable[..., Any]) -> None:
    if value is None:
        raise ValueError(
            "Cannot differentiate a function that returns None; did you forget to return a value "
            f"from {getattr(f, '__name__', f)}?"
        )


def _parameters(f: Callable[..., Any], params: Any, count: int) -> list[int]:
    if params is None:
        return list(range(count))
    if all(isinstance(each, str) for each in params):
        names = f.__code__.co_varnames[: f.__code__.co_argcount]
        unknown = [each for each in params if each not in names]
        if unknown:
            raise ValueError(f"The function has the arguments {names}, but not {unknown}.")
        return [names.index(each) for each in params]
    if all(isinstance(each, int) for each in params):
        return list(params)
    raise ValueError(f"params must be all strings or all integers; got {params}.")
