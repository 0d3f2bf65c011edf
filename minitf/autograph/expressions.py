"""`and`, `or`, `not`, `a if b else c` and calls as operators, and, where it is asked for, `==`,
`assert` and lists."""
from __future__ import annotations

import ast
from typing import Any

from minitf.autograph.options import Feature
from minitf.autograph.trees import later, load, located, operator

_IN_PLACE = (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)  # they mean the function around
_AS_THEY_ARE = ("print", "pdb.set_trace", "ipdb.set_trace", "breakpoint")


class Expressions(ast.NodeTransformer):
    """Replaces expressions of a function; `inner` converts the functions in it."""

    def __init__(self, function: Any, features: Any, inner: Any) -> None:
        arguments = [*function.args.posonlyargs, *function.args.args]
        self.first = arguments[0].arg if arguments else None
        self.features, self.inner = features, inner

    def uses(self, feature: Feature) -> bool:
        return bool(self.features & {feature, Feature.ALL})

    def visit(self, node: Any) -> Any:
        made = super().visit(node)
        return located([made], node)[0] if isinstance(made, ast.AST) else made

    def visit_FunctionDef(self, node: Any) -> Any:
        return self.generic_visit(node) if hasattr(node, "is_made") else self.inner(node)

    def _left(self, node: Any) -> Any:
        return node

    visit_AsyncFunctionDef = visit_ClassDef = _left

    def visit_With(self, node: Any) -> Any:
        node.body = [self.visit(each) for each in node.body]
        return node

    # -- logic -----------------------------------------------------------------------------------

    def visit_BoolOp(self, node: Any) -> Any:
        self.generic_visit(node)
        if any(isinstance(each, _IN_PLACE) for each in ast.walk(node)):
            return node
        name = "and_" if isinstance(node.op, ast.And) else "or_"
        *firsts, found = node.values
        for value in reversed(firsts):
            found = operator(name, later(value), later(found))
        return found

    def visit_UnaryOp(self, node: Any) -> Any:
        self.generic_visit(node)
        return operator("not_", node.operand) if isinstance(node.op, ast.Not) else node

    def visit_IfExp(self, node: Any) -> Any:
        self.generic_visit(node)
        if any(isinstance(each, _IN_PLACE) for each in ast.walk(node)):
            return node
        return operator("if_exp", node.test, later(node.body), later(node.orelse))

    def visit_Compare(self, node: Any) -> Any:
        self.generic_visit(node)
        if not self.uses(Feature.EQUALITY_OPERATORS):
            return node
        found, left = None, node.left
        for sign, right in zip(node.ops, node.comparators):
            one = _compared(left, sign, right)
            found = one if found is None else operator("and_", later(found), later(one))
            left = right
        return found

    def visit_Assert(self, node: Any) -> Any:
        self.generic_visit(node)
        if not self.uses(Feature.ASSERT_STATEMENTS):
            return node
        message = node.msg or ast.Constant("Assertion error")
        return ast.Expr(operator("assert_stmt", node.test, later(message)))

    # -- calls -----------------------------------------------------------------------------------

    def visit_Call(self, node: Any) -> Any:
        name = ast.unparse(node.func)
        self.generic_visit(node)
        if name == "super" and not node.args and self.first is not None:
            node.args = [load("__class__"), load(self.first)]
        prints = name == "print" and self.uses(Feature.BUILTIN_FUNCTIONS)
        if name.startswith("ag__.") or (name in _AS_THEY_ARE and not prints):
            return node
        node.func = operator("converted", node.func)
        return node


def _compared(left: Any, sign: Any, right: Any) -> Any:
    names = {ast.Eq: "eq", ast.NotEq: "not_eq"}
    if type(sign) in names:
        return operator(names[type(sign)], left, right)
    return ast.Compare(left, [sign], [right])
