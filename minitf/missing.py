"""What a program is told that asks for a name that is not there: what TensorFlow 1.15 has under
it, what minitf has that is near.

Nothing here is read before such an error.
"""
from __future__ import annotations

import functools
import importlib
import os
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any

# One namespace of TensorFlow 1.15.5 a line, such as `nn: avg_pool bias_add ...`.
RECORDED = os.path.join(os.path.dirname(__file__), "names_of_1_15.txt")
INTERNAL = ("minitf.core", "minitf.ops", "minitf.runtime", "minitf.backend", "minitf.autodiff",
            "minitf.session", "minitf.missing")  # fmt: skip

# Modules of TensorFlow 1.15 that a program has to import: they are no names of tf.contrib.
UNLISTED = {"all_reduce", "bigtable", "boosted_trees", "decision_trees", "fused_conv", "hadoop",
            "hooks", "ignite", "kafka", "kinesis", "libsvm", "meta_graph_transform",
            "nearest_neighbor", "quantization", "reduce_slice_ops", "session_bundle",
            "text"}  # fmt: skip
INSTEAD = {"boosted_trees": "estimator.BoostedTreesClassifier"}
# What to do without modules that have nothing near.
WITHOUT = {
    "python.tpu.": "minitf runs on CPUs and GPUs, not on TPUs.",
    "python.debug.": "minitf has not the debugger of TensorFlow. The values and gradients of a run "
    "are in minitf.explain.flow(loss, feed_dict); tf.add_check_numerics_ops() finds the first "
    "operation that gives NaN or infinity; Python's own debugger steps through the program that "
    "session.source(...) shows.",
    "tools.graph_transforms": "minitf has not the transforms of graphs that TensorFlow wrote in "
    "C++. tf.graph_util has those written in Python: convert_variables_to_constants, "
    "extract_sub_graph, remove_training_nodes.",
}


class Asking:
    """The `__getattr__` of a namespace: what it had of one, then former names, then an error."""

    def __init__(self, namespace: ModuleType, found: Any) -> None:
        self._namespace, self._found = namespace, found

    def __call__(self, name: str) -> Any:
        if name.startswith("_"):
            return _no_attribute(self._namespace, name)
        value = self._on_demand(name)
        if value is None:
            value = _former().find(_path(self._namespace, name))
        if value is None:
            raise AttributeError(
                f"module {self._namespace.__name__!r} has no attribute {name!r}. "
                f"{about(_path(self._namespace), name)}", name=name, obj=None,
            )  # fmt: skip
        return value

    def _on_demand(self, name: str) -> Any:
        try:
            value = self._found(self._namespace, name)
        except AttributeError:
            return None
        if isinstance(value, ModuleType):
            explain(value)
        return value


