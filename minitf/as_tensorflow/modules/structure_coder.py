"""`tensorflow.python.saved_model.nested_structure_coder`: specs of tensors as messages."""
from __future__ import annotations

from typing import Any

from minitf.core.proto.saved_object_graph import StructuredValue
from minitf.saved_model.structures import decoded, encoded


class NotEncodableError(Exception):
    """There is no message for a value, or no value for a message."""


class StructureCoder:
    """Turns numbers, text, shapes, dtypes, specs, and lists, tuples and dicts of them into a
    StructuredValue and back. A namedtuple comes back as one of the same name and fields.

    NotImplementedError for a `tf.TypeSpec` that is none of a tensor or of a sparse tensor.
    """

    def encode_structure(self, nested_structure: Any) -> StructuredValue:
        """The message of a value. NotEncodableError where there is none."""
        try:
            return encoded(nested_structure)
        except TypeError as error:
            raise NotEncodableError(str(error)) from error

    def can_encode(self, nested_structure: Any) -> bool:
        """Whether there is a message of the value."""
        try:
            self.encode_structure(nested_structure)
        except (NotEncodableError, NotImplementedError):
            return False
        return True

    def decode_proto(self, proto: StructuredValue) -> Any:
        """The value of a message. NotEncodableError for an empty one."""
        try:
            return decoded(proto)
        except ValueError as error:
            raise NotEncodableError(str(error)) from error
