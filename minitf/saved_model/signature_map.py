"""The signatures of an object: functions by their names."""

from collections.abc import Mapping

from minitf.core.trackable import Trackable


class SignatureMap(Mapping, Trackable):
    """What a SavedModel of objects has as `signatures`."""

    def __init__(self):
        self._signatures = {}

    def add(self, name, function):
        """One more function."""
        self._signatures[name] = function

    def __getitem__(self, key):
        return self._signatures[key]

    def __iter__(self):
        return iter(self._signatures)

    def __len__(self):
        return len(self._signatures)

    def __repr__(self):
        return f"_SignatureMap({self._signatures})"

    __hash__, __eq__ = object.__hash__, object.__eq__
