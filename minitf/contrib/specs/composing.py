"""Functions of a tensor that are composed by operators: `f | g` is g(f(x)), `f ** 3` is f | f | f,
`f + g` and `f * g` are the sum and the product of what both make of x."""
import importlib
import operator
import re

_QUOTED = re.compile(r'''"([^"\\]|\\.)*"|'([^'\\]|\\.)*\'''')
_KEYWORDS = re.compile(r"\b(import|while|def|exec)\b")
_debugging = False


def debug(mode=True):
    """Print each function that is called from now on, or do not."""
    global _debugging
    _debugging = mode


def check_keywords(spec):
    """ValueError if a specification has words of more than assignments."""
    found = _KEYWORDS.search(_QUOTED.sub("", spec))
    if found:
        raise ValueError(f"keyword '{found[1]}' found in spec")


def get_positional(args, kw, kw_overrides=False):
    """(args, kw), in which `_0=`, `_1=`, ... are arguments at these places, where there is none or
    None, or in any case if they override."""
    named = {key: value for key, value in kw.items() if key[0] != "_"}
    if len(named) == len(kw):
        return args, kw
    places = {int(key[1:]): value for key, value in kw.items() if key[0] == "_"}
    args = [*args, *[None] * (max(places) + 1 - len(args))]
    for place, value in places.items():
        if kw_overrides or args[place] is None:
            args[place] = value
    return args, named


class Composable:
    """A function of a tensor, `funcall`, with operators that compose it."""

    def __or__(self, f):
        return Composition(self, f)

    def __add__(self, g):
        return Operator(operator.add, self, g)

    def __mul__(self, g):
        return Operator(operator.mul, self, g)

    def __pow__(self, n):
        assert n >= 0
        result = self if n else Function(lambda x, *args, **kw: x)
        for _ in range(n - 1):
            result = Composition(result, self)
        return result


class Callable(Composable):
    """What a function makes of the tensor."""

    def __init__(self, f):
        self.f = f

    def funcall(self, x):
        """f(x)."""
        return self.f(x)


class Operator(Composable):
    """What an operator makes of what several functions make of the tensor."""

    def __init__(self, op, *args):
        self.op, self.funs = op, args

    def funcall(self, x):
        """op(f(x), g(x), ...)."""
        return self.op(*[f.funcall(x) for f in self.funs])


class Function(Composable):
    """A function of the tensor and of other arguments: calling it only keeps these, those given
    last in front."""

    def __init__(self, f, *args, **kw):
        if not callable(f):
            raise ValueError(f"{f}: is not callable")
        self.f, self.args, self.kw = f, list(args), kw

    def __call__(self, *args, **kw):
        return Function(self.f, *args, *self.args, **{**self.kw, **kw})

    def funcall(self, x):
        """f(x, *args, **kw)."""
        args, kw = get_positional(self.args, self.kw)
        if _debugging:
            print("DEBUG:", self.f, x, args, kw)
        return self.f(x, *args, **kw)


class Composition(Composable):
    """One function after another."""

    def __init__(self, f, g):
        self.f, self.g = f, g

    def funcall(self, x):
        """g(f(x))."""
        return self.g.funcall(self.f.funcall(x))


def External(module_name, function_name):
    """A Function of one that is in a module."""
    return Function(vars(importlib.import_module(module_name))[function_name])


def Import(statements):
    """A Function of the `f` that statements of Python define."""
    names = {}
    exec(statements, names)
    if "f" not in names:
        raise ValueError(f'failed to define "f": {statements}')
    return Function(names["f"])
