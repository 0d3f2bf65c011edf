"""`return`, `break` and `continue` as variables: afterwards a block ends only at its end.

    for x in xs:                    break_ = False
        if x > 3:                   for x in xs:   # as long as not break_
            break           ->          if x > 3:
        y += x                              break_ = True
                                        else:
                                            y += x
"""
from __future__ import annotations

import ast
from typing import Any

from minitf.autograph.trees import Fresh, assigned, load, located, operator

ALL = RETURN, BREAK, CONTINUE = "return", "break", "continue"
_KINDS = {ast.Return: RETURN, ast.Break: BREAK, ast.Continue: CONTINUE}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def lowered(function: Any, fresh: Fresh) -> None:
    """Replace the jumps of a function, but not of those inside it."""
    returns = any(_leaves(statement, {RETURN}) for statement in function.body
                  if not isinstance(statement, ast.Return))  # fmt: skip
    jumps = _Jumps(fresh)
    body = jumps.block(function.body, not returns)[0]
    if returns:
        body = [assigned(jumps.flag(RETURN), ast.Constant(False)),
                assigned(jumps.result, operator("UndefinedReturnValue")),
                *body, ast.Return(operator("retval", load(jumps.result)))]  # fmt: skip
    docstring, body = _without_docstring(body)
    function.body = docstring + _without(jumps.untested(), body)


def _without_docstring(body: list[Any]) -> tuple[list[Any], list[Any]]:
    strings = [s for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant)]
    return strings[:1], [s for s in body if s not in strings[:1]]


def _leaves(node: Any, kinds: Any) -> set[str]:
    """Which of the jumps in a statement lead out of it."""
    kind = _KINDS.get(type(node))
    if kind is not None:
        return {kind} & {*kinds}
    if isinstance(node, _FUNCTIONS):
        return set()
    if isinstance(node, (ast.For, ast.While)):
        inner = {*kinds} & {RETURN}
        return _any(node.body, inner) | _any(node.orelse, kinds)
    return _any(ast.iter_child_nodes(node), kinds)


def _any(nodes: Any, kinds: Any) -> set[str]:
    return {kind for node in nodes for kind in _leaves(node, kinds)} if kinds else set()


def _ends(block: list[Any]) -> bool:
    """Whether a block never reaches its end."""
    return any(_never_passes(statement) for statement in block)


def _never_passes(node: Any) -> bool:
    if isinstance(node, ast.If):
        return _ends(node.body) and _ends(node.orelse)
    if isinstance(node, ast.With):
        return _ends(node.body)
    return isinstance(node, (*_KINDS, ast.Raise))


