"""Networks and parameters of specifications: assignments, written in Python, of words."""
import inspect
import math

from minitf.contrib.specs import layers, parameters
from minitf.contrib.specs.composing import check_keywords


def _assigned(statements, words, environment):
    check_keywords(statements)
    names = dict(environment or {})
    exec(statements, words, names)
    return names


def eval_params(params, environment=None):
    """What is assigned in `params`, such as "depth = Ui(1, 3); rate = Lf(1e-4, 1e-1)", by name,
    beside the environment. ValueError for keywords."""
    return _assigned(params, {**vars(math), **vars(parameters)}, environment)


def eval_spec(spec, environment=None):
    """What is assigned in `spec`, such as "net = Cr(64, [3, 3]) | Flat | Fs(10)", by name, beside
    the environment. ValueError for keywords."""
    return _assigned(spec, vars(layers), environment)


def create_net_fun(spec, environment=None):
    """The function of a tensor that the specification calls `net`. ValueError if there is none."""
    net = eval_spec(spec, environment).get("net")
    if net is None:
        raise ValueError(f"spec failed to create 'net': {spec}")
    return net.funcall


def create_net(spec, inputs, environment=None):
    """What the `net` of a specification makes of `inputs`."""
    return create_net_fun(spec, environment)(inputs)


class LocalImport:
    """`with LocalImport(names):` the names of a dict or module are global ones of the module that
    says so."""

    def __init__(self, names):
        self.names = names if isinstance(names, dict) else vars(names)

    def __enter__(self):
        self._bindings = inspect.currentframe().f_back.f_globals
        self.old = {name: self._bindings.get(name) for name in self.names}
        self._bindings.update(self.names)

    def __exit__(self, some_type, value, traceback):
        for name, value in self.old.items():
            if value is None:
                del self._bindings[name]
            else:
                self._bindings[name] = value


ops = LocalImport(layers)
