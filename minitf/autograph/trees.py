"""Pieces of syntax trees."""
from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

_PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def load(name: str) -> Any:
    return ast.Name(name, ast.Load())


def store(name: str) -> Any:
    return ast.Name(name, ast.Store())


def assigned(name: str, value: Any) -> Any:
    """The statement `name = value`."""
    return ast.Assign([store(name)], value)


def operator(name: str, *arguments: Any) -> Any:
    """The call `ag__.name(*arguments)`."""
    return ast.Call(ast.Attribute(load("ag__"), name, ast.Load()), list(arguments), [])


def later(value: Any) -> Any:
    """The expression `lambda: value`."""
    made = parsed("lambda: 0").value
    made.body = value
    return made


def definition(name: str, arguments: Iterable[str], body: list[Any]) -> Any:
    """The definition of a function, which `is_made` tells from those of the program."""
    made = parsed(f"def {name}({', '.join(arguments)}): pass")
    made.body, made.is_made = body, True
    return made


def parsed(text: str) -> Any:
    """A statement that stands nowhere yet."""
    made = ast.parse(text).body[0]
    for node in ast.walk(made):
        for field in _PLACE:
            vars(node).pop(field, None)
    return made


def located(nodes: list[Any], place: Any) -> list[Any]:
    """The nodes, on the line of another where they have none."""
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, (ast.stmt, ast.expr, ast.arg)) and not hasattr(each, "lineno"):
                ast.copy_location(each, place)
    return nodes


class Fresh:
    """Names that a function does not use yet."""

    def __init__(self, function: Any) -> None:
        self.used = {getattr(each, field) for each in ast.walk(function)
                     for field in ("id", "arg", "name") if hasattr(each, field)}  # fmt: skip

    def __call__(self, name: str) -> str:
        found, count = name, 0
        while found in self.used:
            count += 1
            found = f"{name.rstrip('_')}_{count}"
        self.used.add(found)
        return found
