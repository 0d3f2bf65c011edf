"""Writes SYMBOLS.md: the public names of TensorFlow 1.15.5, and which of them minitf has.

From the root of the repository: python -m docs.symbols

What TensorFlow has is in tests/goldens/symbols.json (see record_symbols.py there), how many
repositories use it in symbol_uses.csv.
"""
from __future__ import annotations

import csv
import inspect
import json
import logging
from collections import defaultdict
from inspect import Parameter
from pathlib import Path
from typing import Any, NamedTuple

import minitf as tf
from tests.goldens.record_symbols import GOLDEN, of_class, signature

SYMBOLS = Path(GOLDEN)
USES = Path(__file__).with_name("symbol_uses.csv")
PAGE = Path(__file__).with_name("SYMBOLS.md")
POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
HEAD = """\
# The names of TensorFlow 1.15, and which of them are here

Written by `python -m docs.symbols`: not by hand. A name is *there* when minitf has it with the
parameters that TensorFlow 1.15.5 gives it: names, order and defaults are compared; with classes
also those of the constructor, and the members that are missing. What is *partly* there says what
differs. A parameter that is there may still be one that minitf refuses for some values; it says so
then. Uses are repositories, of 131 public ones with TensorFlow 1 tutorials, courses and books
(2016 to 2019). Names that nobody of them uses, and that are not here, are only counted. The names
of `tf.raw_ops`, and those of `tf.compat.v1` and `v2`, are not in this list.

"""


class Row(NamedTuple):
    path: str
    uses: int
    state: str  # "there", "partly", "absent"
    remark: str = ""


def rows() -> list[Row]:
    """Every public name of TensorFlow 1.15.5, in the order of its file."""
    recorded = json.loads(SYMBOLS.read_text())
    uses = {row["symbol"]: int(row["repositories"]) for row in csv.DictReader(USES.open())}
    members = defaultdict(dict)
    for path in recorded:
        owner, _, member = path.partition("#")
        if member:
            members[owner][member] = recorded[path]
    quiet = logging.getLogger("tensorflow")
    quiet.addFilter(_nothing)  # former names warn
    try:
        return [
            _row(path, uses.get(path, 0), recorded, members[path])
            for path in recorded if "#" not in path
        ]  # fmt: skip
    finally:
        quiet.removeFilter(_nothing)


def _nothing(record: Any) -> bool:
    return False


def _row(path: str, uses: int, recorded: dict[str, str], members: dict[str, str]) -> Row:
    found = _found(path)
    if found is ABSENT:
        return Row(path, uses, "absent")
    theirs = recorded[path]
    theirs = recorded[theirs[2:]] if theirs.startswith("= ") else theirs
    differences = list(_differences(theirs, found)) + _without(found, members)
    return Row(path, uses, "partly" if differences else "there", "; ".join(differences))


ABSENT = object()  # None is what tf.newaxis is


def _found(path: str) -> Any:
    found: Any = tf
    for part in path.split("."):
        found = getattr(found, part, ABSENT)
    return found


def _without(found: Any, members: dict[str, str]) -> list[str]:
    missing = [name for name in members if not hasattr(found, name)]
    return [f"without the members {_listed(missing)}"] if missing else []


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _differences(theirs: str, found: Any) -> Any:
    if theirs.startswith("class (*, "):
        names = [name.partition("=")[0] for name in theirs[10:-1].split(", ")]
        return _without(found(), dict.fromkeys(names, "")) if callable(found) else ["no class"]
    theirs = theirs.removeprefix("class ")
    if theirs == "(?)" or not theirs.startswith("("):
        return []
    text = of_class(found) if inspect.isclass(found) else signature(found)
    return compared(theirs, text) if text else []


def compared(theirs: str, ours: str) -> list[str]:
    """What `ours`, such as `(x, name=None)`, has not, or has otherwise."""
    wanted, given = _parameters(theirs), _parameters(ours)
    rest = [p for p in given.values() if p.kind is Parameter.VAR_KEYWORD]
    variable = (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)
    missing = [n for n, p in wanted.items() if n not in given and p.kind not in variable]
    differences = [f"without the parameters {_listed(missing)}"] if missing and not rest else []
    misplaced = _misplaced(wanted, given)
    if misplaced:
        differences.append(f"{_listed(misplaced)} by keyword or in another order")
    for name, parameter in wanted.items():
        if name in given and not _is_same(parameter.default, given[name].default):
            differences.append(f"`{name}={parameter.default}` there, "
                               f"`{name}={given[name].default}` here")  # fmt: skip
    return [each.replace(f"={Parameter.empty}", "").replace("|", "or") for each in differences]


