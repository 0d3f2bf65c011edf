"""What the attributes of a forest's ops say, read once for each text."""
import functools
import re

import numpy as np

from minitf.contrib.tensor_forest.proto import tensor_forest_params_pb2 as params_pb2

FLOAT, CATEGORICAL = 0, 1  # of a column's `original_type`


@functools.lru_cache(maxsize=64)
def parsed(serialized):
    """The TensorForestParams of an op's attribute `params`."""
    text = serialized.encode("latin-1") if isinstance(serialized, str) else serialized
    return params_pb2.TensorForestParams.FromString(text)


def at_depth(param, depth):
    """A parameter that may depend on the depth of a node. ValueError for one that is not set."""
    kind = param.WhichOneof("ParamType")
    if kind == "constant_value":
        return param.constant_value
    if kind == "linear":
        line = param.linear
        return min(max(depth * line.slope + line.y_intercept, line.min_val), line.max_val)
    if kind == "exponential":
        power = param.exponential
        return power.bias + power.multiplier * power.base ** (power.depth_multiplier * depth)
    if kind == "threshold":
        step = param.threshold
        return step.on_value if depth >= step.threshold else step.off_value
    raise ValueError("a parameter of the forest that may depend on the depth has no value")


@functools.lru_cache(maxsize=64)
def dense_kinds(spec):
    """FLOAT or CATEGORICAL, of each dense feature that an op's attribute `input_spec` describes."""
    text = spec.decode() if isinstance(spec, bytes) else spec
    found = [np.zeros(0, np.int8)]
    for kind, size in _columns(text, "dense"):
        found.append(np.full(size, kind, np.int8))
    return np.concatenate(found)


@functools.lru_cache(maxsize=64)
def sparse_kind(spec):
    """That of sparse features, all of which are of the first kind."""
    text = spec.decode() if isinstance(spec, bytes) else spec
    return next((kind for kind, _ in _columns(text, "sparse")), FLOAT)


def _columns(text, which):
    listed = re.search(rf"\b{which}: \[(.*?)\]", text)
    columns = re.findall(r"original_type: (\d+) size: (-?\d+)", listed[1] if listed else "")
    return [(int(kind), int(size)) for kind, size in columns]
