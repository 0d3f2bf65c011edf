"""Names that are spelt like one that is not there, for the messages that say so."""
from __future__ import annotations

from collections.abc import Collection

MANY = 1000  # names: to look through more takes longer than a program may want to ask in vain


def alike(name: str, names: Collection[str], cutoff: float = 0.6) -> list[str]:
    """At most three of the names, the likest first."""
    import difflib  # here, because most programs never need it

    return difflib.get_close_matches(name, list(names), n=3, cutoff=cutoff)


def meant(name: str, names: Collection[str]) -> str:
    """" Did you mean 'a' or 'b'?", or nothing; nothing of very many names."""
    near = alike(name, names, 0.7) if len(names) <= MANY else []
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
