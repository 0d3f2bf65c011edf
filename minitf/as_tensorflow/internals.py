"""The modules TensorFlow kept to itself and programs import all the same: `tensorflow.python.*`,
`tensorflow.core.*`.

Each is a view: its names are looked up in minitf's public namespaces when they are asked for.
"""
from __future__ import annotations

import importlib
import re
import sys
from types import ModuleType
from typing import Any

import minitf
from minitf import missing
from minitf.as_tensorflow import (
    contrib_modules,
    data_modules,
    distribution_modules,
    estimator_modules,
    generated,
    keras_modules,
    ops_modules,
    ragged_modules,
)
from minitf.core.proto import data_types  # noqa: F401  tensorflow.core.framework.types_pb2
from minitf.tools import (  # noqa: F401  tensorflow.python.tools.freeze_graph, ...
    freeze_graph,
    optimize_for_inference_lib,
    strip_unused_lib,
)

# Modules below tensorflow.python.training whose names are all in tf.train.
_OF_TRAINING = (
    "adadelta", "adagrad", "adagrad_da", "adam", "basic_loops", "basic_session_run_hooks",
    "coordinator", "ftrl", "gradient_descent", "input",
    "learning_rate_decay", "momentum", "optimizer", "proximal_adagrad",
    "proximal_gradient_descent", "queue_runner", "queue_runner_impl", "rmsprop", "server_lib",
    "session_manager", "session_run_hook", "supervisor", "sync_replicas_optimizer", "training",
    "training_util",
)  # fmt: skip
# Modules below tensorflow.python whose names are all in tf, or that register gradients.
_OF_TF = (
    "framework.indexed_slices", "framework.load_library",
    "framework.random_seed", "ops.clip_ops",
    "ops.functional_ops", "ops.gradients", "ops.gradients_impl", "ops.gradients_util",
    "ops.histogram_ops", "ops.map_fn", "ops.partitioned_variables",
    "ops.script_ops", "ops.sort_ops", "ops.standard_ops", "ops.state_ops",
    "ops.tensor_array_ops", "ops.unconnected_gradients",
)  # fmt: skip
# Module below tensorflow.python -> the namespace below tf where its names are now. A name that is
# not there is looked for in tf itself.
NAMESPACES: dict[str, str | tuple[str, ...]] = {
    "client.device_lib": "runtime.local_devices",
    "client.graph_util": "graph_util",
    "client.session": ("runtime.conversions", "session"),
    "client.timeline": "lib.timeline",
    "compat.v2_compat": "compat.behavior",
    "debug": "as_tensorflow.modules.debug",
    "distribute.cluster_resolver": ("contrib.cluster_resolver", "distribute.cluster_resolver"),
    "distribute.distribute_lib": ("distribute", "distribute.contexts"),
    "distribute.distribution_strategy_context": "distribute.contexts",
    "distribute.mirrored_strategy": "distribute",
    "distribute.one_device_strategy": "distribute",
    "distribute.reduce_util": "distribute",
    "distribute.summary_op_util": "as_tensorflow.modules.util",
    "eager.backprop": "as_tensorflow.modules.backprop",
    "eager.context": (
        "as_tensorflow.modules.context", "contrib.eager", "config.experimental",
    ),
    "eager.def_function": "eager.function",
    "eager.execution_callbacks": "contrib.eager.callbacks",
    "eager.function": "eager.function",
    "eager.monitoring": "as_tensorflow.modules.monitoring",
    "eager.test": ("as_tensorflow.modules.eager_test", "test"),
    "feature_column.dense_features": "keras.layers",
    "feature_column.dense_features_v2": "keras.layers",
    "feature_column.feature_column": ("feature_column", "as_tensorflow.modules.columns"),
    "feature_column.feature_column_lib": (
        "feature_column", "keras.layers", "as_tensorflow.modules.columns",
    ),
    "feature_column.feature_column_v2": (
        "feature_column", "feature_column.kinds", "feature_column.numeric",
        "feature_column.categorical", "feature_column.crossed", "feature_column.dense",
        "feature_column.sequences", "as_tensorflow.modules.columns",
    ),
    "feature_column.serialization": "keras.layers.column_configs",
    "feature_column.sequence_feature_column": ("feature_column", "keras.experimental"),
    "framework.constant_op": ("", "as_tensorflow.modules.framework"),
    "framework.common_shapes": "as_tensorflow.modules.framework",
    "framework.config": ("config", "config.experimental"),
    "framework.device": "core.device",
    "framework.device_spec": ("core.device", "as_tensorflow.modules.framework"),
    "framework.dtypes": "as_tensorflow.modules.dtypes",
    "framework.errors": "errors",
    "framework.errors_impl": "errors",
    "framework.func_graph": "ops.function",
    "framework.function": "as_tensorflow.modules.function",
    "framework.graph_io": "train",
    "framework.graph_util": "graph_util",
    "framework.graph_util_impl": "graph_util",
    "framework.importer": "graph_util",
    "framework.indexed_slices": "core.indexed_slices",
    "framework.meta_graph": "graph_util.meta_graph",
    "framework.ops": (
        "core.scopes", "profiler.statistics", "as_tensorflow.modules.framework",
        "as_tensorflow.modules.gradients",
    ),
    "framework.smart_cond": ("as_tensorflow.modules.layer_utils", "contrib.framework"),
    "framework.sparse_tensor": "core.sparse_tensor",
    "framework.tensor_shape": ("as_tensorflow.modules.tensor_shape", "core.tensor_shape"),
    "framework.tensor_spec": ("core.tensor_spec", "contrib.framework"),
    "framework.tensor_util": ("contrib.util", "as_tensorflow.modules.framework"),
    "framework.test_util": ("as_tensorflow.modules.test_util", "test"),
    "framework.versions": "version",
    "keras": "keras",
    "keras.utils.conv_utils": "as_tensorflow.modules.conv_utils",
    "keras.utils.tf_utils": "as_tensorflow.modules.tf_utils",
    "layers.base": "layers",
    "layers.convolutional": ("layers", "as_tensorflow.modules.other_names"),
    "layers.core": "layers",
    "layers.layers": "layers",
    "layers.normalization": "layers",
    "layers.pooling": "layers",
    "layers.utils": "as_tensorflow.modules.layer_utils",
    "lib.io.file_io": "io.file_io",
    "lib.io.python_io": "python_io",
    "lib.io.tf_record": "python_io",
    "module.module": "module",
    "ops.array_ops": "as_tensorflow.modules.ops",
    "ops.bitwise_ops": "bitwise",
    "ops.boosted_trees_ops": "estimator.canned.boosted_trees",
    "ops.candidate_sampling_ops": "nn",
    "ops.check_ops": "debugging",
    "ops.confusion_matrix": ("ops.reduction.confusion", ""),
    "ops.control_flow_ops": ("as_tensorflow.modules.ops", "ops.control_flow.control"),
    "ops.control_flow_util": "as_tensorflow.modules.ops",
    "ops.ctc_ops": "nn",
    "ops.embedding_ops": "nn",
    "ops.gradient_checker": "test",
    "ops.image_ops": "image",
    "ops.image_ops_impl": "image",
    "ops.inplace_ops": "as_tensorflow.modules.inplace_ops",
    "ops.io_ops": ("io", "ops.io.checkpoints"),
    "ops.linalg_ops": "linalg",
    "ops.lookup_ops": ("ops.tables", "as_tensorflow.modules.other_names"),
    "ops.losses.losses": "losses",
    "ops.losses.util": "losses",
    "ops.metrics": "metrics",
    "ops.parsing_ops": "io",
    "ops.resource_variable_ops": ("as_tensorflow.modules.ops", "ops.state.resource_variable"),
    "ops.resources": "ops.state.resources",
    "ops.rnn": ("rnn", "as_tensorflow.modules.rnn_inside"),
    "ops.rnn_cell": ("nn.rnn_cell", "as_tensorflow.modules.rnn_inside"),
    "ops.rnn_cell_impl": ("nn.rnn_cell", "as_tensorflow.modules.rnn_inside"),
    "ops.variable_scope": "as_tensorflow.modules.ops",
    "ops.weights_broadcast_ops": "ops.reduction.weights",
    "platform.app": "app",
    "platform.benchmark": "test",
    "platform.flags": "flags",
    "platform.gfile": "gfile",
    "platform.googletest": "test",
    "platform.resource_loader": "resource_loader",
    "platform.sysconfig": "sysconfig",
    "platform.test": "test",
    "platform.tf_logging": "logging",
    "pywrap_tensorflow": ("train.checkpoint_reader", "as_tensorflow.modules.events"),
    "pywrap_tensorflow_internal": ("train.checkpoint_reader", "as_tensorflow.modules.events"),
    "saved_model.builder": "saved_model.builder",
    "saved_model.builder_impl": "saved_model.builder",
    "saved_model.constants": "saved_model.constants",
    "saved_model.load": "saved_model.load_objects",
    "saved_model.loader": "saved_model.loader",
    "saved_model.loader_impl": "saved_model.loader",
    "saved_model.main_op": "saved_model.main_op",
    "saved_model.nested_structure_coder": "as_tensorflow.modules.structure_coder",
    "saved_model.save": "saved_model.save_objects",
    "saved_model.saved_model": "saved_model",
    "saved_model.signature_constants": "saved_model.signature_constants",
    "saved_model.signature_def_utils": "saved_model.signature_def_utils",
    "saved_model.signature_def_utils_impl": "saved_model.signature_def_utils",
    "saved_model.simple_save": "saved_model",
    "saved_model.tag_constants": "saved_model.tag_constants",
    "saved_model.utils": "saved_model.utils",
    "saved_model.utils_impl": "saved_model.utils",
    "summary.summary": "summary",
    "summary.summary_iterator": "train",
    "summary.writer.writer": "summary",
    "summary.writer.writer_cache": "summary",
    "tf2": "as_tensorflow.modules.tf2",
    "tools.freeze_graph": "tools.freeze_graph",
    "tools.inspect_checkpoint": "train.inspect_checkpoint",
    "tools.optimize_for_inference_lib": "tools.optimize_for_inference_lib",
    "tools.strip_unused_lib": "tools.strip_unused_lib",
    "training.checkpoint_management": ("train.checkpoint_management", "train"),
    "training.checkpoint_state_pb2": "core.proto.saver",
    "training.checkpoint_utils": "train.checkpoint_utils",
    "training.evaluation": ("as_tensorflow.modules.evaluation", "train"),
    "training.experimental.loss_scale": "train.experimental",
    "training.experimental.loss_scale_optimizer": "train.experimental",
    "training.experimental.mixed_precision": "train.experimental",
    "training.monitored_session": ("train", "train.hooked_session"),
    "training.moving_averages": "train.moving_averages",
    "training.saver": "train.saver_names",
    "training.saving.saveable_object": "train.saveables",
    "training.saving.saveable_object_util": "train.saveables",
    "training.slot_creator": "train.slots",
    "training.summary_io": "summary",
    "training.tracking.base": "core.trackable",
    "training.tracking.data_structures": ("core.trackable", "core.trackable_structures"),
    "training.tracking.python_state": "train.experimental",
    "training.tracking.tracking": "core.trackable",
    "training.tracking.util": ("train", "contrib.checkpoint"),
    "training.gen_training_ops": "as_tensorflow.modules.training_ops",
    "training.training_ops": "as_tensorflow.modules.training_ops",
    "training.warm_starting_util": "train.warm_starting",
    "util.all_util": "as_tensorflow.modules.util",
    "util.compat": ("compat", "as_tensorflow.modules.util"),
    "util.deprecation": "as_tensorflow.modules.util",
    "util.function_utils": "estimator.functions",
    "util.lazy_loader": "as_tensorflow.modules.util",
    "util.nest": ("nest", "core.shallow", "contrib.framework.nest", "as_tensorflow.modules.util"),
    "util.serialization": "as_tensorflow.modules.util",
    "util.tf_contextlib": "as_tensorflow.modules.util",
    "util.tf_decorator": "as_tensorflow.modules.decorators",
    "util.tf_export": "as_tensorflow.modules.util",
    "util.tf_inspect": "as_tensorflow.modules.tf_inspect",
} | dict.fromkeys(_OF_TF, "") | {f"training.{name}": "train" for name in _OF_TRAINING} | (
    data_modules.NAMESPACES | keras_modules.NAMESPACES | ops_modules.NAMESPACES
    | distribution_modules.NAMESPACES | estimator_modules.NAMESPACES | ragged_modules.NAMESPACES
)
# Namespaces that are loaded when they are asked for, and what those in folders of them begin with.
ON_DEMAND = {"contrib.opt.sign_decay", "core.trackable_structures", "lib.timeline", "rnn"}
_FOLDERS_ON_DEMAND = ("as_tensorflow.", "estimator.head.", "ragged.")
_ROOT = "minitf.python"
# Where a program replaces functions by its own, as AdaNet does to shorten the tags of summaries.
_REPLACEABLE = {"minitf.python.ops.summary_op_util"}
# The same for modules of messages, which TensorFlow has below tensorflow.core.
ELSEWHERE = {
    "minitf.core.example.example_pb2": "train",
    "minitf.core.example.feature_pb2": "train",
    "minitf.core.framework.attr_value_pb2": "core.proto.graph_def",
    "minitf.core.framework.function_pb2": "core.proto.graph_def",
    "minitf.core.framework.op_def_pb2": "core.proto.graph_def",
    "minitf.core.framework.types_pb2": "core.proto.data_types",
    "minitf.core.framework.variable_pb2": "core.proto.meta_graph",
    "minitf.core.framework.device_attributes_pb2": "runtime.local_devices",
    "minitf.core.framework.graph_pb2": "core.proto.graph_def",
    "minitf.core.framework.node_def_pb2": "core.proto.graph_def",
    "minitf.core.framework.cost_graph_pb2": "core.proto.step_stats",
    "minitf.core.framework.step_stats_pb2": "core.proto.step_stats",
    "minitf.core.framework.summary_pb2": "summary.messages",
    "minitf.core.framework.tensor_pb2": "core.proto.graph_def",
    "minitf.core.framework.tensor_shape_pb2": "core.proto.graph_def",
    "minitf.core.framework.versions_pb2": "core.proto.graph_def",
    "minitf.core.kernels.boosted_trees.boosted_trees_pb2": "core.proto.boosted_trees",
    "minitf.core.lib.core.error_codes_pb2": "errors",
    "minitf.core.profiler.tfprof_log_pb2": "profiler.messages",
    "minitf.core.profiler.tfprof_output_pb2": "profiler.messages",
    "minitf.core.protobuf.cluster_pb2": "core.proto.cluster",
    "minitf.core.protobuf.config_pb2": "core.config",
    "minitf.core.protobuf.control_flow_pb2": "core.proto.meta_graph",
    "minitf.core.protobuf.meta_graph_pb2": "core.proto.meta_graph",
    "minitf.core.protobuf.rewriter_config_pb2": "core.config",
    "minitf.core.protobuf.saved_model_pb2": "core.proto.meta_graph",
    "minitf.core.protobuf.saved_object_graph_pb2": "core.proto.saved_object_graph",
    "minitf.core.protobuf.saver_pb2": "core.proto.saver",
    "minitf.core.protobuf.struct_pb2": "core.proto.saved_object_graph",
    "minitf.core.protobuf.trackable_object_graph_pb2": "core.proto.checkpoint",
    "minitf.core.protobuf.queue_runner_pb2": "train",
    "minitf.core.util.event_pb2": "summary.messages",
} | contrib_modules.ELSEWHERE | keras_modules.ELSEWHERE
_FOLDERS = {".".join(parts[:k]) for parts in (name.split(".") for name in (*ELSEWHERE, *NAMESPACES))
            for k in range(1, len(parts))}  # fmt: skip
