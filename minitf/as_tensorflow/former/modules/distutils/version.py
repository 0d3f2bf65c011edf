"""`distutils.version`: versions that are compared with each other, or with their text."""
import functools
import re


@functools.total_ordering
class Version:
    """A version; `version` is what is compared, `vstring` how it was written."""

    def __init__(self, vstring=None):
        if vstring:
            self.parse(vstring)

    def __repr__(self):
        return f"{type(self).__name__} ('{self}')"

    def __eq__(self, other):
        other = self._of(other)
        return other if other is NotImplemented else self._key() == other._key()

    def __lt__(self, other):
        other = self._of(other)
        return other if other is NotImplemented else self._key() < other._key()

    __hash__ = None

    def _of(self, other):
        if isinstance(other, str):
            return type(self)(other)
        return other if isinstance(other, type(self)) else NotImplemented

    def _key(self):
        return self.version


class LooseVersion(Version):
    """Any text: its numbers and words, from left to right. A number and a word at the same place
    cannot be compared (TypeError)."""

    def parse(self, vstring):
        parts = re.findall(r"\d+|[a-z]+|[^\da-z.]+", vstring)
        self.vstring = vstring
        self.version = [int(part) if part.isdigit() else part for part in parts]

    def __str__(self):
        return self.vstring


class StrictVersion(Version):
    """Two or three numbers, and perhaps a or b with one more number: "1.4", "0.5.1b3".

    Raises ValueError for any other text.
    """

    _FORM = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?", re.ASCII)

    def parse(self, vstring):
        found = self._FORM.fullmatch(vstring)
        if not found:
            raise ValueError(f"invalid version number '{vstring}'")
        *numbers, letter, number = found.groups(default="0")
        self.version = tuple(map(int, numbers))
        self.prerelease = (letter, int(number)) if letter != "0" else None

    def __str__(self):
        numbers = self.version if self.version[2] else self.version[:2]
        return ".".join(map(str, numbers)) + "".join(map(str, self.prerelease or ()))

    def _key(self):
        return self.version, self.prerelease or ("final", 0)
