"""Small modules of `tensorflow.python.util`: `deprecation`, `all_util`, `lazy_loader`,
`tf_contextlib`, `tf_export`, `serialization`; `summary_op_util`."""
from __future__ import annotations

import collections.abc as collections_abc  # noqa: F401  a name of compat
import importlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager as _contextmanager
from types import ModuleType
from typing import Any

import minitf as tf
from minitf.as_tensorflow.modules.decorators import make_decorator

_REFERENCE = re.compile(r"^ *@@(\w+) *$", re.MULTILINE)
DEPRECATION = ("deprecated", "deprecated_args", "deprecated_arg_values")


def __getattr__(name: str) -> Any:
    if name in DEPRECATION:
        return getattr(tf.contrib.framework, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)


@_contextmanager
def silence() -> Iterator[None]:
    """No warning that something is deprecated is logged inside."""
    level = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.ERROR)
    try:
        yield
    finally:
        tf.logging.set_verbosity(level)


def deprecated_argument_lookup(
    new_name: str, new_value: Any, old_name: str, old_value: Any
) -> Any:
    """The value given under the new name, or under the old one. ValueError for both."""
    if old_value is None:
        return new_value
    if new_value is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'")
    return old_value


def contextmanager(target: Callable[..., Any]) -> Callable[..., Any]:
    """`contextlib.contextmanager`, whose function `tf_decorator.unwrap` finds."""
    return make_decorator(target, _contextmanager(target), "contextmanager")


def make_all(module_name: str, doc_string_modules: Any = None) -> list[str]:
    """The names of a module that its text, or that of these modules, mentions as `@@name`."""
    module = sys.modules[module_name]
    texts = [each.__doc__ or "" for each in doc_string_modules or [module]]
    said = {name for text in texts for name in _REFERENCE.findall(text)}
    return sorted(said & set(dir(module)))


def remove_undocumented(
    module_name: str,
    allowed_exception_list: Iterable[str] | None = None,
    doc_string_modules: Any = None,
) -> None:
    """Take from a module the public names that its text does not mention and are not allowed."""
    module = sys.modules[module_name]
    kept = {*make_all(module_name, doc_string_modules), *(allowed_exception_list or ())}
    for name in [each for each in vars(module) if not each.startswith("_")]:
        if name not in kept:
            delattr(module, name)


class LazyLoader(ModuleType):
    """A module that is imported when something of it is asked for."""

    def __init__(self, local_name: str, parent_module_globals: dict[str, Any], name: str) -> None:
        super().__init__(name)
        self._local_name, self._parent = local_name, parent_module_globals

    def _load(self) -> ModuleType:
        module = importlib.import_module(self.__name__)
        self._parent[self._local_name] = module
        self.__dict__.update(module.__dict__)
        return module

    def __getattr__(self, item: str) -> Any:
        return getattr(self._load(), item)

    def __dir__(self) -> Iterable[str]:
        return dir(self._load())


class tf_export:
    """Decorator that says under which public names something is; it stays what it is."""

    def __init__(self, *args: str, **kwargs: Any) -> None:
        self._names = args

    def __call__(self, func: Any) -> Any:
        return func

    def export_constant(self, module_name: str, name: str) -> None:
        """Nothing: a constant has no public name but its own."""


keras_export = estimator_export = tf_export


def skip_summary() -> bool:
    """False, of summary_op_util: a replica leaves summaries to the first one, and there is one."""
    return False


def get_json_type(obj: Any) -> Any:
    """What stands for an object in JSON, where JSON has not its type. TypeError where none does."""
    if hasattr(obj, "get_config"):
        return {"class_name": type(obj).__name__, "config": obj.get_config()}
    if type(obj).__module__ == "numpy":
        return obj.tolist() if hasattr(obj, "tolist") else obj.item()
    if callable(obj):
        return obj.__name__
    if isinstance(obj, tf.Dimension):
        return obj.value
    if isinstance(obj, tf.TensorShape):
        return obj.as_list()
    if isinstance(obj, tf.DType):
        return obj.name
    raise TypeError("Not JSON Serializable:", obj)


def _is_namedtuple(instance: Any, strict: bool = False) -> bool:  # of nest
    """Whether it is one; with `strict`, of its class itself and none that derives from it."""
    kind = type(instance)
    is_one = isinstance(instance, tuple) and hasattr(kind, "_fields")
    return is_one and (not strict or kind.__bases__ == (tuple,))
