"""`if`, `while` and `for` as functions that are handed to operators, with what reads and sets the
names that they change:

    if x > 0:          def get_state():                 def if_body():
        y = x              return (y,)                      nonlocal y
                       def set_state(values):               y = x
                           nonlocal y                   ag__.if_stmt(x > 0, if_body, else_body,
                           (y,) = values                    get_state, set_state, ('y',), 1)
"""
from __future__ import annotations

import ast
import itertools
from collections import Counter
from typing import Any

from minitf.autograph.names import Needs, Uses, declared
from minitf.autograph.trees import (
    Fresh,
    assigned,
    definition,
    later,
    load,
    located,
    operator,
    parsed,
    store,
)


def as_functions(function: Any, fresh: Fresh) -> None:
    """Replace the `if`, `while` and `for` of a function, but not those of functions inside it."""
    Needs(function)
    blocks = _Blocks(function, fresh)
    parameters = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
    function.body = blocks.inside(function.body, parameters | blocks.elsewhere)


class _Blocks(ast.NodeTransformer):
    """`wanted` are the names of a function that functions in it set: they need a value first."""

    def __init__(self, function: Any, fresh: Fresh) -> None:
        self.fresh = fresh
        self.captured = Counter(Uses(function.body).captured)
        self.globals = {n for each in function.body for n in declared(each, ast.Global)}
        self.elsewhere = {n for each in function.body for n in declared(each)}
        self.wanted: set[str] = set()

    def inside(self, statements: list[Any], bound: set[str]) -> list[Any]:
        """The statements of a function in which the names `bound` have a place elsewhere."""
        outer, self.wanted = self.wanted, set()
        first = statements[0]
        made = self.visit(ast.Module(statements, [])).body
        wanted = self.wanted - bound - _set_at_once(statements)
        undefined = [assigned(name, operator("Undefined", ast.Constant(name)))
                     for name in sorted(wanted)]  # fmt: skip
        self.wanted = outer | (self.wanted & bound)
        at = int(isinstance(made[0], ast.Expr) and isinstance(made[0].value, ast.Constant))
        return [*made[:at], *located(undefined, first), *made[at:]]

    def _left(self, node: Any) -> Any:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = _left

    # -- the three statements ---------------------------------------------------------------------

    def visit_If(self, node: Any) -> Any:
        uses = Uses([*node.body, *node.orelse])
        results = self._kept(uses, node.needed_out)
        state = _State(self, results, sorted(uses.set & node.needed_in - {*results}), uses)
        body, body_def = self._function("if_body", node.body, state)
        orelse, orelse_def = self._function("else_body", node.orelse or [ast.Pass()], state)
        call = operator("if_stmt", node.test, body, orelse, *state.arguments,
                        ast.Constant(state.results))  # fmt: skip
        return located([*state.functions(), body_def, orelse_def, ast.Expr(call)], node)

    def visit_While(self, node: Any) -> Any:
        uses = Uses([node.test, *node.body])
        state = _State(self, self._kept(uses, node.needed_in), [], uses)
        test, test_def = self._function("loop_test", [ast.Return(node.test)], state)
        body, body_def = self._function("loop_body", node.body, state)
        call = operator("while_stmt", test, body, *state.arguments)
        return located([*state.functions(), test_def, body_def, ast.Expr(call)], node)

    def visit_For(self, node: Any) -> Any:
        item = self.fresh("item")
        uses = Uses([node.target, *node.body])
        state = _State(self, self._kept(uses, node.needed_in), [], uses)
        first = located([ast.Assign([node.target], load(item))], node)
        body, body_def = self._function("loop_body", [*first, *node.body], state, [item])
        test: Any = ast.Constant(None) if node.extra_test is None else later(node.extra_test)
        call = operator("for_stmt", node.iter, test, body, *state.arguments)
        return located([*state.functions(), body_def, ast.Expr(call)], node)

    def _kept(self, uses: Uses, needed: set[str]) -> list[str]:
        """The names whose values are needed outside of a block that sets them, and those that
        functions elsewhere may read."""
        inside = Counter(uses.captured)
        elsewhere = {name for name in uses.set if self.captured[name] > inside[name]}
        return sorted(uses.set & (needed | elsewhere))

    def _function(self, name: str, body: list[Any], state: Any, arguments: Any = ()) -> Any:
        """(the name of a new function, its definition)."""
        name, bound = self.fresh(name), {*state.names, *self.globals, *arguments}
        own = state.declared(Uses(body).set)
        return load(name), definition(name, arguments, [*own, *self.inside(body, bound)])


def _set_at_once(statements: list[Any]) -> set[str]:
    """The names that a function sets before it does anything else."""
    simple = itertools.takewhile(lambda node: isinstance(node, ast.Assign), statements)
    return {each.id for node in simple for each in node.targets if isinstance(each, ast.Name)}


class _State:
    """What a block changes, in this order: names, of which something comes out; attributes and
    items; names that only the block itself reads."""

    def __init__(self, blocks: _Blocks, names: list[str], read: list[str], uses: Uses) -> None:
        places = {text: place for text, place in sorted(uses.places.items())
                  if not Uses([place]).read & uses.set}  # fmt: skip
        parts = [blocks.fresh("value") for _ in places]
        self.names, self._globals = [*names, *read], blocks.globals
        blocks.wanted.update(self.names)
        self.results = len(names) + len(places)
        self._places = list(zip(parts, places.values()))
        found = [operator("value_of", later(parsed(text).value), ast.Constant(text))
                 for text in places]  # fmt: skip
        self._read = [*map(load, names), *found, *map(load, read)]
        self._targets = [*map(store, names), *map(store, parts), *map(store, read)]
        self._get, self._set = blocks.fresh("get_state"), blocks.fresh("set_state")
        self._values = blocks.fresh("values")
        labels = ast.Constant((*names, *places, *read))
        self.arguments = load(self._get), load(self._set), labels

    def declared(self, names: Any) -> list[Any]:
        """The statements by which a function inside sets such names of the one around it."""
        names = [name for name in self.names if name in names]
        shared = [name for name in names if name in self._globals]
        own = [name for name in names if name not in self._globals]
        return [kind(names) for kind, names in ((ast.Global, shared), (ast.Nonlocal, own)) if names]

    def functions(self) -> list[Any]:
        """The definitions of what gets and what sets the state."""
        whole = ast.Return(ast.Tuple(self._read, ast.Load()))
        return [definition(self._get, (), [whole]),
                definition(self._set, [self._values], self._setting())]  # fmt: skip

    def _setting(self) -> list[Any]:
        if not self._targets:
            return [ast.Pass()]
        unpacked = ast.Assign([ast.Tuple(self._targets, ast.Store())], load(self._values))
        places = [ast.If(operator("is_defined", load(part)), [ast.Assign([place], load(part))], [])
                  for part, place in self._places]  # fmt: skip
        return [*self.declared(self.names), unpacked, *places]