class Namespace(ModuleType):
    """A namespace that imports others on demand: these tell what they know of names, too."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if isinstance(value, ModuleType):
            explain(value)


def explain(namespace: ModuleType) -> None:
    """From now on this namespace, and those in it, tell what they know of names they have not."""
    found = vars(namespace).get("__getattr__")
    if isinstance(found, Asking) or not namespace.__name__.startswith("minitf"):
        return
    own = _no_attribute if found is None else lambda _, name: found(name)
    namespace.__getattr__ = Asking(namespace, own)  # type: ignore[method-assign]
    if "_ON_DEMAND" in vars(namespace):
        namespace.__class__ = Namespace
    for value in list(vars(namespace).values()):
        if isinstance(value, ModuleType) and not value.__name__.startswith(INTERNAL):
            explain(value)


def _no_attribute(namespace: ModuleType, name: str) -> Any:
    raise AttributeError(f"module {namespace.__name__!r} has no attribute {name!r}", name=name)


def about(path: str, name: str, root: str = "tf") -> str:
    """What is known of `tf.<path>.<name>`, which minitf has not; a program calls tf `root`."""
    asked = f"{path}.{name}".lstrip(".")
    near = nearest(path, name)
    return " ".join(
        ([_whether_recorded(asked, root)] if _is_recorded(asked) else [])
        + ([_what_it_is_now(asked, root)] if asked in _former().NAMES else [])
        + ([f"The nearest it has: {', '.join(f'{root}.{each}' for each in near)}."] if near else [])
    ) or _nothing_known(asked, root)


def _nothing_known(asked: str, root: str) -> str:
    without = next((WITHOUT[path] for path in WITHOUT if asked.startswith(path)), None)
    if without is not None:
        return without
    if asked.split(".")[:2] == ["compat", "v2"]:
        return (f"{root}.{asked}: {root}.compat.v2 has what TensorFlow 1.15 knew of TensorFlow 2; "
                "what is left of it is in docs/differences.md.")  # fmt: skip
    if "python" in asked.split("."):
        return "TensorFlow kept it to itself: look among the public names."
    if asked.split(".")[:1] == ["contrib"] and asked.split(".")[1] in UNLISTED:
        near = INSTEAD.get(asked.split(".")[1])
        more = f" The nearest it has: {root}.{near}." if near else ""
        return f"{root}.{asked}: TensorFlow 1.15 has it, minitf has not (yet).{more}"
    return f"Neither has TensorFlow 1.15: {root}.{asked}."


def _whether_recorded(asked: str, root: str) -> str:
    names = sum(map(len, (recorded()[each] for each in recorded() if _is_in(each, asked))))
    what = f"{root}.{asked}" + (f" ({names} names)" if names else "")
    return f"{what}: TensorFlow 1.15 has it, minitf has not (yet)."


def _what_it_is_now(asked: str, root: str) -> str:
    new = _former().NAMES[asked].new
    return f"{root}.{asked} is now {root}.{new}, which minitf has not (yet)."


def nearest(path: str, name: str) -> list[str]:
    """At most three paths that minitf has: this name elsewhere, else names like it here."""
    elsewhere = [f"{each}.{name}".lstrip(".") for each in recorded() if name in recorded()[each]]
    there = sorted(filter(_is_there, elsewhere), key=lambda each: (each.count("."), each))
    prefix = f"{path}." if path else ""
    known = _is_recorded(prefix + name) or prefix + name in _former().NAMES
    like = [] if there or known else _like(name, _names_in(path))
    return (there or [prefix + each for each in like])[:3]


def _like(name: str, names: list[str]) -> list[str]:
    import difflib  # here, because most programs never need it

    return difflib.get_close_matches(name, names, n=3, cutoff=0.6)


def _names_in(path: str) -> list[str]:
    namespace = _current(path)
    names = {each for each in dir(namespace) if not each.startswith("_")}
    names |= _files_in(getattr(namespace, "__path__", ()))
    if not path:
        names -= {each.rpartition(".")[2] for each in INTERNAL}
    return sorted(names)


def _files_in(folders: Iterable[str]) -> set[str]:
    import pkgutil

    return {module.name for module in pkgutil.iter_modules(folders)}


@functools.cache
def recorded() -> dict[str, frozenset[str]]:
    """The names of TensorFlow 1.15.5 in each of its namespaces."""
    with open(RECORDED, encoding="utf-8") as file:
        lines = [line.partition(":") for line in file]
    return {namespace: frozenset(names.split()) for namespace, _, names in lines}


def _is_recorded(path: str) -> bool:
    namespace, _, name = path.rpartition(".")
    return name in recorded().get(namespace, ()) or any(_is_in(each, path) for each in recorded())


def _is_in(namespace: str, path: str) -> bool:
    return f"{namespace}.".startswith(f"{path}.")


def _is_there(path: str) -> bool:
    """Whether minitf has `tf.<path>`, asked without raising errors that ask again."""
    found: Any = sys.modules["minitf"]
    for part in path.split("."):
        found = _member(found, part) if isinstance(found, ModuleType) else None
    return found is not None


def _member(namespace: ModuleType, name: str) -> Any:
    """What a module has under a name; what it imports on demand is imported."""
    if name in vars(namespace).get("_ON_DEMAND", ()):
        return getattr(namespace, name)
    return vars(namespace).get(name)


def _current(path: str) -> Any:
    return _former().current(path) if path else sys.modules["minitf"]


def _path(namespace: ModuleType, name: str = "") -> str:
    """`train.SummaryWriter` for that name of the module minitf.train."""
    return f"{namespace.__name__}.{name}".removeprefix("minitf").strip(".")


def _former() -> Any:
    return importlib.import_module("minitf.former_names")