_CONTRIB = re.compile(r"minitf\.contrib\.(\w+)\.python\b(?:\.(.*))?$")


class View(ModuleType):
    """A module whose names are those of minitf's public namespaces."""

    def __init__(self, name: str, namespaces: tuple[str, ...]) -> None:
        super().__init__(name, f"The names of TensorFlow's {name.replace('minitf', 'tensorflow')}.")
        self._namespaces = namespaces
        self.__path__: list[str] = []

    def __setattr__(self, name: str, value: Any) -> None:
        """What an import of a module below comes to: but not in place of a function."""
        if not isinstance(value, View) or self._function(name) is None:
            super().__setattr__(name, value)
            if self.__name__ in _REPLACEABLE and not name.startswith("_"):
                setattr(_public(self._namespaces[0]), name, value)

    def _function(self, name: str) -> Any:
        """The function that a package of tf.contrib has under the name of a module of its own."""
        if not self.__name__.startswith("minitf.contrib.") or _has_modules_alone(self.__name__):
            return None
        found = (getattr(_public(namespace), name, None) for namespace in self._namespaces)
        return next((each for each in found if callable(each)), None)

    def _generated(self, name: str) -> Any:
        """What `gen_math_ops` has of the name: TensorFlow's `math_ops` has it, too."""
        folder, _, last = self.__name__.removeprefix(_ROOT + ".").rpartition(".")
        if folder != "ops" or name.endswith("_v2"):  # mostly a function of its own
            return None
        return getattr(module(f"{_ROOT}.ops.gen_{last}"), name, None)

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":  # asked by `from module import *`
            return [each for each in _names_of(self._namespaces) if not each.startswith("_")]
        function = None if name.startswith("_") else self._function(name)
        if function is not None:
            return function
        below = f"{self.__name__}.{name}"
        is_module = _has_modules_alone(self.__name__) and module(below) is not None
        if (is_module or _declared(below) is not None
                or below.removeprefix(_ROOT + ".") in generated.MODULES):  # fmt: skip
            return sys.modules.get(below) or sys.modules.setdefault(below, module(below))
        if not name.startswith("__"):
            for namespace in self._namespaces:
                found = getattr(_public(namespace), name, self)
                if found is self:
                    continue
                if isinstance(found, ModuleType) and _CONTRIB.match(below):
                    return sys.modules.get(below) or sys.modules.setdefault(below, module(below))
                return found
        beside = None if name.startswith("_") else (
            self._generated(name) or _beside(self.__name__, name)
        )
        if beside is not None:
            return beside
        message = f"module {self.__name__!r} has no attribute {name!r}"
        if not name.startswith("_"):
            message += f". {missing.about(self.__name__.removeprefix('minitf.'), name)}"
        raise AttributeError(message, name=name, obj=None)

    def __dir__(self) -> list[str]:
        return sorted({entry for path in self._namespaces for entry in dir(_public(path))})


