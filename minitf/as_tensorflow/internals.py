"""The modules TensorFlow kept to itself and programs import all the same: `tensorflow.python.*`,
`tensorflow.core.*`.

Each is a view: its names are looked up in minitf's public namespaces when they are asked for.
"""
from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import minitf
from minitf import missing
from minitf.as_tensorflow import generated, keras_modules

# Module below tensorflow.python -> the namespace below tf where its names are now. A name that is
# not there is looked for in tf itself.
NAMESPACES = {
    "client.device_lib": "runtime.local_devices",
    "client.graph_util": "graph_util",
    "client.session": "",
    "framework.constant_op": "",
    "framework.device": "core.device",
    "framework.device_spec": "core.device",
    "framework.dtypes": "",
    "framework.errors": "errors",
    "framework.errors_impl": "errors",
    "framework.graph_util": "graph_util",
    "framework.ops": "",
    "framework.random_seed": "",
    "framework.tensor_shape": "core.tensor_shape",
    "framework.tensor_util": "contrib.util",
    "framework.test_util": "test",
    "keras": "keras",
    "layers.base": "layers",
    "layers.convolutional": "layers",
    "layers.core": "layers",
    "layers.layers": "layers",
    "layers.normalization": "layers",
    "layers.pooling": "layers",
    "lib.io.file_io": "gfile",
    "lib.io.tf_record": "python_io",
    "ops.array_ops": "",
    "ops.bitwise_ops": "bitwise",
    "ops.check_ops": "",
    "ops.clip_ops": "",
    "ops.control_flow_ops": "ops.control_flow.control",
    "ops.confusion_matrix": "",
    "ops.data_flow_ops": "",
    "ops.embedding_ops": "nn",
    "ops.functional_ops": "",
    "ops.gradients": "",
    "ops.gradients_impl": "",
    "ops.histogram_ops": "",
    "ops.image_ops": "image",
    "ops.image_ops_impl": "image",
    "ops.init_ops": "",
    "ops.linalg.linalg": "linalg",
    "ops.linalg.linalg_impl": "linalg",
    "ops.io_ops": "io",
    "ops.linalg_ops": "linalg",
    "ops.losses.losses": "losses",
    "ops.math_ops": "math",
    "ops.metrics": "metrics",
    "ops.nn": "nn",
    "ops.nn_impl": "nn",
    "ops.nn_ops": "nn",
    "ops.parsing_ops": "io",
    "ops.random_ops": "",
    "ops.rnn": "nn",
    "ops.rnn_cell": "nn.rnn_cell",
    "ops.rnn_cell_impl": "nn.rnn_cell",
    "ops.signal.dct_ops": "signal",
    "ops.signal.fft_ops": "signal",
    "ops.signal.mel_ops": "signal",
    "ops.signal.mfcc_ops": "signal",
    "ops.signal.reconstruction_ops": "signal",
    "ops.signal.shape_ops": "signal",
    "ops.signal.signal": "signal",
    "ops.signal.spectral_ops": "signal",
    "ops.signal.window_ops": "signal",
    "ops.sparse_ops": "sparse",
    "ops.special_math_ops": "math",
    "ops.spectral_ops": "signal",
    "ops.state_ops": "",
    "ops.string_ops": "strings",
    "ops.tensor_array_ops": "",
    "ops.variable_scope": "",
    "ops.variables": "",
    "platform.app": "app",
    "platform.flags": "flags",
    "platform.gfile": "gfile",
    "platform.googletest": "test",
    "platform.test": "test",
    "platform.tf_logging": "logging",
    "summary.summary": "summary",
    "summary.summary_iterator": "train",
    "summary.writer.writer": "summary",
    "training.adam": "train",
    "training.coordinator": "train",
    "training.gradient_descent": "train",
    "training.learning_rate_decay": "train",
    "training.momentum": "train",
    "training.moving_averages": "train.moving_averages",
    "training.optimizer": "train",
    "training.saver": "train",
    "training.session_run_hook": "train",
    "training.training": "train",
    "util.compat": "compat",
    "util.nest": "nest",
} | keras_modules.NAMESPACES
_ROOT = "minitf.python"
# The same for modules of messages, which TensorFlow has below tensorflow.core.
ELSEWHERE = {
    "minitf.core.example.example_pb2": "train",
    "minitf.core.example.feature_pb2": "train",
    "minitf.core.framework.attr_value_pb2": "core.proto.graph_def",
    "minitf.core.framework.device_attributes_pb2": "runtime.local_devices",
    "minitf.core.framework.graph_pb2": "core.proto.graph_def",
    "minitf.core.framework.node_def_pb2": "core.proto.graph_def",
    "minitf.core.framework.summary_pb2": "summary.messages",
    "minitf.core.framework.tensor_pb2": "core.proto.graph_def",
    "minitf.core.framework.tensor_shape_pb2": "core.proto.graph_def",
    "minitf.core.framework.versions_pb2": "core.proto.graph_def",
    "minitf.core.protobuf.cluster_pb2": "train.cluster",
    "minitf.core.protobuf.config_pb2": "core.config",
    "minitf.core.protobuf.rewriter_config_pb2": "core.config",
    "minitf.core.util.event_pb2": "summary.messages",
    # And for the modules that make up a part of tf.contrib.
    "minitf.contrib.distributions.python.ops": "contrib.distributions",
    "minitf.contrib.framework.python.framework": "contrib.framework",
    "minitf.contrib.framework.python.framework.tensor_util": "contrib.framework",
    "minitf.contrib.framework.python.ops": "contrib.framework",
    "minitf.contrib.framework.python.ops.variables": "contrib.framework",
    "minitf.contrib.layers.python": "contrib.layers",
    "minitf.contrib.layers.python.layers": "contrib.layers",
    "minitf.contrib.layers.python.layers.initializers": "contrib.layers",
    "minitf.contrib.layers.python.layers.layers": "contrib.layers",
    "minitf.contrib.layers.python.layers.regularizers": "contrib.layers",
} | keras_modules.ELSEWHERE