class _Jumps:
    """The variables that stand for the jumps of one function, and of the loop it is at."""

    def __init__(self, fresh: Fresh) -> None:
        self.fresh, self.flags = fresh, {RETURN: fresh("do_return")}
        self.result, self.tested, self.made = fresh("retval_"), set(), [self.flags[RETURN]]

    def flag(self, kind: str) -> str:
        return self.flags[kind]

    def untested(self) -> set[str]:
        return set(self.made) - self.tested

    def goes_on(self, kinds: Any) -> Any:
        """The expression that says that no jump of these kinds has happened."""
        flags = [self.flags[kind] for kind in ALL if kind in kinds]
        self.tested.update(flags)
        tests = [ast.UnaryOp(ast.Not(), load(flag)) for flag in flags]
        return tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)

    # -- blocks ----------------------------------------------------------------------------------

    def block(self, statements: list[Any], keeps_returns: bool = False) -> tuple[list[Any], set]:
        """(the statements without jumps, which jumps there were)."""
        made: list[Any] = []
        for i, statement in enumerate(statements):
            if keeps_returns and isinstance(statement, ast.Return):
                return [*made, statement], set()
            rest = statements[i + 1 :]
            jumps = _leaves(statement, ALL)
            if isinstance(statement, ast.If) and jumps and _into_branch(statement, rest):
                rest, jumps = [], _leaves(statement, ALL)
            made += located(self.statement(statement), statement)
            if jumps:
                return self._guarded(made, jumps, rest)
        return made, set()

    def _guarded(self, made: list[Any], jumps: set[str], rest: list[Any]) -> Any:
        if rest and not isinstance(made[-1], ast.Assign):
            body, more = self.block(rest)
            guard = ast.If(self.goes_on(jumps), body, [])
            made += located([guard], rest[0])
            jumps = jumps | more
        return made, jumps

    def statement(self, node: Any) -> list[Any]:
        kind = _KINDS.get(type(node))
        if kind == RETURN:
            value = node.value or ast.Constant(None)
            return [assigned(self.result, value),
                    assigned(self.flags[RETURN], ast.Constant(True))]  # fmt: skip
        if kind is not None:
            return [assigned(self.flags[kind], ast.Constant(True))]
        if isinstance(node, (ast.For, ast.While)):
            return self._loop(node)
        if isinstance(node, ast.Try):
            return self._try(node)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            return [] if node.value is None else [ast.Assign([node.target], node.value)]
        if not isinstance(node, _FUNCTIONS):
            self._blocks(node)
        return [node]

    def _blocks(self, node: Any) -> None:
        for field in ("body", "orelse", "finalbody"):
            if getattr(node, field, None):
                setattr(node, field, self.block(getattr(node, field))[0] or [ast.Pass()])
        for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            part.body = self.block(part.body)[0]

    def _try(self, node: Any) -> list[Any]:
        jumps = _any(node.body, ALL)
        self._blocks(node)
        if node.orelse and jumps:  # it is for what reaches the end of the body
            node.orelse = [ast.If(self.goes_on(jumps), node.orelse, [])]
        return [node]

    # -- loops -----------------------------------------------------------------------------------

    def _loop(self, node: Any) -> list[Any]:
        outer, orelse = self.flags, node.orelse
        self.flags = {**outer, BREAK: self.fresh("break_"), CONTINUE: self.fresh("continue_")}
        self.made += [self.flags[BREAK], self.flags[CONTINUE]]
        body, jumps = self.block(node.body)
        before = [assigned(self.flags[BREAK], ast.Constant(False))] if BREAK in jumps else []
        first = [assigned(self.flags[CONTINUE], ast.Constant(False))]
        node.body = first + body if CONTINUE in jumps else body
        node.orelse = []
        leaving = jumps & {RETURN, BREAK}
        self._until(node, leaving)
        guard = [ast.If(self.goes_on(leaving), orelse, [])] if orelse and leaving else orelse
        self.flags = outer
        return [*before, node, *self.block(guard)[0]]

    def _until(self, node: Any, leaving: set[str]) -> None:
        """Let a loop end after a jump out of it."""
        node.extra_test = None
        if leaving and isinstance(node, ast.While):
            node.test = ast.BoolOp(ast.And(), [self.goes_on(leaving), node.test])
        elif leaving:
            node.extra_test = self.goes_on(leaving)


def _into_branch(node: Any, rest: list[Any]) -> bool:
    """Whether the rest of a block has become a part of the branch of an `if` that reaches it."""
    if _ends(node.body):
        node.orelse = node.orelse if _ends(node.orelse) else node.orelse + rest
        return True
    if _ends(node.orelse):
        node.body = node.body + rest
        return True
    return False


def _without(names: set[str], block: list[Any]) -> list[Any]:
    """A block without the assignments of flags that nothing asks for."""
    whole = ast.Module(block, [])
    for node in ast.walk(whole):
        for field in ("body", "orelse", "finalbody"):
            found = getattr(node, field, None)
            if isinstance(found, list) and any(_sets(each, names) for each in found):
                kept = [each for each in found if not _sets(each, names)]
                setattr(node, field, kept or ([] if field == "orelse" else [ast.Pass()]))
    return whole.body


def _sets(node: Any, names: set[str]) -> bool:
    return isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) in names
