"""Finding things in a graph: by name, and by collection."""
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from minitf.core.alike import meant
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor

if TYPE_CHECKING:
    import threading

_FORM = 'Tensor names must be of the form "<op_name>:<output_index>".'


class Lookup:
    """The part of Graph that finds nodes by name and keeps collections."""

    _c_graph = property(lambda self: self)  # what functions of pywrap_tensorflow take

    _operations: dict[str, Operation]
    _collections: dict[Any, list[Any]]
    _lock: threading.RLock
    _unfeedable: set[Tensor]
    _unfetchable: set[Operation]
    building_function: bool
    # What programs of the time ask, to see whether they are inside of a function.
    _building_function = property(lambda self: self.building_function)

    def as_graph_element(
        self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True
    ) -> Any:
        """The Tensor or Operation of this graph that `obj` is, names, or stands for.

        Raises KeyError for a name that is not in the graph, ValueError for an element of another
        graph or a name of the wrong form, TypeError for anything else.
        """
        wanted = [n for n, ok in (("Tensor", allow_tensor), ("Operation", allow_operation)) if ok]
        types = " or ".join(wanted)
        element = getattr(obj, "_as_graph_element", None)
        obj = element() if element is not None else obj
        if isinstance(obj, (str, bytes)):
            name = obj if isinstance(obj, str) else obj.decode()
            return self._named(name, allow_tensor, allow_operation, types)
        for kind, allowed in ((Tensor, allow_tensor), (Operation, allow_operation)):
            if isinstance(obj, kind) and allowed:
                if obj.graph is not self:
                    raise ValueError(f"{kind.__name__} {obj!r} is not an element of this graph: "
                                     "it was built in another one; tf.Session(graph=...) says "
                                     "which graph a session runs, tf.reset_default_graph() makes a "
                                     "new one the default.")  # fmt: skip
                return obj
        raise TypeError(f"Can not convert a {type(obj).__name__} into a {types}.")

    def _named(self, name: str, allow_tensor: bool, allow_operation: bool, types: str) -> Any:
        if ":" in name:
            if not allow_tensor:
                raise ValueError(f"Name '{name}' appears to refer to a Tensor, not a {types}.")
            return self._tensor_named(name)
        known = name in self._operations
        if not allow_operation:
            what = "refers to an Operation" if known else "looks like an (invalid) Operation name"
            raise ValueError(f"The name '{name}' {what}, not a {types}. {_FORM}")
        if not known:
            near = meant(name, self._operations)
            raise KeyError(f"The name '{name}' refers to an Operation not in the graph.{near}")
        return self._operations[name]

    def _tensor_named(self, name: str) -> Tensor:
        op_name, _, index = name.rpartition(":")
        if not index.isdigit() or ":" in op_name:
            raise ValueError(
                f"The name '{name}' looks a like a Tensor name, but is not a valid one. {_FORM}"
            )
        where = f"The name '{name}' refers to a Tensor which does not exist. The operation, "
        if op_name not in self._operations:
            near = meant(op_name, self._operations)
            raise KeyError(f"{where}'{op_name}', does not exist in the graph.{near}")
        outputs = self._operations[op_name].outputs
        if int(index) >= len(outputs):
            raise KeyError(f"{where}'{op_name}', exists but only has {len(outputs)} outputs.")
        return outputs[int(index)]

    def get_operation_by_name(self, name: str) -> Operation:
        if not isinstance(name, str):
            raise TypeError(f"Operation names are strings (or similar), not {type(name).__name__}.")
        return self.as_graph_element(name, allow_tensor=False)

    def get_tensor_by_name(self, name: str) -> Tensor:
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings (or similar), not {type(name).__name__}.")
        return self.as_graph_element(name, allow_operation=False)

    def is_feedable(self, tensor: Tensor) -> bool:
        """Whether a run may be given a value for `tensor`."""
        return tensor not in self._unfeedable

    def prevent_feeding(self, tensor: Tensor) -> None:
        self._unfeedable.add(tensor)

    def is_fetchable(self, tensor_or_op: Any) -> bool:
        """Whether a run may return it: what is inside a branch or a loop has no value, or many."""
        return getattr(tensor_or_op, "op", tensor_or_op) not in self._unfetchable

    def prevent_fetching(self, op: Operation) -> None:
        self._unfetchable.add(op)

    # -- collections -------------------------------------------------------------------------

    def _check_not_finalized(self) -> None:
        raise NotImplementedError

    def add_to_collection(self, name: Any, value: Any) -> None:
        self._check_not_finalized()
        with self._lock:
            self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        names = (names,) if isinstance(names, str) else dict.fromkeys(names)
        for name in names:
            self.add_to_collection(name, value)

    def get_collection_ref(self, name: Any) -> list[Any]:
        """The list itself: what is appended to it is in the collection."""
        with self._lock:
            return self._collections.setdefault(name, [])

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """A copy of the collection; with `scope`, the items whose names match it at the start."""
        items = self._collections.get(name, [])
        if scope is None:
            return list(items)
        matches = re.compile(scope).match
        return [item for item in items if hasattr(item, "name") and matches(item.name)]

    @property
    def collections(self) -> list[Any]:
        """The names of the collections."""
        return self.get_all_collection_keys()

    def get_all_collection_keys(self) -> list[Any]:
        """The names of the collections, of empty ones too that something has asked to change."""
        return list(self._collections)

    def clear_collection(self, name: Any) -> None:
        self._check_not_finalized()
        with self._lock:
            self._collections.pop(name, None)


def leaked(tensor: Tensor) -> TypeError:
    """What is raised for a tensor of a graph where operations run at once."""
    return TypeError(
        f'An op outside of the function building code is being passed a "Graph" tensor: {tensor!r} '
        "has no value here, where operations run at once (tf.init_scope lets Graph tensors leak "
        "out of a function). Use it where its graph is built, or return it from the function."
    )
