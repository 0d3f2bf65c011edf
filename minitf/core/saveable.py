"""What a checkpoint keeps of an object: its tensors, and how they are put back."""
from __future__ import annotations

from typing import Any


class SaveSpec:
    """A tensor to save, under a name; `slice_spec` says of which larger tensor it is which part.

    `tensor` may be a function that returns it, for which the type and the device are told.
    """

    def __init__(
        self, tensor: Any, slice_spec: str, name: str, dtype: Any = None, device: Any = None
    ) -> None:
        self._tensor, self.slice_spec, self.name = tensor, slice_spec, name
        if callable(tensor) and (dtype is None or device is None):
            raise AssertionError(
                "When passing a callable `tensor` to a SaveSpec, an explicit dtype and device must "
                "be provided."
            )
        self.dtype = dtype if callable(tensor) else tensor.dtype
        self.device = device if callable(tensor) else tensor.device

    @property
    def tensor(self) -> Any:
        return self._tensor() if callable(self._tensor) else self._tensor


class SaveableObject:
    """The base of what can be saved: `specs` are its tensors, which `restore` brings back."""

    optional_restore = False

    def __init__(self, op: Any, specs: list[Any], name: str) -> None:
        self.op, self.specs, self.name = op, specs, name

    @property
    def device(self) -> Any:
        return self.specs[0].device

    def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
        """An operation that makes the tensors the object's own; of these shapes, unless None."""
        raise ValueError("Calling an abstract method.")
