"""`imp`, of before Python 3.12: modules made by hand, read anew, or from a file."""
import importlib.machinery
import importlib.util
import sys
from importlib import reload  # noqa: F401
from types import ModuleType as new_module  # noqa: F401

PY_SOURCE, PY_COMPILED, C_EXTENSION, PKG_DIRECTORY = 1, 2, 3, 5


def load_source(name, pathname, file=None):
    """Run a file as the module of this name, and return that."""
    spec = importlib.util.spec_from_file_location(name, pathname)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def find_module(name, path=None):
    """(open file, path, (suffix, mode, kind)) of a module on `path`, or on Python's own.

    Raises ImportError where there is none.
    """
    spec = importlib.machinery.PathFinder.find_spec(name, path)
    if spec is None or spec.origin is None:
        raise ImportError(f"No module named {name!r}", name=name)
    if spec.submodule_search_locations:
        return None, spec.submodule_search_locations[0], ("", "", PKG_DIRECTORY)
    if not spec.origin.endswith(".py"):
        return open(spec.origin, "rb"), spec.origin, (".so", "rb", C_EXTENSION)
    return open(spec.origin), spec.origin, (".py", "r", PY_SOURCE)


def load_module(name, file, filename, details):
    """The module that `find_module` has found."""
    _, _, kind = details
    return load_source(name, f"{filename}/__init__.py" if kind == PKG_DIRECTORY else filename)
