"""Makes `import tensorflow` mean minitf, for programs that are not to be edited.

`tensorflow` is the minitf module itself, so is `tensorflow.compat.v1`; `tensorflow.a.b` is
`minitf.a.b`; modules that TensorFlow kept to itself, such as `tensorflow.python.framework.ops`,
are views on the public names (`internals`). `python -m minitf` installs this, also for the Python
programs that it starts: `python -m minitf -m jupyter lab` opens notebooks unmodified. In a notebook
that was opened otherwise the first line can be `%load_ext minitf.as_tensorflow`, in a program
`minitf.as_tensorflow.install()`.
"""
from __future__ import annotations

import ast
import importlib
import sys
import urllib
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import minitf
from minitf import missing
from minitf.as_tensorflow import abseil, former, internals, text_format
from minitf.as_tensorflow.after_import import AfterImport
from minitf.core.proto.message import Message
from minitf.core.proto.wire import DecodeError

# A folder to put on sys.path where no code can call install(): processes that multiprocessing
# starts, which know the path of their parent and nothing else of it.
PATH = str(Path(__file__).parent / "path")


def install() -> None:
    """From now on `import tensorflow`, and all below it, gives minitf. Names that Python, NumPy and
    SciPy have dropped since, such as `np.float`, `collections.Mapping` and `scipy.misc.imread`, are
    there again, `float(array)` takes an array with one element, and NumPy's numbers are printed as
    they were.

    Raises ImportError when another `tensorflow` has been imported already.
    """
    loaded = sys.modules.get("tensorflow")
    if loaded not in (None, minitf):
        raise ImportError(
            f"minitf.as_tensorflow: another tensorflow is imported already, from "
            f"{getattr(loaded, '__file__', None)}: call install() before the first "
            "`import tensorflow`."
        )
    if TENSORFLOW not in sys.meta_path:
        sys.meta_path[:0] = [TENSORFLOW, IN_KERAS]
        sys.meta_path += [LAST, HOROVOD, ESTIMATOR, KERAS, abseil.LastAbslFinder(_Loader)]
        AfterImport({"absl.flags": abseil.share}).install()
        urllib.__getattr__ = _module_of_urllib  # type: ignore[attr-defined]
        former.restore()
    sys.modules["tensorflow"] = minitf


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext minitf.as_tensorflow` does in a notebook: `install()`."""
    install()


def _module_of_urllib(name: str) -> Any:
    """`urllib.request`, in a program that has imported `urllib` alone: TensorFlow imports it, and
    programs have come to rely on that."""
    if name in ("error", "parse", "request"):
        return importlib.import_module(f"urllib.{name}")
    raise AttributeError(f"module 'urllib' has no attribute {name!r}", name=name)


class TensorFlowFinder:
    """Answers `tensorflow.a.b` with `minitf.a.b`, before an installed TensorFlow can."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname == "tensorboard.compat.notf":
            # TensorBoard reads this empty module as "use your own stub of TensorFlow": it would
            # take minitf for the whole of TensorFlow, file systems included.
            return ModuleSpec(fullname, _Loader(ModuleType(fullname)))
        if fullname == "google.protobuf.text_format":
            return ModuleSpec(fullname, _Loader(text_format))
        if not fullname.startswith("tensorflow."):
            return None
        found = _find(_own_name(fullname))
        if found is None:
            raise _missing(_own_name(fullname), asked=fullname)
        if fullname.startswith("tensorflow.contrib.") and not hasattr(found, "__path__"):
            found.__path__ = []  # one file here; in TensorFlow a folder, with modules below it
        return ModuleSpec(fullname, _Loader(found))


class LastFinder:
    """Asked for what minitf has no file for: TensorFlow's internal modules, else an error.

    `from tensorflow.contrib import slim` comes here too: it is minitf.contrib that is asked.
    """

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname in BESIDE:
            return ModuleSpec(fullname, _Loader(BESIDE[fullname]))
        if not fullname.startswith("minitf."):
            return None
        module = internals.module(fullname)
        if module is None:
            raise _missing(fullname, asked=_tensorflow_name(fullname))
        return ModuleSpec(fullname, _Loader(module))


class HorovodFinder:
    """Answers `import horovod.tensorflow` where Horovod is not installed: it is asked last."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname == "horovod":
            package = ModuleType(fullname)
            package.__path__ = []
            return ModuleSpec(fullname, _Loader(package))
        if fullname == "horovod.tensorflow":
            found = importlib.import_module("minitf.distributed.horovod")
            return ModuleSpec(fullname, _Loader(found))
        return None


class EstimatorFinder:
    """Answers `import tensorflow_estimator`, a package of its own that TensorFlow 1.14 and later
    take tf.estimator from, where it is not installed: `tensorflow_estimator.a` is `tensorflow.a`.
    """

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        root, _, rest = fullname.partition(".")
        if root != "tensorflow_estimator":
            return None
        if rest:
            found = importlib.import_module(f"tensorflow.{rest}")
        else:
            found = ModuleType(fullname)
            found.__path__ = []
            found.estimator = minitf.estimator  # type: ignore[attr-defined]
        return ModuleSpec(fullname, _Loader(found))


class KerasFinder:
    """Answers `import keras`, the package of its own that tf.keras came of, where it is not
    installed: it is asked last."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, _Loader(minitf.keras)) if fullname == "keras" else None


class InKerasFinder:
    """Answers `keras.a`, where `keras` is tf.keras, with `tensorflow.keras.a`, or with a module
    that tf.keras keeps to itself: before Python finds the file, and runs it anew."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        ours = sys.modules.get("minitf.keras", self)
        if not fullname.startswith("keras.") or sys.modules.get("keras") is not ours:
            return None
        name = fullname.replace("keras.backend.tensorflow_backend", "keras.backend")
        try:
            found = importlib.import_module(f"tensorflow.{name}")
        except ModuleNotFoundError:
            found = importlib.import_module(f"tensorflow.python.{name}")
        return ModuleSpec(fullname, _Loader(found))


def _protobuf() -> dict[str, ModuleType]:
    """What programs import of protobuf beside TensorFlow, for where it is not installed."""
    google, protobuf = ModuleType("google"), ModuleType("google.protobuf")
    message = ModuleType("google.protobuf.message")
    message.Message, message.DecodeError = Message, DecodeError  # type: ignore[attr-defined]
    google.__path__, protobuf.__path__ = [], []
    return {module.__name__: module for module in (google, protobuf, message)}


# What came with TensorFlow, for where it is not installed; gast has the nodes that ast has.
BESIDE = _protobuf() | {"gast": ast}


class _Loader:
    """Puts a module that is there already under one more name."""

    def __init__(self, module: Any) -> None:
        self._module = module

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        sys.modules[module.__name__] = self._module


TENSORFLOW, LAST, HOROVOD = TensorFlowFinder(), LastFinder(), HorovodFinder()
ESTIMATOR, KERAS, IN_KERAS = EstimatorFinder(), KerasFinder(), InKerasFinder()


def _own_name(fullname: str) -> str:
    """`minitf.train` for `tensorflow.train` and for `tensorflow.compat.v1.train`."""
    name = (fullname + ".").replace("tensorflow.", "minitf.", 1)
    while name.startswith("minitf.compat.v1."):
        name = name.replace("minitf.compat.v1.", "minitf.", 1)
    return name[:-1]


def _tensorflow_name(own_name: str) -> str:
    return own_name.replace("minitf", "tensorflow", 1)


def _find(name: str) -> Any:
    """The module of this name, or the namespace that is an attribute; None when there is none,
    and for a function that minitf has in a file of its name: TensorFlow has no such module."""
    if _is_function(name):
        return None
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        absent = (error.name or "").replace("tensorflow", "minitf", 1)
        if not f"{name}.".startswith(f"{absent}."):
            raise  # The module is there; what it needs is not.
    parent, _, last = name.rpartition(".")
    found = getattr(_find(parent), last, None) if parent else None
    return found if _is_namespace(found) else None


def _is_function(name: str) -> bool:
    parent, _, last = name.rpartition(".")
    value = vars(sys.modules[parent]).get(last) if parent in sys.modules else None
    return callable(value) and not isinstance(value, ModuleType)


def _is_namespace(value: Any) -> bool:
    return isinstance(value, ModuleType) or (hasattr(value, "__dict__") and not callable(value))


def _missing(name: str, asked: str) -> ModuleNotFoundError:
    path, _, last = name.removeprefix("minitf").strip(".").rpartition(".")
    message = f"No module named {asked!r}: minitf has no {asked.replace('tensorflow', 'tf', 1)}."
    message += f" {missing.about(path, last, root='tensorflow')}"
    return ModuleNotFoundError(message, name=asked)
