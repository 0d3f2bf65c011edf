"""Writes what TensorFlow 1.15.5 gives for every row of tests/cases*.py into cases.json.

With Python 3.7 and the packages of goldens/record.py, from the root of the repository:
    python tests/goldens/record_cases.py           # every row: minutes
    python tests/goldens/record_cases.py --new     # rows that are not there, or have other inputs
    python tests/goldens/record_cases.py GatherV2  # only show those named so

Here `minitf`, which the rows import, is TensorFlow: its modules stand in for minitf's, and the
registry makes TensorFlow's op of the type that it is asked for.
"""

import glob
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import pkgutil
import sys
import types

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path.insert(0, TESTS)

from goldens.record import compact, quiet_tensorflow, write  # noqa: E402
from goldens.rows import Absent, fingerprint, observed  # noqa: E402

GOLDEN = os.path.join(HERE, "cases.json")


# -- minitf, played by TensorFlow -----------------------------------------------------------------


class Namespace(types.ModuleType):
    """A module of minitf: what TensorFlow has under its names, and Missing for the rest."""

    def __init__(self, name, reals):
        super().__init__(name)
        self.__path__, self._reals = [], reals

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        for real in self._reals:
            value = getattr(real, name, self)
            if isinstance(value, types.ModuleType) and value is not self:
                return Namespace(name, [value])
            if value is not self:
                return value
        return Missing(name)


class Missing:
    """What TensorFlow does not have: rows that use it cannot be built."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Missing(self._name + "." + name)

    def __call__(self, *_, **__):
        raise Absent("no " + self._name)


class Registry:
    """Stands for minitf's: REGISTRY[type](*inputs, **attributes)."""

    def __getitem__(self, type):
        return lambda *inputs, **attrs: apply(type, inputs, attrs)


def apply(type, inputs, attrs):
    """TensorFlow's op of this type; several inputs go to the input that is a list."""
    from tensorflow.python.framework import op_def_library, op_def_registry, ops

    definition = op_def_registry.get_registered_ops().get(type)
    if definition is None:
        raise Absent("no op " + type)
    library = op_def_library.OpDefLibrary()
    library.add_op_list(op_list_of(definition))
    given = {key: list(v) if isinstance(v, tuple) else v for key, v in attrs.items()}
    given.update(named(definition.input_arg, list(inputs), given))
    for argument in definition.input_arg:
        given.pop(argument.number_attr, None)  # the lists tell it
    made = library.apply_op(type, **dict(defaults(definition), **given))
    if isinstance(made, ops.Tensor):
        return made
    return list((made if isinstance(made, ops.Operation) else tensor_in(made).op).outputs)


def tensor_in(made):
    """The first tensor of lists, perhaps of lists."""
    return tensor_in(made[0]) if isinstance(made, (list, tuple)) else made


def op_list_of(definition):
    from tensorflow.core.framework import op_def_pb2

    found = op_def_pb2.OpList()
    found.op.add().CopyFrom(definition)
    return found


def defaults(definition):
    """Those of the attributes that the inputs do not tell."""
    from tensorflow.python.framework import dtypes

    told = {
        key
        for argument in definition.input_arg
        for key in (argument.type_attr, argument.number_attr, argument.type_list_attr)
    }
    found = {}
    for attr in definition.attr:
        if attr.name not in told and attr.HasField("default_value"):
            kind = attr.default_value.WhichOneof("value")
            value = getattr(attr.default_value, kind)
            if kind == "list":
                value = [item for _, items in value.ListFields() for item in items]
            found[attr.name] = dtypes.as_dtype(value) if kind == "type" else value
    return found


def named(arguments, inputs, attrs):
    """{name: input}; attributes may say how many are of which list."""
    found = {}
    for n, argument in enumerate(arguments):
        if not inputs:
            break  # the others are named among the attributes
        is_list = argument.number_attr or argument.type_list_attr
        if is_list and not isinstance(inputs[0], (list, tuple)):
            taken = max(len(inputs) - (len(arguments) - n - 1), 1)
            taken = attrs.get(argument.number_attr, taken)
            found[argument.name], inputs = inputs[:taken], inputs[taken:]
        else:
            found[argument.name], inputs = inputs[0], inputs[1:]
    if inputs:
        raise TypeError("too many inputs")
    return found


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports minitf and all its modules."""

    def __init__(self, tf, generated):
        self.tf, self.generated = tf, generated

    def find_spec(self, name, path=None, target=None):
        if name == "minitf" or name.startswith("minitf."):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        if spec.name == "minitf.core.op":
            module = types.ModuleType(spec.name)
            module.REGISTRY = Registry()
            return module
        real = self.tf
        for part in spec.name.split(".")[1:]:
            real = getattr(real, part, None)
        reals = [] if real is None else [real]
        return Namespace(spec.name, reals if spec.name == "minitf" else reals + self.generated)

    def exec_module(self, module):
        pass


def generated():
    """TensorFlow's modules with a function for each op, public or not."""
    path = importlib.import_module("tensorflow.python.ops").__path__
    names = [name for _, name, _ in pkgutil.iter_modules(path) if name.startswith("gen_")]
    return [importlib.import_module("tensorflow.python.ops." + name) for name in sorted(names)]


class NoPytest(types.ModuleType):
    """Rows play no scenes here, which is all that they need it for."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return NoPytest(name)

    def __call__(self, *_, **__):
        return lambda function: function


# -- the table ------------------------------------------------------------------------------------


def table(tf):
    """Every row, by name."""
    sys.meta_path.insert(0, Finder(tf, generated()))
    sys.modules.setdefault("pytest", NoPytest("pytest"))
    from cases import CASES

    for path in sorted(glob.glob(os.path.join(TESTS, "cases_*.py"))):
        importlib.import_module(os.path.basename(path)[:-3])
    found = {case.name: case for case in CASES}
    assert len(found) == len(CASES), "two rows have one name"
    return found


def by_xla(build, places):
    """The fetches, compiled: XLA has layouts and dilations that TensorFlow's kernels lack."""
    from tensorflow.python.compiler.xla import xla

    made = xla.compile(build, places)
    return made if isinstance(made, (list, tuple)) else [made]


def lacks(found):
    """What a row could not be asked."""
    for precision in ("given", "narrow"):
        for part in (found.get(precision, {}), found.get(precision, {}).get("gradients")):
            if part and "raises" in part:
                yield "{} {raises} {why}".format(precision, **part)


def recorded():
    with open(GOLDEN) as file:
        return json.load(file)


def is_new(case, golden):
    inputs = json.loads(json.dumps([fingerprint(np.asarray(value)) for value in case.inputs]))
    return case.name not in golden or inputs != golden[case.name]["inputs"]


def main(part=""):
    tf = quiet_tensorflow()
    rows = table(tf)
    known = recorded() if part == "--new" else {}
    golden = {name: found for name, found in known.items() if name in rows}
    for name, case in rows.items():
        if is_new(case, known) if part == "--new" else part in name:
            golden[name] = observed(case, tf, by_xla)
            if part:
                print(name, compact(golden[name]))
    if part in ("", "--new"):
        write(golden, GOLDEN)
    print(len(golden), "rows, of which TensorFlow cannot run or differentiate:")
    for name, found in golden.items():
        for lack in lacks(found):
            print(" ", name, lack)


if __name__ == "__main__":
    main(*sys.argv[1:])
