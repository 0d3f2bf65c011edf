"""Runs one of TensorFlow's own test files, in minitf or in TensorFlow 1.15: see `conformance`.

    python -m minitf one_test_file.py SOURCES FILE RESULTS SECONDS
    python3.7 one_test_file.py SOURCES FILE RESULTS SECONDS

RESULTS gets, for each test, "pass", "skip" or the last line of what it raised. An import of the
file that fails is told by the tests that need it, not by all of the file; helpers of tests that
neither framework installs are read from SOURCES.
"""
import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import re
import signal
import sys
import time
import traceback
import types
import unittest
import warnings

HELPER = re.compile(r"test|reference|combinations|parameterized")


class Absent:
    """What could not be imported: it says so where a test uses it, and lets the file be loaded."""

    loading = True

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(self._name + "." + name)

    def __call__(self, *arguments, **options):
        if not Absent.loading:
            raise NotImplementedError(self._name + " is not there")
        decorated = arguments[0] if len(arguments) == 1 and not options else None
        if isinstance(decorated, types.FunctionType):
            return lambda *_, **__: self()
        return decorated if isinstance(decorated, type) else self

    def __iter__(self):
        return iter(())

    def __mro_entries__(self, bases):
        classes = (each for each in bases if isinstance(each, type))
        beside = any(issubclass(each, unittest.TestCase) for each in classes)
        return () if beside else (unittest.TestCase,)


class Lenient(types.ModuleType):
    """A module of TensorFlow, as a test file has it: what it has not is Absent."""

    def __init__(self, module):
        super().__init__(module.__name__)
        self._module = module

    def __getattr__(self, name):
        try:
            return getattr(self._module, name)
        except AttributeError:
            if name.startswith("__"):
                raise
            return Absent(self._module.__name__ + "." + name)


class Helpers(importlib.abc.MetaPathFinder):
    """Modules for tests that are no part of what is installed."""

    def __init__(self, sources):
        self.sources, self.asked = sources, set()

    def find_spec(self, fullname, path=None, target=None):
        helps = fullname.startswith("tensorflow.") and HELPER.search(fullname)
        if not helps or fullname in self.asked:
            return None
        self.asked.add(fullname)
        try:
            found = importlib.util.find_spec(fullname)
        except (ImportError, AttributeError, ValueError):  # a module without a spec, say
            found = None
        self.asked.discard(fullname)
        return found or self.in_sources(fullname)

    def in_sources(self, fullname):
        place = os.path.join(self.sources, *fullname.split("."))
        if os.path.isfile(place + ".py"):
            return importlib.util.spec_from_file_location(
                fullname, place + ".py", loader=Helper(fullname, place + ".py")
            )
        if not os.path.isdir(place):
            return None
        package = importlib.machinery.ModuleSpec(fullname, None, is_package=True)
        package.submodule_search_locations = [place]
        return package


def instead(fullname):
    """A helper by its full name, which `from package import helper` has not found, or an Absent."""
    try:
        return importlib.import_module(fullname) if HELPER.search(fullname) else Absent(fullname)
    except ImportError:
        return Absent(fullname)


def lenient(value):
    known = isinstance(value, types.ModuleType) and not isinstance(value, Lenient)
    ours = known and value.__name__.split(".")[0] in ("minitf", "tensorflow", "tensorflow_core")
    return Lenient(value) if ours else value


class OneByOne(ast.NodeTransformer):
    """Each import by itself, and an Absent where it fails."""

    TRIAL = """\
try: pass
except (ImportError, AttributeError, NotImplementedError): {0} = instead({1!r})
else: {0} = lenient({0})
"""

    def visit_Import(self, node):
        if node.col_offset or getattr(node, "module", None) == "__future__":
            return node
        return [ast.copy_location(self.one(node, alias), node) for alias in node.names]

    visit_ImportFrom = visit_Import

    def one(self, node, alias):
        asked = f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
        bound = alias.asname or alias.name.split(".")[0]
        trial = ast.parse(self.TRIAL.format(bound, asked)).body[0]
        if isinstance(node, ast.ImportFrom):
            trial.body = [ast.ImportFrom(node.module, [alias], node.level)]
        else:
            trial.body = [ast.Import([alias])]
        return trial


def execute(file, module):
    with open(file) as text:
        tree = OneByOne().visit(ast.parse(text.read()))
    module.instead, module.lenient = instead, lenient
    exec(compile(ast.fix_missing_locations(tree), file, "exec"), module.__dict__)


class Helper(importlib.machinery.SourceFileLoader):
    def exec_module(self, module):
        execute(self.path, module)


class Results(unittest.TestResult):
    """Writes how each test ended, while it goes on: the file may be cut off."""

    def __init__(self, path, seconds):
        super().__init__()
        self.path, self.seconds, self.ended, self.written = path, seconds, {}, 0
        signal.signal(signal.SIGALRM, self.late)

    def late(self, *_):
        raise TimeoutError("the time of the test is over")

    def startTest(self, test):
        super().startTest(test)
        signal.alarm(self.seconds)

    def stopTest(self, test):
        signal.alarm(0)
        super().stopTest(test)

    def addSuccess(self, test):
        self.ends(test, "pass")

    def addSkip(self, test, reason):
        if reason != "Not a test.":  # a method of every TestCase that begins with "test"
            self.ends(test, "skip")

    def addExpectedFailure(self, test, error):
        self.ends(test, "pass")

    def addUnexpectedSuccess(self, test):
        self.ends(test, "it was expected to fail")

    def addError(self, test, error):
        self.ends(test, last_line(error))

    addFailure = addError

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.ends(test, last_line(error))

    def ends(self, test, how):
        name = test.id().split("__main__.")[-1]
        if self.ended.get(name, "pass") == "pass":  # the first of its errors is told
            self.ended[name] = how
        if time.time() - self.written > 1:
            self.write()

    def write(self):
        self.written = time.time()
        with open(self.path + ".part", "w") as out:
            json.dump(self.ended, out)
        os.replace(self.path + ".part", self.path)


def last_line(error):
    return "".join(traceback.format_exception_only(*error[:2])).strip().splitlines()[0][:300]


def main(sources, file, path, seconds):
    warnings.simplefilter("ignore")
    results, module = Results(path, int(seconds)), types.ModuleType("__main__")
    module.__file__ = file
    sys.modules["__main__"], sys.argv = module, [file]
    folder = os.path.dirname(file)
    sys.path[0] = "" if os.path.exists(os.path.join(folder, "__init__.py")) else folder
    sys.meta_path.insert(0, Helpers(sources))

    def run(*_, **__):
        """In place of unittest's main, which the file calls in the end."""
        Absent.loading = False
        unittest.defaultTestLoader.loadTestsFromModule(module).run(results)
        raise SystemExit

    unittest.main = unittest.TestProgram = run
    try:
        execute(file, module)
    except SystemExit:
        pass
    except BaseException:
        results.ended["the file"] = last_line(sys.exc_info())
    results.write()
    os._exit(0)  # threads that a test has left would hold it up


if __name__ == "__main__":
    main(*sys.argv[1:])
