"""A function made anew with operators in place of control flow, and so what it calls."""
from __future__ import annotations

import ast
import functools
import inspect
import sys
import weakref
from types import CellType, CodeType, FunctionType, MethodType
from typing import Any

from minitf import logging
from minitf.autograph.blocks import as_functions
from minitf.autograph.builtins import overload
from minitf.autograph.expressions import Expressions
from minitf.autograph.jumps import lowered
from minitf.autograph.lists import as_assignments
from minitf.autograph.operators import Operators
from minitf.autograph.options import ConversionOptions, Feature
from minitf.autograph.scopes import scoped
from minitf.autograph.source import Unconvertible, compiled, tree_of
from minitf.autograph.talk import say
from minitf.autograph.tracing import call_of, is_left, is_own
from minitf.autograph.trees import Fresh, definition

_CODES: dict[Any, CodeType] = {}  # by (code, file, features)
_TREES: weakref.WeakKeyDictionary[CodeType, Any] = weakref.WeakKeyDictionary()
_LEFT: weakref.WeakSet[CodeType] = weakref.WeakSet()  # code that cannot be: that has been said
_MADE: weakref.WeakSet[CodeType] = weakref.WeakSet()  # code that has been converted


class Calls(Operators):
    """What converted code knows as `ag__`, under certain options."""

    def __init__(self, options: ConversionOptions) -> None:
        self.options = options

    def converted(self, function: Any) -> Any:
        """What is called in place of a function."""
        made = overload(function)
        if made is not function or not self.options.recursive:
            return made
        return converted(function, self.options.call_options())


@functools.cache
def _calls(options: ConversionOptions) -> Calls:
    return Calls(options)


# -- what is converted ----------------------------------------------------------------------------


def converted(function: Any, options: ConversionOptions) -> Any:
    """A callable in which tensors decide, or itself where nothing of it can, or may, be converted:
    then a warning says so."""
    if isinstance(function, functools.partial):
        inner = converted(function.func, options)
        return functools.partial(inner, *function.args, **function.keywords)
    if type(function) is MethodType:
        return _method(function, options)
    if type(function) is not FunctionType:
        return _called(function, options)
    if is_left(function) or not (options.user_requested or is_own(function)):
        return function
    if function.__code__.co_filename == "<string>":  # made by exec, or given as python -c
        return function
    try:
        return convert_function(function, options)
    except Unconvertible as error:
        if function.__code__ not in _LEFT:
            _LEFT.add(function.__code__)
            logging.warn("%s could not be transformed by AutoGraph and will be executed as-is: %s",
                         function, error)  # fmt: skip
        return function


def _method(method: MethodType, options: ConversionOptions) -> Any:
    if type(method.__self__).__name__ == "TestCase" or _is_test(method.__self__):
        return method
    made = converted(method.__func__, options)
    return method if made is method.__func__ else MethodType(made, method.__self__)


def _is_test(owner: Any) -> bool:
    unittest = sys.modules.get("unittest")
    return unittest is not None and isinstance(owner, unittest.TestCase)


def _called(function: Any, options: ConversionOptions) -> Any:
    call = call_of(function)
    if isinstance(function, type) or is_left(function) or not isinstance(call, FunctionType):
        return function
    made = converted(call, options.call_options())
    return function if made is call else MethodType(made, function)


# -- converting -----------------------------------------------------------------------------------


def _key(function: Any, options: ConversionOptions) -> Any:
    code = function.__code__
    return code, code.co_filename, options.optional_features


def convert_function(function: Any, options: ConversionOptions) -> Any:
    """A function with operators in place of control flow. Raises Unconvertible."""
    if function.__code__ in _MADE:
        return function
    key = _key(function, options)
    if key not in _CODES:
        _CODES[key] = _converted_code(function, options)
    made = _instance(function, _CODES[key], _calls(options))
    return scoped(made, function.__name__, options)


def _instance(function: Any, code: CodeType, calls: Calls) -> Any:
    """The function that is the code where `function` stands."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
    cells["ag__"] = CellType(calls)
    closure = tuple(cells[name] for name in code.co_freevars)
    made = FunctionType(code, function.__globals__, code.co_name, function.__defaults__, closure)
    made.__kwdefaults__, made.__doc__ = function.__kwdefaults__, function.__doc__
    made.__annotations__, made.__qualname__ = function.__annotations__, function.__qualname__
    made.__module__ = function.__module__
    made.__dict__.update(function.__dict__)
    return made


def _converted_code(function: Any, options: ConversionOptions) -> CodeType:
    tree = tree_of(function)
    if isinstance(tree, ast.Lambda):
        arguments, body = tree.args, ast.copy_location(ast.Return(tree.body), tree.body)
        tree = ast.copy_location(definition("lambda_", (), [body]), tree)
        del tree.is_made
        tree.args = arguments
    elif not isinstance(tree, ast.FunctionDef) or _is_generator(tree):
        raise Unconvertible("generators and coroutines are not converted")
    tree.name, tree.decorator_list, tree.returns = f"tf__{tree.name}", [], None
    for argument in ast.walk(tree.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    transform(tree, options.optional_features)
    code = compiled(tree, function)
    say(1, "Converted %s", function)
    say(2, "Compiled output of %s:\n\n%s", function, ast.unparse(tree))
    _TREES[code] = tree
    _remember(code)
    return code


def _remember(code: CodeType) -> None:
    _MADE.add(code)
    for each in code.co_consts:
        if isinstance(each, CodeType):
            _remember(each)


def transform(function: Any, features: Any) -> Any:
    """The tree of a function, changed."""

    def inner(node: Any) -> Any:
        return node if _is_generator(node) else transform(node, features)

    fresh = Fresh(function)
    if features & {Feature.LISTS, Feature.ALL}:
        as_assignments(function, fresh)
    lowered(function, fresh)
    as_functions(function, fresh)
    expressions = Expressions(function, features, inner)
    function.body = expressions.visit(ast.Module(function.body, [])).body
    return function


def _is_generator(function: Any) -> bool:
    """Whether `yield` stands in a function, and not in one inside it."""
    stack = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack += ast.iter_child_nodes(node)
    return False


def source_of(function: Any) -> str:
    """The source of a converted function."""
    return ast.unparse(_TREES[inspect.unwrap(function).__code__]) + "\n"
