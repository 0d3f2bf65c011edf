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

HELPER = re.compile(r"test|reference")


class Absent:
    """What could not be imported: it says so where it is used."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(self._name + "." + name)

    def __call__(self, *arguments, **options):
        if len(arguments) == 1 and not options and callable(arguments[0]):
            return lambda *_, **__: self._missing()  # a decorator
        return self._missing()

    def __mro_entries__(self, bases):
        classes = (each for each in bases if isinstance(each, type))
        beside = any(issubclass(each, unittest.TestCase) for each in classes)
        return () if beside else (unittest.TestCase,)

    def _missing(self):
        raise NotImplementedError(self._name + " is not there")


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
        except Exception:
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


class OneByOne(ast.NodeTransformer):
    """Each import by itself, and an Absent where it fails."""

    TRIAL = (
        "try: pass\nexcept (ImportError, AttributeError, NotImplementedError):"
        " {0} = instead({1!r})"
    )

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
    module.instead = instead
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
