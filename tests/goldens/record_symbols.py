"""Records the public names of TensorFlow 1.15.5: with signatures into symbols.json, for
docs/symbols.py and its test; the bare names into minitf/names_of_1_15.txt, for error messages.

As record.py, under Python 3.7, from the root of the repository:
    python tests/goldens/record_symbols.py
"""

import __future__

import enum
import functools
import inspect
import json
import os
import sys
import types
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "symbols.json")
NAMES = os.path.join(HERE, "..", "..", "minitf", "names_of_1_15.txt")
# The same names over again, and the names of the kernels.
MIRRORS = {"compat.v1", "compat.v2", "contrib.keras"}
# Packages of tf.contrib that do not hide what they import themselves.
OPEN = {"deprecated", "grid_rnn", "labeled_tensor", "quantization", "slim", "specs", "testing"}
# Of their classes the members are not written down.
WITHOUT_MEMBERS = ("contrib", "keras", "estimator", "lite", "tpu", "distribute", "feature_column")
PUBLIC = {"app.flags", "contrib", "contrib.framework.nest", "estimator", "flags", "keras"}
PUBLIC |= {"contrib.slim." + name for name in ("layers", "losses", "metrics", "nets", "utils")}
PLAIN = (type(None), bool, int, float, complex, str, bytes)


def namespaces(tf):
    """The public modules, by path; a module that stands at two paths is there twice."""
    found, waiting = {}, [("", tf, ())]
    while waiting:
        path, module, above = waiting.pop()
        found[path] = module
        for name, value in members(module):
            below = path + "." + name if path else name
            if is_public(below, value) and below not in MIRRORS and module not in above:
                waiting.append((below, value, (*above, module)))
    return found


def is_public(path, module):
    if not isinstance(module, types.ModuleType):
        return False
    name = full_name(module)
    if path in PUBLIC:
        return True
    if not path.startswith("contrib."):
        return ".api." in name or "._api." in name
    if path.count(".") == 1 or path.rpartition(".")[0] == "contrib.slim.nets":
        return True
    if "python" in path.split("."):
        return False
    package = ".".join(path.split(".")[:2])
    kept = path.count(".") == 2 and package.split(".")[1] not in OPEN - {"slim"}
    return name == "tensorflow." + path or (kept and name.startswith("tensorflow." + package + "."))


def full_name(module):
    return module.__name__.replace("tensorflow_core", "tensorflow")


def members(module):
    for name in sorted(dir(module)):
        if not name.startswith("_"):
            try:
                yield name, getattr(module, name)
            except (AttributeError, ImportError):
                print("not importable here:", module.__name__, name)


def symbols(tf):
    """Everything public that is no module, by path."""
    found = {}
    for path, module in namespaces(tf).items():
        for name, value in members(module):
            if not isinstance(value, types.ModuleType) and not is_foreign(path, module, value):
                found[path + "." + name if path else name] = value
    return found


def is_foreign(path, module, value):
    """Whether a module of tf.contrib only uses this, having it imported."""
    if isinstance(value, __future__._Feature):
        return True
    where = (getattr(value, "__module__", None) or "").replace("tensorflow_core", "tensorflow")
    if not path.startswith("contrib."):
        return False
    if path.count(".") > 1 and ".python." in full_name(module) + ".":
        return not where.startswith(full_name(module))
    return path.split(".")[1] in OPEN and "contrib" not in where


def signature(function, skip=0):
    """`(x, axis=None)`, without annotations; None where Python cannot tell."""
    try:
        parameters = list(inspect.signature(function).parameters.values())[skip:]
    except (TypeError, ValueError):
        return None
    plain = [each.replace(annotation=each.empty, default=shown(each.default))
             for each in parameters]  # fmt: skip
    return str(inspect.Signature(plain))


class Shown:
    """A default as it is to be read."""

    def __init__(self, text):
        self._text = text

    def __repr__(self):
        return self._text


def shown(value):
    if value is inspect.Parameter.empty:
        return value
    if isinstance(value, enum.Enum):
        return Shown(str(value))
    if isinstance(value, PLAIN) or (isinstance(value, (list, tuple)) and is_plain(value)):
        return value
    if type(value).__name__ == "DType":
        return Shown("tf." + value.name)
    kinds = (type, types.FunctionType, types.BuiltinFunctionType)
    named = isinstance(value, kinds) or type(value).__name__ == "OpDef"
    return Shown(value.__name__ if named else "<" + type(value).__name__ + ">")


def is_plain(values):
    return all(isinstance(value, PLAIN) for value in values)


def of_class(cls):
    """The signature of what makes an instance."""
    if hasattr(cls, "DESCRIPTOR"):
        fields = [field.name + "=None" for field in cls.DESCRIPTOR.fields]
        return "(*, " + ", ".join(fields) + ")"
    makes = cls.__new__ if cls.__init__ is object.__init__ else cls.__init__
    return "()" if makes is object.__new__ else signature(makes, skip=1)


def described(value):
    if isinstance(value, type):
        return "class " + (of_class(value) or "(?)")
    if inspect.isroutine(value) or isinstance(value, functools.partial):
        return signature(value) or "(?)"
    return type(value).__name__


def methods(cls, public):
    """What a class has itself, or has from a class that is not public, by name."""
    for name in dir(cls):
        owner = next((base for base in cls.__mro__ if name in vars(base)), cls)
        ours = owner.__module__.startswith(("tensorflow", "tensorboard")) and name[0] != "_"
        if ours and (owner is cls or owner not in public) and not hasattr(cls, "DESCRIPTOR"):
            yield name, inspect.getattr_static(cls, name)


def described_method(value):
    if isinstance(value, (staticmethod, classmethod)):
        return signature(value.__func__, skip=isinstance(value, classmethod)) or "(?)"
    if inspect.isfunction(value):
        return signature(value, skip=1) or "(?)"
    return "property" if isinstance(value, property) else type(value).__name__


def recorded(found):
    """Path -> kind and signature; `= path` for another's name, `path#name` for members."""
    golden, first = {}, {}
    public = {value for value in found.values() if isinstance(value, type)}
    for path in sorted(found, key=lambda path: (path.startswith("contrib"), path.count("."), path)):
        value = found[path]
        if callable(value) and id(value) in first:
            golden[path] = "= " + first[id(value)]
        else:
            first[id(value)] = path
            golden[path] = described(value)
            if isinstance(value, type) and not path.startswith(WITHOUT_MEMBERS):
                for name, member in methods(value, public):
                    golden[path + "#" + name] = described_method(member)
    return golden


def write_names(paths):
    """One namespace a line: `nn: avg_pool bias_add ...`."""
    by_namespace = {}
    for path in paths:
        namespace, _, name = path.rpartition(".")
        by_namespace.setdefault(namespace, []).append(name)
    with open(NAMES, "w") as out:
        for namespace in sorted(by_namespace):
            out.write(namespace + ": " + " ".join(sorted(by_namespace[namespace])) + "\n")


def write(golden, path):
    lines = [json.dumps(name) + ": " + json.dumps(golden[name]) for name in sorted(golden)]
    with open(path, "w") as out:
        out.write("{\n" + ",\n".join(lines) + "\n}\n")


def main():
    import tensorflow as tf
    import tensorflow.contrib.slim.nets

    sys.setrecursionlimit(10000)
    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    found = symbols(tf)
    golden = recorded({path: found[path] for path in found if not path.startswith("raw_ops.")})
    write(golden, GOLDEN)
    write_names(found)
    print("recorded", len(golden), "names")


if __name__ == "__main__":
    main()
