"""What `Session.run` is asked for: any nesting of tensors, operations, variables and names."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from minitf.core.errors import InaccessibleTensorError
from minitf.core.graph import Graph
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.runtime.conversions import conversion_of

Element = Tensor | Operation


class FetchMap:
    """A fetch structure: its distinct `elements`, and how their values are put back into it."""

    def __init__(self, graph: Graph, fetches: Any) -> None:
        self.graph = graph
        self.elements: dict[Element, int] = {}
        self.build = self._builder(fetches)
        values = [e for e in self.elements if isinstance(e, Tensor)]
        self._index = {element: i for i, element in enumerate(values)}

    def __call__(self, values: tuple[Any, ...]) -> Any:
        """The structure, with the values (one per distinct tensor) in place of the tensors."""
        return self.build(dict(zip(self._index, values)))

    def _builder(self, fetch: Any) -> Callable[[dict[Element, Any]], Any]:
        if isinstance(fetch, Mapping):
            return self._of_mapping(fetch)
        if isinstance(fetch, (list, tuple)):
            return self._of_sequence(fetch)
        if hasattr(fetch, "_components"):
            parts = self._builder(list(fetch._components()))
            return lambda values: fetch._rebuild(parts(values))
        conversion = conversion_of(fetch)
        if conversion is not None:
            tensors, contract = conversion.fetch(fetch)
            of_tensors = self._builder(list(tensors))
            return lambda values: contract(of_tensors(values))
        element = self._element(fetch)
        self.elements.setdefault(element, len(self.elements))
        return lambda values: values.get(element)

    def _of_mapping(self, fetch: Mapping[Any, Any]) -> Callable[[dict[Element, Any]], Any]:
        parts = {key: self._builder(part) for key, part in fetch.items()}
        kind: Any = type(fetch)
        return lambda values: kind((key, part(values)) for key, part in parts.items())

    def _of_sequence(self, fetch: Any) -> Callable[[dict[Element, Any]], Any]:
        parts = [self._builder(part) for part in fetch]
        kind: Any = type(fetch)
        if hasattr(fetch, "_fields"):
            return lambda values: kind(*(part(values) for part in parts))
        return lambda values: kind(part(values) for part in parts)

    def _element(self, fetch: Any) -> Element:
        try:
            element = self.graph.as_graph_element(fetch)
        except TypeError as error:
            raise TypeError(
                f"Fetch argument {fetch!r} has invalid type {type(fetch)}, must be a string or "
                f"Tensor. ({error}) Tensors, operations, variables, their names, and lists, tuples "
                f"and dicts of these can be fetched{_hint(fetch)}."
            ) from None
        except (ValueError, KeyError) as error:
            raise ValueError(
                f"Fetch argument {fetch!r} cannot be interpreted as a Tensor. ({error.args[0]})"
            ) from None
        if not self.graph.is_fetchable(element):
            name = getattr(element, "op", element).name
            raise InaccessibleTensorError(
                f"Operation '{name}' has been marked as not fetchable. Typically this happens when "
                "it is defined in another function or code block: it is part of a branch, which "
                "may not run, or of a loop, where it has many values. Return it from the function "
                "given to tf.cond, or as a loop variable, and fetch what these return."
            )
        return element


def _hint(fetch: Any) -> str:
    if hasattr(fetch, "minimize"):
        return "; an optimizer is not run itself: fetch the operation that its minimize(loss) gave"
    if callable(fetch) and hasattr(fetch, "__name__"):
        return f"; {fetch.__name__} is a Python function: fetch the tensor that calling it returned"
    if fetch is None:
        return "; None is often the result of a function without a return"
    if hasattr(fetch, "dtype"):
        return "; this is an array, that is a value already: was the tensor's name reused for it?"
    return ""


def handed(value: Any) -> Any:
    """A fetched value as TensorFlow hands it out: a scalar as a NumPy scalar, a string as bytes."""
    if type(value) is bytes:  # NumPy gives the object itself where there are no axes
        return value
    return value[()] if value.ndim == 0 else value


def key_of(structure: Any) -> Any:
    """Something hashable that tells fetch structures apart."""
    if isinstance(structure, dict):
        return dict, tuple((key, key_of(part)) for key, part in structure.items())
    if isinstance(structure, (list, tuple)):
        return type(structure), tuple(key_of(part) for part in structure)
    try:
        hash(structure)
    except TypeError:
        return type(structure), id(structure)
    return structure
