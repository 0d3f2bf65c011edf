"""`tensorflow.python.framework.composite_tensor` and `type_spec`: what values of other hands derive
from that are made of tensors."""
from __future__ import annotations

from typing import Any

import minitf as tf


class CompositeTensor:
    """A value of several tensors, which its `_type_spec` takes apart and puts together."""

    @property
    def _type_spec(self) -> Any:
        raise NotImplementedError(f"{type(self).__name__}._type_spec()")

    def _to_components(self) -> Any:
        return self._type_spec._to_components(self)

    def _components(self) -> list[Any]:
        """Its tensors, which tf.nest asks for."""
        return tf.nest.flatten(self._to_components())

    def _with_components(self, parts: Any) -> Any:
        """One of these tensors instead."""
        packed = tf.nest.pack_sequence_as(self._to_components(), list(parts))
        return self._type_spec._from_components(packed)

    _rebuild = _with_components  # of what a run has fetched


class BatchableTypeSpec(tf.TypeSpec):
    """The type of such a value: `_serialize` returns what a class of one's own is made of."""

    __slots__ = ()

    def _serialize(self) -> tuple[Any, ...]:
        raise NotImplementedError(f"{type(self).__name__}._serialize()")

    def _parts(self) -> tuple[Any, ...]:
        return self._serialize()

    def _of(self, value: Any) -> tf.TypeSpec | None:
        return getattr(value, "_type_spec", None)
