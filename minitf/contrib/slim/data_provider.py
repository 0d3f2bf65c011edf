"""`slim.data_provider.DataProvider`: tensors by names."""
import abc


class DataProvider(abc.ABC):  # noqa: B024  a base of others, as in TensorFlow
    """Gives tensors by the names of items; `num_samples` is how many there are in all."""

    def __init__(self, items_to_tensors, num_samples):
        self._items_to_tensors, self._num_samples = items_to_tensors, num_samples

    def get(self, items):
        """The tensors of these items. ValueError for what is no list, and for unknown names."""
        if not isinstance(items, (list, tuple)):
            raise ValueError("items must be a list or tuple")
        known = self.list_items()
        for item in items:
            if item not in known:
                raise ValueError(f"Item [{item}] is invalid. Valid entries include: {known}")
        return [self._items_to_tensors[item] for item in items]

    def list_items(self):
        """The names of the items."""
        return self._items_to_tensors.keys()

    def num_samples(self):
        """How many samples there are."""
        return self._num_samples
