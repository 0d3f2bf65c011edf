"""A function built anew, so that `if` asks branching.py: its source is parsed and rewritten."""
import ast
import copy
import functools
import inspect
import textwrap
import types

from minitf.keras.engine import branching

_HELPER = "_branching"  # the name of the module `branching` in the code that is written
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_STAYS = (
    ast.Break, ast.Continue, ast.Yield, ast.YieldFrom, ast.Await, ast.Delete, ast.Global,
    ast.Nonlocal, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom,
    ast.NamedExpr,
)  # fmt: skip


def branching_method(method):
    """The bound method with `if` of tensors; itself where there is no source, or nothing to do."""
    made = _branching(method.__func__)
    return method if made is None else types.MethodType(made, method.__self__)


@functools.lru_cache(maxsize=1024)
def _branching(function):
    """The function rewritten, None where that is not to be."""
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
    except (OSError, TypeError, SyntaxError):
        return None
    asks = any(isinstance(node, (ast.If, ast.IfExp)) for node in ast.walk(tree))
    if not isinstance(tree, ast.FunctionDef) or tree.decorator_list or not asks:
        return None
    ast.increment_lineno(tree, first - 1)
    code = function.__code__
    _Rewriter(code.co_varnames + code.co_cellvars).rewrite(tree)
    return _function(tree, function)


def _function(tree, function):
    """The function of a definition that stands for that of `function`."""
    code = function.__code__
    names = [*code.co_freevars, _HELPER]
    around = ast.parse(f"def around({', '.join(names)}): pass")
    around.body[0].body = [tree]
    module = compile(ast.fix_missing_locations(around), code.co_filename, "exec")
    made = _constant(_constant(module, "around"), tree.name)
    cells = dict(zip(code.co_freevars, function.__closure__ or ()))
    cells[_HELPER] = types.CellType(branching)
    found = types.FunctionType(
        made, function.__globals__, function.__name__, function.__defaults__,
        tuple(cells[name] for name in made.co_freevars),
    )  # fmt: skip
    found.__kwdefaults__ = function.__kwdefaults__
    return found


def _constant(code, name):
    return next(c for c in code.co_consts if isinstance(c, types.CodeType) and c.co_name == name)