def _misplaced(wanted: dict[str, Parameter], given: dict[str, Parameter]) -> list[str]:
    """The positional parameters that stand at another place; those after the first follow it."""
    place = [name for name, parameter in given.items() if parameter.kind in POSITIONAL]
    if any(parameter.kind is Parameter.VAR_POSITIONAL for parameter in given.values()):
        return []
    positional = [name for name, parameter in wanted.items() if parameter.kind in POSITIONAL]
    return [
        name for i, name in enumerate(positional)
        if name in given and (i >= len(place) or place[i] != name)
    ][:1]  # fmt: skip


def _is_same(wanted: Any, given: Any) -> bool:
    """Whether two defaults mean the same: `tf.float32` and "float32", a list and a tuple."""
    if Parameter.empty in (wanted, given):
        return wanted is given
    wanted, given = wanted.replace("(", "[").replace(")", "]"), given.replace("(", "[")
    given = given.replace(")", "]")
    said = given.strip("'").lower()
    return wanted == given or wanted[0] == given[0] == "<" or wanted.lower().endswith(f".{said}")


def _parameters(text: str) -> dict[str, Parameter]:
    """The parameters of `(x, axis=None)`; defaults are kept as their texts."""
    inner, found, kind = text[1:-1], {}, Parameter.POSITIONAL_OR_KEYWORD
    for part in _split(inner):
        name, _, default = part.partition("=")
        if part in ("*", "/"):
            kind = Parameter.KEYWORD_ONLY if part == "*" else kind
        elif part.startswith("**"):
            found["**"] = Parameter(name[2:], Parameter.VAR_KEYWORD)
        elif part.startswith("*"):
            found["*"] = Parameter(name[1:], Parameter.VAR_POSITIONAL)
            kind = Parameter.KEYWORD_ONLY
        else:
            default = default if "=" in part else Parameter.empty
            found[name] = Parameter(name, kind, default=default)
    return found


def _split(text: str) -> list[str]:
    """The parts between the commas that are in no bracket and no string."""
    parts, depth, quoted = [""], 0, ""
    for character in text:
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "'\"":
            quoted = character
        else:
            depth += (character in "([{") - (character in ")]}")
            if character == "," and not depth:
                parts.append("")
                continue
        parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def page(found: list[Row]) -> str:
    by_namespace = defaultdict(list)
    for row in found:
        by_namespace[row.path.rpartition(".")[0]].append(row)
    order = sorted(by_namespace, key=lambda each: (each.startswith("contrib"), each))
    parts = [HEAD, _counts(by_namespace, order)]
    for namespace in order:
        parts += _section(namespace, by_namespace[namespace])
    return "".join(parts)


def _counts(by_namespace: dict[str, list[Row]], order: list[str]) -> str:
    lines = ["| namespace | there | partly | absent | absent, used |\n|---|---|---|---|---|\n"]
    for namespace in order:
        states = [row.state for row in by_namespace[namespace]]
        absent = [row for row in by_namespace[namespace] if row.state == "absent"]
        used = sum(row.uses > 0 for row in absent)
        if len(absent) < len(states) or used:
            lines.append(f"| {_title(namespace)} | {states.count('there')} | "
                         f"{states.count('partly')} | {len(absent)} | {used} |\n")  # fmt: skip
    rest = sum(len(rows) for rows in by_namespace.values())
    return "".join(lines) + f"\nIn all: {rest} names.\n"


def _title(namespace: str) -> str:
    return f"tf.{namespace}" if namespace else "tf"


def _section(namespace: str, found: list[Row]) -> list[str]:
    shown = [row for row in found if row.state != "absent" or row.uses]
    if not shown:
        return []
    shown.sort(key=lambda row: (-row.uses, row.path))
    lines = [f"\n## {_title(namespace)}\n\n| name | uses | |\n|---|---|---|\n"]
    lines += [_line(row, namespace) for row in shown]
    if len(shown) < len(found):
        lines.append(f"\nAbsent, and used by none of them: {len(found) - len(shown)}.\n")
    return lines


def _line(row: Row, namespace: str) -> str:
    name = row.path.removeprefix(namespace + ".")
    return f"| `{name}` | {row.uses or ''} | {row.state}{': ' * bool(row.remark)}{row.remark} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(rows()))
