"""Older names of ops of datasets, and ops of fewer inputs."""

from minitf.core.constant import constant
from minitf.core.op import REGISTRY
from minitf.core.proto.signatures import signature
from minitf.graph_util.attributes import own_attributes
from minitf.graph_util.rules import rule

_EXPERIMENTAL = (
    "CSVDataset", "DatasetCardinality", "DatasetToTFRecord", "DenseToSparseBatchDataset",
    "DirectedInterleaveDataset", "GroupByReducerDataset", "GroupByWindowDataset",
    "IgnoreErrorsDataset", "MapAndBatchDataset", "MaxIntraOpParallelismDataset",
    "ParallelInterleaveDataset", "PrivateThreadPoolDataset", "RandomDataset", "ScanDataset",
    "SlidingWindowDataset", "SqlDataset", "TakeWhileDataset", "UnbatchDataset", "UniqueDataset",
)  # fmt: skip


def _built(importer, type, path, tensors, attrs):
    declared, definition = signature(type), REGISTRY[type]
    tensors, attrs = importer.functions.given(declared, tensors, attrs)
    attrs = own_attributes(definition, {**declared.defaults(), **attrs}, declared, path)
    return definition.schema.call(definition, tensors, name=f"{path}/", **attrs)


@rule(*(f"Experimental{op}" for op in _EXPERIMENTAL))
def _experimental(importer, node, path, tensors, attrs):
    return _built(importer, node.op.removeprefix("Experimental"), path, tensors, attrs)


@rule("BatchDataset", "PaddedBatchDataset")
def _batch(importer, node, path, tensors, attrs):
    tensors = [*tensors, constant(False, name="drop_remainder")]
    return _built(importer, f"{node.op}V2", path, tensors, attrs)


@rule("FixedLengthRecordDataset")
def _fixed_length(importer, node, path, tensors, attrs):
    tensors = [*tensors, constant("", name="compression_type")]
    return _built(importer, "FixedLengthRecordDatasetV2", path, tensors, attrs)


@rule("Iterator", "IteratorFromStringHandle")
def _iterator(importer, node, path, tensors, attrs):
    return _built(importer, f"{node.op}V2", path, tensors, attrs)


@rule("IteratorGetNextSync")
def _next(importer, node, path, tensors, attrs):
    return _built(importer, "IteratorGetNext", path, tensors, attrs)
