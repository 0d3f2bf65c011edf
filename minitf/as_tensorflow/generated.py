"""`tensorflow.python.ops.gen_nn_ops` and its sisters, which TensorFlow generates: each op as a
function of its inputs, its attributes and a name.

Programs call those that have no other name, such as `gen_nn_ops.relu_grad(dy, y)`.
"""
from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from types import ModuleType
from typing import Any

import minitf
from minitf import missing
from minitf.core.op import REGISTRY, OpDef

# Module -> the namespace that declares its ops, which may not be loaded yet.
MODULES = {
    "ops.gen_array_ops": "",
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
    "ops.gen_manip_ops": "manip",
    "ops.gen_math_ops": "math",
    "ops.gen_nn_ops": "nn",
    "ops.gen_parsing_ops": "io",
    "ops.gen_random_ops": "random",
    "ops.gen_rnn_ops": "nn",
    "ops.gen_script_ops": "",
    "ops.gen_set_ops": "sets",
    "ops.gen_sparse_ops": "sparse",
    "ops.gen_spectral_ops": "signal",
    "ops.gen_state_ops": "",
    "ops.gen_stateless_random_ops": "random",
    "ops.gen_string_ops": "strings",
}

# Ops that TensorFlow calls in another way than minitf does; each has a public function.
OTHERWISE = {
    "Bitcast", "ConcatOffset", "DecodeCSV", "DynamicStitch", "EagerPyFunc", "GeneratorDataset",
    "GroupByReducerDataset", "GroupByWindowDataset", "IdentityN", "IteratorV2",
    "MutableDenseHashTableV2", "MutableHashTableOfTensorsV2", "PaddedBatchDatasetV2",
    "ParallelDynamicStitch", "ParseExample", "ParseSingleExample", "ParseSingleSequenceExample",
    "PriorityQueueV2", "PyFunc", "PyFuncStateless", "QuantizedConcat", "RandomUniformInt",
    "ReduceDataset", "Save", "SaveSlices", "SaveV2", "ScanDataset", "ShapeN",
    "SparseConcat", "SparseCross",
    "StatelessRandomUniformInt",
    "BoostedTreesBucketize", "BoostedTreesCalculateBestGainsPerFeature",
    "BoostedTreesExampleDebugOutputs", "BoostedTreesMakeQuantileSummaries",
    "BoostedTreesMakeStatsSummary", "BoostedTreesPredict",
    "BoostedTreesQuantileStreamResourceAddSummaries",
    "BoostedTreesQuantileStreamResourceDeserialize", "BoostedTreesTrainingPredict",
    "BoostedTreesUpdateEnsemble",
}  # fmt: skip
# What most functions call a parameter that has another name in the op.
PARAMETERS = {"dim": "axis", "reduction_indices": "axis", "split_dim": "axis",
              "squeeze_dims": "axis"}  # fmt: skip
OF_SOME: dict[str, dict[str, str]] = {"ReduceJoin": {}, "Select": {"t": "x", "e": "y"},
                                      "SparseSplit": {}}  # fmt: skip


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
        found = function(definition)
        setattr(self, name, found)
        return found

    def __dir__(self) -> list[str]:
        return sorted(_by_name())


def function(definition: OpDef) -> Callable[..., Any]:
    """The op as TensorFlow's generator writes it: `f(inputs..., attributes..., name=None)`.

    Attributes without a default come first; several tensors are a list.
    """
    signature = _signature(definition)

    def generated(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs).arguments
        inputs, attributes = _sorted(definition, given)
        return definition(*inputs, **attributes)

    generated.__name__ = generated.__qualname__ = lower_case(definition.type)
    generated.__doc__ = definition.__doc__
    generated.__signature__ = signature  # type: ignore[attr-defined]
    return generated


def _signature(definition: OpDef) -> Signature:
    schema, kind = definition.schema, Parameter.POSITIONAL_OR_KEYWORD
    public = [name for name in schema.attrs if not name.startswith("_")]
    attrs = sorted(public, key=lambda name: name in schema.defaults)
    return Signature([
        *(Parameter(_public(definition, param.name), kind) for param in schema.params),
        *(Parameter(_public(definition, name), kind,
                    default=schema.defaults.get(name, Parameter.empty)) for name in attrs),
        Parameter("name", kind, default=None),
    ])  # fmt: skip


def _public(definition: OpDef, name: str) -> str:
    return OF_SOME.get(definition.type, PARAMETERS).get(name, name)


def _sorted(definition: OpDef, given: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """What the op takes by position, and what by name."""
    schema = definition.schema
    names = [*(param.name for param in schema.params), *schema.attrs, "name"]
    public = {name: _public(definition, name) for name in names}
    named = {name: given[public[name]] for name in names if public[name] in given}
    inputs: list[Any] = []
    for param in schema.params:
        if param.variadic:
            inputs += named.pop(param.name)
        elif not param.keyword:
            inputs.append(named.pop(param.name))
    return inputs, named


def _by_name() -> dict[str, OpDef]:
    kinds = (kind for kind in REGISTRY if kind not in OTHERWISE)
    return {lower_case(kind): REGISTRY[kind] for kind in kinds}


def lower_case(type: str) -> str:
    """`max_pool_grad` of `MaxPoolGrad`: a new word starts where the case changes."""
    name = ""
    for before, letter, after in zip(" " + type, type, type[1:] + " "):
        starts = before.islower() or (after.islower() and name)
        name += "_" * bool(letter.isupper() and starts) + letter.lower()
    return name
