"""Lists of tensors, where they are asked for: `append` and `pop` as assignments, items and stacks.

    l = []                                              l = []
    autograph.set_element_type(l, tf.int32)             l = ag__.typed_list(l, tf.int32)
    for i in tf.range(n):                     ->        for i in tf.range(n):
        l.append(i)                                         l = ag__.list_append(l, i)
"""
from __future__ import annotations

import ast
from typing import Any

from minitf.autograph.names import FUNCTIONS, Uses
from minitf.autograph.trees import Fresh, assigned, load, located, operator, parsed


def as_assignments(function: Any, fresh: Fresh) -> None:
    """Replace what changes a list of a function by an assignment to its name."""
    given = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
    lists = _Lists(given | Uses(function.body).set, fresh)
    function.body = lists.visit(ast.Module(function.body, [])).body


class _Lists(ast.NodeTransformer):
    def __init__(self, names: set[str], fresh: Fresh) -> None:
        self.names, self.fresh = names, fresh
        self.before: list[Any] = []  # what the statement at hand needs first

    def visit(self, node: Any) -> Any:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            return node
        if not isinstance(node, ast.stmt):
            return super().visit(node)
        outer, self.before = self.before, []
        made = super().visit(node)
        found, self.before = located([*self.before, made], node), outer
        return found

    def visit_Expr(self, node: Any) -> Any:
        call = node.value
        if isinstance(call, ast.Call):
            entity = _entity(call)
            if _ends_with(call.func, "set_element_type") and self._is_own(entity):
                changed = operator("typed_list", *call.args)
                changed.keywords = call.keywords
                return assigned(entity.id, changed)
            if self._is_method(call, "append") and len(call.args) == 1:
                name = call.func.value.id
                return assigned(name, operator("list_append", load(name), self.visit(call.args[0])))
        return self.generic_visit(node)

    def visit_Assign(self, node: Any) -> Any:
        target = node.targets[0]
        items = isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice)
        if len(node.targets) > 1 or not items or not self._is_own(target.value):
            return self.generic_visit(node)
        name, value = target.value.id, self.visit(node.value)
        return assigned(name, operator("set_item", load(name), self.visit(target.slice), value))

    def visit_Call(self, node: Any) -> Any:
        self.generic_visit(node)
        if not self._is_method(node, "pop") or len(node.args) > 1:
            return node
        name, found = node.func.value.id, self.fresh("popped")
        both = parsed(f"{name}, {found} = ag__.list_pop({name})")
        both.value.args += node.args
        self.before.append(both)
        return load(found)

    def visit_Subscript(self, node: Any) -> Any:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load) or isinstance(node.slice, (ast.Slice, ast.Tuple)):
            return node
        return operator("get_item", node.value, node.slice)

    def _is_own(self, node: Any) -> bool:
        return isinstance(node, ast.Name) and node.id in self.names

    def _is_method(self, call: Any, name: str) -> bool:
        return _ends_with(call.func, name) and self._is_own(getattr(call.func, "value", None))


def _entity(call: Any) -> Any:
    """The first argument, or that of the name `entity`."""
    named = (each.value for each in call.keywords if each.arg == "entity")
    return next(iter(call.args), None) or next(named, None)


def _ends_with(function: Any, name: str) -> bool:
    return getattr(function, "attr", getattr(function, "id", None)) == name
