"""Which names a piece of a function reads and sets, and which are still needed after it."""
from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from minitf.autograph.trees import load

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Uses(ast.NodeVisitor):
    """The names that nodes read and set in the function that they stand in; `places` are the
    attributes and items that they set, by how they are written; `captured` is what functions inside
    read, one entry for each function."""

    def __init__(self, nodes: Iterable[Any]) -> None:
        self.read: set[str] = set()
        self.set: set[str] = set()
        self.places: dict[str, Any] = {}
        self.captured: list[str] = []
        for node in nodes:
            self.visit(node)

    def visit_Name(self, node: Any) -> None:
        if not isinstance(node.ctx, ast.Store):
            self.read.add(node.id)
        if not isinstance(node.ctx, ast.Load):
            self.set.add(node.id)

    def visit_AugAssign(self, node: Any) -> None:
        self.read.update(Uses([_as_read(node.target)]).read)
        self.generic_visit(node)

    def visit_Attribute(self, node: Any) -> None:
        self._place(node)

    def visit_Subscript(self, node: Any) -> None:
        self._place(node)

    def _place(self, node: Any) -> None:
        if isinstance(node.ctx, ast.Store) and _is_place(node):
            self.places[ast.unparse(node)] = node
        self.generic_visit(node)

    def visit_FunctionDef(self, node: Any) -> None:
        self.set.add(node.name)
        self._function(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: Any) -> None:
        self._function(node, [node.body])

    def _function(self, node: Any, body: list[Any]) -> None:
        outside = [*node.args.defaults, *filter(None, node.args.kw_defaults),
                   *getattr(node, "decorator_list", ())]  # fmt: skip
        for each in outside:
            self.visit(each)
        free = free_names(node, body)
        self.read |= free
        self.captured += free

    def visit_ClassDef(self, node: Any) -> None:
        inner = Uses(ast.iter_child_nodes(node))
        self.set.add(node.name)
        self.read |= inner.read
        self.captured += inner.captured

    def _comprehension(self, node: Any) -> None:
        inner = Uses(ast.iter_child_nodes(node))
        named = {each.target.id for each in ast.walk(node) if isinstance(each, ast.NamedExpr)}
        self.read |= inner.read - (inner.set - named)
        self.set |= named
        self.captured += inner.captured

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_alias(self, node: Any) -> None:
        self.set.add((node.asname or node.name).split(".")[0])

    def _named(self, node: Any) -> None:
        name = getattr(node, "rest", None) or getattr(node, "name", None)
        if name is not None:
            self.set.add(name)
        self.generic_visit(node)

    visit_ExceptHandler = visit_MatchAs = visit_MatchStar = visit_MatchMapping = _named


def free_names(function: Any, body: list[Any]) -> set[str]:
    """The names of outside that a function reads or sets."""
    inner = Uses(body)
    given = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
    outer = {name for node in body for name in declared(node)}
    return (inner.read - inner.set - given) | outer


def declared(node: Any, kinds: Any = (ast.Global, ast.Nonlocal)) -> set[str]:
    """The names that a statement, or one in it, says to be global or nonlocal."""
    if isinstance(node, kinds):
        return set(node.names)
    inside = (n for n in ast.iter_child_nodes(node) if not isinstance(n, FUNCTIONS))
    return {name for each in inside for name in declared(each, kinds)}


def _as_read(target: Any) -> Any:
    return load(target.id) if isinstance(target, ast.Name) else target


def _is_place(node: Any) -> bool:
    """Whether it is a name with attributes, and items of constants and names."""
    if isinstance(node, ast.Attribute):
        return _is_place(node.value)
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, (ast.Constant, ast.Name)) and _is_place(node.value)
    return isinstance(node, ast.Name)


# -- what is needed afterwards --------------------------------------------------------------------


class Needs:
    """Marks each `if`, `while` and `for` of a function with `needed_in` and `needed_out`: the names
    that are read after its start, and after its end, before they are set."""

    def __init__(self, function: Any) -> None:
        self.always = {name for node in function.body for name in declared(node)}
        self.block(function.body, set(self.always))

    def block(self, statements: list[Any], after: set[str]) -> set[str]:
        """What is needed before the statements, where `after` is needed after them."""
        for node in reversed(statements):
            find = getattr(self, f"_{type(node).__name__.lower()}", self._simple)
            after = find(node, after) | self.always
        return after

    def _simple(self, node: Any, after: set[str]) -> set[str]:
        uses = Uses([node])
        return (after - uses.set) | uses.read

    def _if(self, node: Any, after: set[str]) -> set[str]:
        node.needed_out = after
        node.needed_in = self.block(node.body, after) | self.block(node.orelse, after)
        return Uses([node.test]).read | node.needed_in

    def _while(self, node: Any, after: set[str]) -> set[str]:
        return self._loop(node, after, Uses([node.test]).read, set())

    def _for(self, node: Any, after: set[str]) -> set[str]:
        test = Uses([node.extra_test] if node.extra_test else []).read
        target = Uses([node.target])
        return self._loop(node, after, test | target.read, target.set) | Uses([node.iter]).read

    def _loop(self, node: Any, after: set[str], test: set[str], target: set[str]) -> set[str]:
        node.needed_out, before = after, after | test
        for _ in range(2):  # what an iteration needs, the one before has to keep
            before = before | (self.block(node.body, before) - target)
        node.needed_in = before
        return before

    def _with(self, node: Any, after: set[str]) -> set[str]:
        items = Uses(node.items)
        return (self.block(node.body, after) - items.set) | items.read

    def _try(self, node: Any, after: set[str]) -> set[str]:
        outer, after = self.always, self.block(node.finalbody, after)
        caught = {name for each in node.handlers for name in self._handler(each, after)}
        self.always = outer | caught | after  # the body may stop anywhere
        before = self.block(node.body, self.block(node.orelse, after))
        self.always = outer
        return before

    _trystar = _try

    def _handler(self, node: Any, after: set[str]) -> set[str]:
        return (self.block(node.body, after) - {node.name}) | Uses(filter(None, [node.type])).read

    def _match(self, node: Any, after: set[str]) -> set[str]:
        cases = (self._simple(case.pattern, self._case(case, after)) for case in node.cases)
        return Uses([node.subject]).read | after | {name for each in cases for name in each}

    def _case(self, case: Any, after: set[str]) -> set[str]:
        return self.block(case.body, after) | Uses(filter(None, [case.guard])).read

    def _return(self, node: Any, after: set[str]) -> set[str]:
        return Uses([node]).read
