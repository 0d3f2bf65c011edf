"""The syntax tree of a function, and the code of a tree: it keeps the file and the lines of what it
was made from, so that tracebacks show the program's own."""
from __future__ import annotations
import __future__

import ast
import copy
import functools
import linecache
from types import CodeType
from typing import Any

from minitf.autograph.trees import definition, located, parsed

_FUTURE = functools.reduce(int.__or__, (getattr(__future__, name).compiler_flag
                                        for name in __future__.all_feature_names))  # fmt: skip


class Unconvertible(Exception):
    """A function that cannot be converted; the message says why."""


def tree_of(function: Any) -> Any:
    """A FunctionDef or a Lambda of its own for a function. Raises Unconvertible where its source is
    not there, or is not what it was made from."""
    code = function.__code__
    lines = linecache.getlines(code.co_filename, function.__globals__)
    if not lines:
        raise Unconvertible(f"its source is not there: {code.co_filename}")
    found = _functions("".join(lines)).get((code.co_firstlineno, code.co_name), [])
    found = [node for node in found if _parameters(node) == _of_code(code)]
    if len(found) > 1:
        found = [node for node in found if _alike(compiled(node, function), code)][:1]
    if not found:
        raise Unconvertible(f"it is not found at {code.co_filename}:{code.co_firstlineno}")
    return copy.deepcopy(found[0])


@functools.lru_cache(maxsize=16)
def _functions(text: str) -> dict[tuple[int, str], list[Any]]:
    """The functions of a file by line and name."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise Unconvertible(f"its file cannot be read: {error}") from None
    found: dict[tuple[int, str], list[Any]] = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.decorator_list[0] if node.decorator_list else node
            found.setdefault((first.lineno, node.name), []).append(node)
        elif isinstance(node, ast.Lambda):
            found.setdefault((node.lineno, "<lambda>"), []).append(node)
    return found


def _parameters(node: Any) -> list[str]:
    of = node.args
    arguments = [*of.posonlyargs, *of.args, *of.kwonlyargs, of.vararg, of.kwarg]
    return [each.arg for each in arguments if each is not None]


def _of_code(code: CodeType) -> list[str]:
    more = bool(code.co_flags & 4) + bool(code.co_flags & 8)  # *args, **kwargs
    return list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + more])


def _alike(one: CodeType, other: CodeType) -> bool:
    return all(getattr(one, part) == getattr(other, part)
               for part in ("co_code", "co_names", "co_consts"))  # fmt: skip


def compiled(node: Any, function: Any) -> CodeType:
    """The code of a tree that stands where `function` does: it knows the same names of outside, and
    `ag__`."""
    code, qualname = function.__code__, function.__qualname__.split(".")
    name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
    body: list[Any] = [ast.Expr(node) if isinstance(node, ast.Lambda) else node]
    if len(qualname) > 1 and qualname[-2].isidentifier():  # not <locals>, nor <listcomp>
        body = _in_class(qualname[-2], body, qualname[-2] in code.co_freevars)
    outside = dict.fromkeys([*code.co_freevars, "ag__"])
    factory = located([definition("factory", outside, body)], node)
    tree = ast.fix_missing_locations(ast.Module(factory, []))
    try:
        made = compile(tree, code.co_filename, "exec", code.co_flags & _FUTURE, dont_inherit=True)
    except SyntaxError as error:
        raise Unconvertible(f"the converted code cannot be compiled: {error}") from None
    return _inner(made, name)


def _in_class(name: str, body: list[Any], is_inner: bool) -> list[Any]:
    """A method in a class, whose private names are its own; the class itself is one of outside."""
    around = parsed(f"class {name}: pass")
    around.body = body
    return [around] if is_inner else [parsed(f"global {name}"), around]


def _inner(code: CodeType, name: str) -> Any:
    inside = [each for each in code.co_consts if isinstance(each, CodeType)]
    found = (each if each.co_name == name else _inner(each, name) for each in inside)
    return next((each for each in found if each is not None), None)