class View(ModuleType):
    """A module whose names are those of minitf's public namespaces."""

    def __init__(self, name: str, namespaces: tuple[str, ...]) -> None:
        super().__init__(name, f"The names of TensorFlow's {name.replace('minitf', 'tensorflow')}.")
        self._namespaces = namespaces
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        below = f"{self.__name__}.{name}"
        if _namespaces(below) is not None or below.removeprefix(_ROOT + ".") in generated.MODULES:
            return sys.modules.get(below) or sys.modules.setdefault(below, module(below))
        if not name.startswith("__"):
            for namespace in self._namespaces:
                found = getattr(_public(namespace), name, None)
                if found is not None:
                    return found
        message = f"module {self.__name__!r} has no attribute {name!r}"
        if not name.startswith("_"):
            message += f". {missing.about(self.__name__.removeprefix('minitf.'), name)}"
        raise AttributeError(message, name=name, obj=None)

    def __dir__(self) -> list[str]:
        return sorted({entry for path in self._namespaces for entry in dir(_public(path))})


def module(fullname: str) -> ModuleType | None:
    """The view under this name, such as `minitf.python.framework.ops`; None when none is."""
    name = fullname.removeprefix(_ROOT + ".")
    if name != fullname and name in generated.MODULES:
        return generated.Generated(fullname, generated.MODULES[name])
    namespaces = _namespaces(fullname)
    return None if namespaces is None else View(fullname, namespaces)


def _namespaces(fullname: str) -> tuple[str, ...] | None:
    """Where the names of an internal module are now; none of them for a folder of modules."""
    if fullname == _ROOT:
        return ("",)
    if fullname in ELSEWHERE:
        return (ELSEWHERE[fullname],)
    if any(known.startswith(fullname + ".") for known in ELSEWHERE):
        return ()
    name = fullname.removeprefix(_ROOT + ".")
    if name == fullname:
        return None
    if name in NAMESPACES and _public(NAMESPACES[name]) is not None:
        return tuple(dict.fromkeys((NAMESPACES[name], "")))
    return () if any(known.startswith(name + ".") for known in NAMESPACES) else None


def _public(path: str) -> Any:
    """The namespace `tf.<path>`, None when minitf has none."""
    found: Any = minitf
    for part in path.split(".") if path else ():
        found = getattr(found, part, None)
    return found
