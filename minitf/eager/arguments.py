"""The arguments of a tf.function: by their places, with defaults, as its `input_signature` says."""
from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64
from minitf.core.eager_tensor import EagerTensor
from minitf.core.shallow import flatten_up_to
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor_spec import SparseTensorSpec, TensorSpec, TypeSpec


class Composite:
    """An argument that is made of tensors, a SparseTensor, say: what they are, and what of."""

    def __init__(self, kind: type, specs: list[TensorSpec], make: Callable[[list[Any]], Any]):
        self.key, self.specs, self.make = (kind, *specs), specs, make


class Arguments:
    """What a function is called with. TypeError for an `input_signature` that is none."""

    def __init__(self, function: Callable[..., Any], input_signature: Any) -> None:
        self.of_python = inspect.signature(function)
        self.signature = None if input_signature is None else _checked(input_signature)

    def bound(self, args: Any, kwargs: Any) -> tuple[Any, Any]:
        """The same, each at its place, after the defaults of others. TypeError, ValueError for
        what does not fit."""
        if self.signature is not None:
            self._check_covered(args, kwargs)
        try:
            bound = self.of_python.bind(*args, **kwargs)
        except TypeError as error:
            if self.signature is None:
                raise
            raise ValueError("Structure of Python function inputs does not match input_signature: "
                             f"{error}") from None  # fmt: skip
        bound.apply_defaults()
        if self.signature is None:
            found: tuple[Any, Any] = nest.map_structure(_plain, (bound.args, bound.kwargs))
            return found
        count = len(self.signature)
        return (*self._as_signed(bound.args[:count]), *bound.args[count:]), bound.kwargs

    def specs(self, args: Any, kwargs: Any) -> tuple[Any, Any]:
        """The arguments with a spec in place of each tensor: with that of the signature."""
        if self.signature is None:
            return nest.map_structure(spec_of, (args, kwargs))
        return nest.map_structure(spec_of, ((*self.signature, *args[len(self.signature):]), kwargs))

    def signed(self) -> tuple[Any, Any]:
        """What the signature says, after the defaults of arguments that it does not cover."""
        bound = self.of_python.bind(*(self.signature or ()))
        bound.apply_defaults()
        return self.specs(bound.args, bound.kwargs)

    def names(self, args: Any, kwargs: Any) -> list[str]:
        """The name of the argument that each leaf is a part of."""
        known = [each.name for each in self.of_python.parameters.values() if each.kind in
                 (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]  # fmt: skip
        rest = next((each.name for each in self.of_python.parameters.values()
                     if each.kind is each.VAR_POSITIONAL), "args")  # fmt: skip
        all_names = [*known[: len(args)], *(f"{rest}_{i}" for i in range(len(args) - len(known)))]
        pairs = [*zip(all_names, args), *sorted(kwargs.items())]
        return [name for name, value in pairs for _ in nest.flatten(value)]

    def _check_covered(self, args: Any, kwargs: Any) -> None:
        places = {name: i for i, name in enumerate(self.of_python.parameters)}
        count = len(self.signature or ())
        more = [name for name in kwargs if places.get(name, count) >= count]
        if len(args) > count or more:
            what = f"argument {more[0]}" if more else f"{len(args)} argument(s)"
            raise TypeError("When input_signature is provided, only pass arguments covered by it. "
                            f"Received {what}.")  # fmt: skip

    def _as_signed(self, args: Any) -> Any:
        signature: Any = self.signature
        told = f"inputs: {args}, input_signature: {signature}"
        try:
            values = flatten_up_to(signature, args)
        except (TypeError, ValueError):
            raise ValueError("Structure of Python function inputs does not match input_signature: "
                             + told) from None  # fmt: skip
        specs = nest.flatten(signature)
        try:
            values = [convert_to_tensor(value, dtype_hint=spec.dtype)
                      if isinstance(spec, TensorSpec) and not isinstance(value, TensorSpec)
                      else value for value, spec in zip(values, specs)]  # fmt: skip
        except (TypeError, ValueError):
            raise ValueError("When input_signature is provided, all inputs to the Python function "
                             f"must be convertible to tensors: {told}") from None  # fmt: skip
        if not all(spec.is_compatible_with(value) for spec, value in zip(specs, values)):
            raise ValueError(f"Python inputs incompatible with input_signature: {told}")
        return nest.pack_sequence_as(signature, values)


def _checked(signature: Any) -> tuple[Any, ...]:
    if not isinstance(signature, (tuple, list)):
        raise TypeError("input_signature must be either a tuple or a list, received "
                        f"{type(signature)}")  # fmt: skip
    wrong = [each for each in nest.flatten(signature) if not isinstance(each, TypeSpec)]
    if wrong:
        raise TypeError("Invalid input_signature: it must be a possibly nested sequence of "
                        f"TensorSpec objects, got {wrong[0]!r}")  # fmt: skip
    return tuple(signature)


def _plain(leaf: Any) -> Any:
    return convert_to_tensor(leaf) if isinstance(leaf, (np.ndarray, np.generic)) else leaf


def spec_of(leaf: Any) -> Any:
    """The spec of a tensor, or of what is made of some; anything else is itself."""
    if isinstance(leaf, EagerTensor):
        return TensorSpec(leaf.shape, leaf.dtype)
    if isinstance(leaf, SparseTensorSpec):
        specs = [TensorSpec([None, leaf.rank], int64), TensorSpec([None], leaf.dtype),
                 TensorSpec([leaf.rank], int64)]  # fmt: skip
        return Composite(SparseTensor, specs, lambda parts: SparseTensor(*parts))
    parts = tensors_of(leaf)
    if parts == [leaf]:
        return leaf
    specs = [TensorSpec(part.shape, part.dtype) for part in parts]
    return Composite(type(leaf), specs, lambda parts: nest.pack_sequence_as(leaf, parts, True))


def tensors_of(leaf: Any) -> list[Any]:
    """The tensors that something is made of; what is no structure of tensors is alone."""
    parts = nest.flatten(leaf, expand_composites=True)
    return parts if all(isinstance(part, EagerTensor) for part in parts) else [leaf]