class _Rewriter(ast.NodeTransformer):
    """Rewrites the statements of one function whose names are `names`."""

    def __init__(self, names):
        self.names, self.count = set(names), 0

    def rewrite(self, tree):
        """Rewrite a definition in place."""
        self.tree = tree
        tree.body = self._block(tree.body, may_return=True)
        known = {arg.arg for arg in ast.walk(tree.args) if isinstance(arg, ast.arg)}
        missing = sorted(self.names - known)
        if missing and self.count:  # a name of `nonlocal` has to be one of the function
            unused = "; ".join(f"{name} = None" for name in missing)
            tree.body.insert(0, ast.parse(f"if False: {unused}").body[0])

    def _block(self, statements, may_return=False):
        done = []
        for place, statement in enumerate(statements):
            if not isinstance(statement, ast.If) or _has(statement, _STAYS):
                done.append(self._inside(statement))
            elif not _has(statement, ast.Return):
                done += self._to_do(statement)
            elif may_return:
                return done + self._to_return(statement, statements[place + 1 :])
            else:
                done.append(statement)
        return done

    def _inside(self, statement):
        """A statement of another kind, with what is in it rewritten."""
        if isinstance(statement, _INNER):
            return statement
        for field in ("body", "orelse", "finalbody"):
            if isinstance(getattr(statement, field, None), list):
                setattr(statement, field, self._block(getattr(statement, field)))
        return self._expressions(statement)

    def _expressions(self, statement):
        for field, value in ast.iter_fields(statement):
            if isinstance(value, ast.expr):
                setattr(statement, field, self.visit(value))
        return statement

    # -- statements --------------------------------------------------------------------------

    def _to_do(self, statement):
        """The statements for an `if` that goes on behind it."""
        kept = sorted(self._stored(statement) & self._read_outside(statement))
        body, orelse = self._block(statement.body), self._block(statement.orelse)
        args = self._branches(statement, body, orelse, kept)
        names = ast.List([ast.Constant(name) for name in kept], ast.Load())
        asked = ast.Expr(_call("choose_to_do", names, _asked(self, statement.test), *args[1]))
        return [*args[0], ast.copy_location(asked, statement)]

    def _to_return(self, statement, rest):
        """The statements for an `if` that returns, and what comes behind it."""
        kept = sorted(set().union(*map(self._stored, [statement, *rest])))
        sides = [
            self._block(side if _ends(side) else side + copy.deepcopy(rest), True)
            for side in (statement.body, statement.orelse)
        ]
        definitions, args = self._branches(statement, *sides, kept)
        asked = ast.Return(_call("choose_to_return", _asked(self, statement.test), *args))
        return [*definitions, ast.copy_location(asked, statement)]

    def _stored(self, statement):
        """The names of the function that a statement gives values."""
        return self.names & {
            node.id for node in _walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }  # fmt: skip

    def _read_outside(self, statement):
        """The names that are read in the function, but not only in this statement."""
        inside = {id(node) for node in ast.walk(statement)}
        return {
            node.id for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
            and id(node) not in inside
        }  # fmt: skip

    def _branches(self, statement, body, orelse, names):
        """(definitions, names of them): two branches, and what gets and puts names."""
        self.count += 1
        number, shared = self.count, [ast.Nonlocal(names)] if names else []
        reads = ", ".join(f"{_HELPER}.value_of(lambda: {name})" for name in names)
        made = []
        for kind, block in (("body", body), ("orelse", orelse)):
            made.append(_definition(f"_{kind}_{number}", "", [*shared, *(block or [ast.Pass()])]))
        made.append(_definition(f"_get_{number}", "", ast.parse(f"return [{reads}]").body))
        put = ast.parse(f"[{', '.join(names)}] = values").body
        made.append(_definition(f"_put_{number}", "values", [*shared, *put]))
        names = [ast.Name(each.name, ast.Load()) for each in made]
        return [ast.copy_location(each, statement) for each in made], names

    # -- expressions -------------------------------------------------------------------------

    def visit_IfExp(self, node):
        sides = _later(self.visit(node.body)), _later(self.visit(node.orelse))
        return ast.copy_location(_call("choose", _asked(self, node.test), *sides), node)

    def visit_Lambda(self, node):
        return node


def _asked(rewriter, test):
    """A test, with `not`, `and` and `or` of tensors."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return ast.copy_location(_call("negated", _asked(rewriter, test.operand)), test)
    if isinstance(test, ast.BoolOp):
        name = "both" if isinstance(test.op, ast.And) else "either"
        parts = [_later(_asked(rewriter, value)) for value in test.values]
        return ast.copy_location(_call(name, *parts), test)
    return rewriter.visit(test)


def _call(name, *args):
    helper = ast.Attribute(ast.Name(_HELPER, ast.Load()), name, ast.Load())
    return ast.Call(helper, list(args), [])


def _later(expression):
    """`lambda: expression`."""
    made = ast.parse("lambda: 0", mode="eval").body
    made.body = expression
    return made


def _definition(name, parameter, body):
    made = ast.parse(f"def {name}({parameter}): pass").body[0]
    made.body = body
    return made


def _walk(statement):
    """The nodes of a statement, without those of functions in it."""
    pending = [statement]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, _INNER):
            pending += ast.iter_child_nodes(node)


def _has(statement, kinds):
    return any(isinstance(node, kinds) for node in _walk(statement))


def _ends(statements):
    """Whether a block always returns or raises."""
    last = statements[-1] if statements else None
    if isinstance(last, ast.If):
        return _ends(last.body) and _ends(last.orelse)
    return isinstance(last, (ast.Return, ast.Raise))
