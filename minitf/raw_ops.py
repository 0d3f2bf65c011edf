"""`tf.raw_ops`: each op as the function that TensorFlow generates of it, called by keywords.

    tf.raw_ops.MatMul(a=x, b=y, transpose_b=True)
"""
from __future__ import annotations

import functools
import itertools
from collections import namedtuple
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

import minitf
from minitf import missing
from minitf.core.convert import convert_to_tensor
from minitf.core.op import REGISTRY, OpDef
from minitf.core.proto.signatures import signature

# Namespaces that declare ops and may not be loaded yet.
_DECLARING = ("audio", "data", "image", "io", "linalg", "manip", "math", "nn", "ragged", "random",
              "sets", "signal", "sparse", "strings")  # fmt: skip
# Ops that TensorFlow calls in another way than minitf does; each has a public function.
OTHERWISE = {
    "Bitcast", "ConcatOffset", "CudnnRNNCanonicalToParams", "CudnnRNNCanonicalToParamsV2",
    "CudnnRNNParamsSize", "CudnnRNNParamsToCanonical", "CudnnRNNParamsToCanonicalV2",
    "DecodeCSV", "DynamicStitch", "EagerPyFunc", "GeneratorDataset",
    "GroupByReducerDataset", "GroupByWindowDataset", "IdentityN", "IteratorV2",
    "MutableDenseHashTableV2", "MutableHashTableOfTensorsV2", "PaddedBatchDatasetV2",
    "ParallelDynamicStitch", "ParseExample", "ParseSequenceExample", "ParseSingleExample",
    "ParseSingleSequenceExample",
    "PriorityQueueV2", "PyFunc", "PyFuncStateless", "QuantizedConcat", "RandomUniformInt",
    "ReduceDataset", "Save", "SaveSlices", "SaveV2", "ScanDataset", "SdcaOptimizer",
    "SdcaOptimizerV2", "ShapeN",
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
OF_SOME: dict[str, dict[str, str]] = {
    "Atan2": {"x": "y", "y": "x"}, "Conj": {"x": "input"}, "EnsureShape": {"x": "input"},
    "ReaderRestoreStateV2": {"saved": "state"}, "ReduceJoin": {}, "Select": {"t": "x", "e": "y"},
    "SparseSplit": {}, "Where": {"input": "condition"},
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    if name not in __dir__():
        raise AttributeError(
            f"module {__name__!r} has no attribute {name!r}. {missing.about('raw_ops', name)}",
            name=name,
        )
    found = globals()[name] = _by_keywords(REGISTRY[name])
    return found


def __dir__() -> list[str]:
    for namespace in _DECLARING:
        getattr(minitf, namespace)
    return sorted(kind for kind in known() if signature(kind) is not None)


def known() -> list[str]:
    """The types of the ops that are called as TensorFlow's generator calls them."""
    return [kind for kind in REGISTRY if kind not in OTHERWISE]


def _by_keywords(definition: OpDef) -> Callable[..., Any]:
    generated = function(definition, definition.type)

    @functools.wraps(generated)
    def by_keywords(*args: Any, **kwargs: Any) -> Any:
        if args:
            raise TypeError(
                f"{definition.type} only takes keyword args (possible keys: "
                f"{list(generated.__signature__.parameters)}). "  # type: ignore[attr-defined]
                "Please pass these args as kwargs instead."
            )
        return generated(**kwargs)

    return by_keywords


def function(definition: OpDef, name: str) -> Callable[..., Any]:
    """The op as TensorFlow's generator writes it: `f(inputs..., attributes..., name=None)`.

    Attributes without a default come first; several tensors are a list.
    """
    taken = _signature(definition)

    def generated(*args: Any, **kwargs: Any) -> Any:
        given = taken.bind(*args, **kwargs).arguments
        inputs, attributes = _sorted(definition, given)
        for i, name in _told(definition):
            inputs[i] = convert_to_tensor(inputs[i])
            attributes[name] = inputs[i].dtype.base_dtype
        return _named(definition, definition(*inputs, **attributes))

    generated.__name__ = generated.__qualname__ = name
    generated.__doc__ = definition.__doc__
    generated.__signature__ = taken  # type: ignore[attr-defined]
    return generated


def _told(definition: OpDef) -> list[tuple[int, str]]:
    """The attributes that a kernel wants to know and a caller need not say: the type of an input,
    by its place."""
    types = [getattr(param.type, "attr", "") for param in definition.schema.params]
    return [(i, name) for i, name in enumerate(types) if name in definition.schema.attrs]


def _named(definition: OpDef, found: Any) -> Any:
    """Several outputs by their names, those of one name as a list."""
    known = signature(definition.type)
    if known is None or len(known.outputs) < 2 or not isinstance(found, (list, tuple)):
        return found
    lists = [bool(output.number or output.types) for output in known.outputs]
    if sum(lists) > 1:
        return found
    tensors, rest = iter(found), len(found) - lists.count(False)
    parts = [list(itertools.islice(tensors, rest)) if is_list else next(tensors)
             for is_list in lists]  # fmt: skip
    return _outputs(definition.type, tuple(output.name for output in known.outputs))(*parts)


@functools.cache
def _outputs(kind: str, names: tuple[str, ...]) -> Any:
    return namedtuple(kind, names)  # type: ignore[misc]


def _signature(definition: OpDef) -> Signature:
    schema, kind = definition.schema, Parameter.POSITIONAL_OR_KEYWORD
    told = {name for _, name in _told(definition)}
    public = [name for name in schema.attrs if not name.startswith("_") and name not in told]
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


def lower_case(type: str) -> str:
    """`max_pool_grad` of `MaxPoolGrad`: a new word starts where the case changes."""
    name = ""
    for before, letter, after in zip(" " + type, type, type[1:] + " "):
        starts = before.islower() or (after.islower() and name)
        name += "_" * bool(letter.isupper() and starts) + letter.lower()
    return name