def _has_modules_alone(fullname: str) -> bool:
    """Whether this is a folder of tf.contrib whose modules may have names of functions: TensorFlow
    has the functions of `contrib.framework.python.ops` in the folder, too, of others not."""
    return fullname.endswith(".python.ops") and not fullname.startswith("minitf.contrib.framework.")


def _names_of(namespaces: tuple[str, ...]) -> list[str]:
    """The names of a module itself, without those of tf that are looked for where it has none."""
    own = [path for path in namespaces if path] or namespaces
    return sorted({entry for path in own for entry in dir(_public(path))})


def module(fullname: str) -> ModuleType | None:
    """The view under this name, such as `minitf.python.framework.ops`; None when none is."""
    name = fullname.removeprefix(_ROOT + ".")
    if name != fullname and name in generated.MODULES:
        return generated.Generated(fullname, generated.MODULES[name])
    part = None if fullname in ELSEWHERE else _CONTRIB.match(fullname)
    namespaces = _of_contrib(part[1], part[2]) if part else _declared(fullname)
    return None if namespaces is None else View(fullname, namespaces)


def _beside(fullname: str, name: str) -> ModuleType | None:
    """Another internal module, which TensorFlow's module of the name `fullname` has imported."""
    if not f"{fullname}.".startswith(_ROOT + "."):
        return None
    known = [each for each in NAMESPACES if each.rpartition(".")[2] == name]
    if not known:
        return None
    parent = fullname.removeprefix(_ROOT).removeprefix(".").rpartition(".")[0] or "ops"
    nearest = max(known, key=lambda each: each.rpartition(".")[0] == parent)
    path = f"{_ROOT}.{nearest}"
    return sys.modules.get(path) or sys.modules.setdefault(path, module(path))  # type: ignore[arg-type]


