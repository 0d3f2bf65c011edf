"""`tensorflow.python.ops.gen_nn_ops` and its sisters, which TensorFlow generates: each op as a
function of its inputs, its attributes and a name.

Programs call those that have no other name, such as `gen_nn_ops.relu_grad(dy, y)`.
"""
from __future__ import annotations

from types import ModuleType
from typing import Any

import minitf
from minitf import missing, raw_ops
from minitf.core.op import REGISTRY, OpDef

# Module -> the namespace that declares its ops, which may not be loaded yet.
MODULES = {
    "ops.gen_array_ops": "",
    "ops.gen_audio_ops": "audio",
    "ops.gen_bitwise_ops": "bitwise",
    "ops.gen_candidate_sampling_ops": "nn",
    "ops.gen_control_flow_ops": "",
    "ops.gen_ctc_ops": "nn",
    "ops.gen_dataset_ops": "data",
    "ops.gen_data_flow_ops": "",
    "ops.gen_experimental_dataset_ops": "data",
    "ops.gen_functional_ops": "",
    "ops.gen_image_ops": "image",
    "ops.gen_io_ops": "io",
    "ops.gen_linalg_ops": "linalg",
    "ops.gen_logging_ops": "",
    "ops.gen_lookup_ops": "lookup",
    "ops.gen_manip_ops": "manip",
    "ops.gen_math_ops": "math",
    "ops.gen_nn_ops": "nn",
    "ops.gen_parsing_ops": "io",
    "ops.gen_ragged_array_ops": "ragged",
    "ops.gen_ragged_conversion_ops": "ragged",
    "ops.gen_ragged_math_ops": "ragged",
    "ops.gen_random_ops": "random",
    "ops.gen_resource_variable_ops": "",
    "ops.gen_rnn_ops": "nn",
    "ops.gen_script_ops": "",
    "ops.gen_set_ops": "sets",
    "ops.gen_sparse_ops": "sparse",
    "ops.gen_spectral_ops": "signal",
    "ops.gen_state_ops": "",
    "ops.gen_stateless_random_ops": "random",
    "ops.gen_string_ops": "strings",
}


class Generated(ModuleType):
    """A module of functions that are made when they are asked for.

    Each knows all ops; a leading underscore, as names had before TensorFlow 1.8, is left out.
    """

    def __init__(self, name: str, namespace: str) -> None:
        super().__init__(name, f"The ops of TensorFlow's {name.replace('minitf', 'tensorflow')}.")
        if namespace:
            getattr(minitf, namespace)

    def __getattr__(self, name: str) -> Any:
        definition = None if name.startswith("__") else _by_name().get(name.removeprefix("_"))
        if definition is None:
            message = f"module {self.__name__!r} has no attribute {name!r}"
            if not name.startswith("_"):
                message += f". {missing.about(self.__name__.removeprefix('minitf.'), name)}"
            raise AttributeError(message, name=name, obj=None)
        found = raw_ops.function(definition, raw_ops.lower_case(definition.type))
        setattr(self, name, found)
        return found

    def __dir__(self) -> list[str]:
        return sorted(_by_name())


def _by_name() -> dict[str, OpDef]:
    return {raw_ops.lower_case(kind): REGISTRY[kind] for kind in raw_ops.known()}
