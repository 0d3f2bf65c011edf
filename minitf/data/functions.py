"""Functions of elements: what `dataset.map(f)` makes of f, traced once."""
from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from minitf.autograph.tracing import converted
from minitf.data import structure
from minitf.data.structure import flat_specs, from_tensors, spec_from_value, to_tensors
from minitf.ops.function import FuncGraph, trace


class Function:
    """A function of elements of a structure: its `graph`, and the structure `output` of what it
    returns. TypeError when that is no element.
    """

    def __init__(self, function: Callable[..., Any], name: str, input: Any) -> None:
        self.output: Any = None

        def of_tensors(*tensors: Any) -> Any:
            found = self._called(function, name, from_tensors(input, tensors))
            return to_tensors(self.output, found)

        called = getattr(function, "__name__", type(function).__name__)
        self.graph: FuncGraph = trace(of_tensors, flat_specs(input), f"{_plain(name)}_{called}")
        self._check_resources(name)

    def _called(self, function: Callable[..., Any], name: str, element: Any) -> Any:
        function = converted(function)
        found = function(*element) if type(element) is tuple else function(element)
        found = tuple(found) if isinstance(found, list) else found
        try:
            self.output = spec_from_value(found)
        except (TypeError, ValueError):
            raise TypeError(
                f"Unsupported return value from function passed to {name}: {found}."
                f"{' Does it lack a return?' if found is None else ''}"
            ) from None
        return found

    def _check_resources(self, name: str) -> None:
        makes = (op for op in self.graph.get_operations() if op.definition.state is not None)
        if any("shared_name" in operation.attrs for operation in makes):
            warnings.warn(
                f"Creating resources inside a function passed to {name} is not supported. Create "
                "each resource outside the function, and capture it inside the function to use it.",
                stacklevel=5,
            )

    @property
    def captured(self) -> list[Any]:
        """The tensors of outside whose values it needs."""
        return self.graph.captured_inputs

    @property
    def types(self) -> Any:
        return structure.types_of(self.output)

    @property
    def shapes(self) -> Any:
        return structure.shapes_of(self.output)

    @property
    def classes(self) -> Any:
        return structure.classes_of(self.output)


def _plain(name: str) -> str:
    return name.removesuffix("()").replace(".", "_")


def of_state(
    function: Callable[..., Any],
    name: str,
    state: Any,
    element: Any,
    new_state: Callable[[Function], Any] = lambda made: made.output,
) -> tuple[Function, Any]:
    """A function of a state and an element, and the structure of the state: sizes that the function
    changes are unknown in it.

    `new_state` says which part of what it returns is the state. TypeError when that is of other
    types than the state.
    """
    while True:
        made = Function(function, name, (state, element))
        found = new_state(made)
        for what, of in (("classes", structure.classes_of), ("types", structure.types_of)):
            if structure.nest.flatten(of(found)) != structure.nest.flatten(of(state)):
                raise TypeError(
                    f"The element {what} for the new state must match the initial state. Expected "
                    f"{of(state)}; got {of(found)}."
                )
        weaker = structure.joined(state, structure.nest.pack_sequence_as(
            state, structure.nest.flatten(found)))  # fmt: skip
        if weaker == state:
            return made, state
        state = weaker