def _declared(fullname: str) -> tuple[str, ...] | None:
    """Where the names of an internal module are now; none of them for a folder of modules."""
    if fullname == _ROOT:
        return ("",)
    if fullname in ELSEWHERE:
        return (ELSEWHERE[fullname],)
    if fullname in _FOLDERS:
        return ()
    name = fullname.removeprefix(_ROOT + ".")
    if name == fullname:
        return None
    places = NAMESPACES.get(name)
    places = (places,) if isinstance(places, str) else places
    if places is not None and _public(places[0]) is not None:
        return tuple(dict.fromkeys((*places, "")))
    return () if name in _FOLDERS else None


def _of_contrib(part: str, path: str | None) -> tuple[str, ...] | None:
    """The part of tf.contrib, if there is one, after its module at the end of this path, if there
    is one: `nets.vgg` or `utils`."""
    home, parts = f"contrib.{part}", (path or "").split(".")
    if _public(home) is None:
        return None
    for inner in (f"{home}.{'.'.join(parts[-2:])}", f"{home}.{parts[-1]}"):
        if path and isinstance(_public(inner), ModuleType):
            return inner, home
    return (home,) if not path or parts[-1] in contrib_modules.MODULES else None


def _public(path: str) -> Any:
    """The namespace `tf.<path>`, None when minitf has none."""
    if path in ON_DEMAND or path.startswith(_FOLDERS_ON_DEMAND):
        return importlib.import_module(f"minitf.{path}")
    found: Any = minitf
    for part in path.split(".") if path else ():
        found = getattr(found, part, None)
    return found
