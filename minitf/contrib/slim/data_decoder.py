"""`slim.data_decoder.DataDecoder`: what makes tensors of a record."""
import abc


class DataDecoder(abc.ABC):
    """Makes named tensors, the items, of a serialized record."""

    @abc.abstractmethod
    def decode(self, data, items):
        """The tensors of these items of the record `data`, in order."""

    @abc.abstractmethod
    def list_items(self):
        """The names of all items."""
