"""Ops of TensorFlow that become other nodes in minitf: older versions of ops, resource variables,
gradients and updates that minitf puts together from simpler ones.

A rule `f(importer, node, path, tensors, attrs)` builds the nodes, the last of them under the name
`path`, inside which the others are named, and returns the outputs.
"""

from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.core.errors import UnimplementedError
from minitf.core.op import REGISTRY
from minitf.core.static import constant_value
from minitf.ops.array import gradient_shapes  # noqa: F401  its ops are in graphs of TensorFlow
from minitf.ops.control_flow import stacks  # noqa: F401

RULES = {}


def rule(*types):
    """Decorator: what nodes of these ops become."""

    def declare(function):
        RULES.update(dict.fromkeys(types, function))
        return function

    return declare


def build(type, path, *tensors, **attrs):
    """A node of this op, under exactly this name."""
    return REGISTRY[type](*tensors, name=f"{path}/", **attrs)


def built(type, path, tensors, attrs):
    """The same, of the attributes that the op has among `attrs`."""
    definition = REGISTRY[type]
    own = {name: attrs[name] for name in definition.schema.attrs if name in attrs}
    return definition.schema.call(definition, tensors, name=f"{path}/", **own)


def known(tensor, what, path):
    """The value of a tensor that minitf has to know before the run. UnimplementedError where it is
    computed."""
    value = constant_value(tensor)
    if value is None:
        raise UnimplementedError(
            None, None, f"'{path}': minitf takes {what} as constants, and {tensor!r} is none"
        )
    return value


# -- the same under another name ------------------------------------------------------------------

NEWER = {
    "BatchCholesky": "Cholesky", "BatchFFT": "FFT", "BatchFFT2D": "FFT2D", "BatchFFT3D": "FFT3D",
    "BatchIFFT": "IFFT", "BatchIFFT2D": "IFFT2D", "BatchIFFT3D": "IFFT3D",
    "BatchMatMul": "BatchMatMulV2", "BatchMatrixBandPart": "MatrixBandPart",
    "BatchMatrixDeterminant": "MatrixDeterminant", "BatchMatrixDiag": "MatrixDiag",
    "BatchMatrixDiagPart": "MatrixDiagPart", "BatchMatrixInverse": "MatrixInverse",
    "BatchMatrixSetDiag": "MatrixSetDiag", "BatchMatrixSolve": "MatrixSolve",
    "BatchMatrixTriangularSolve": "MatrixTriangularSolve", "ControlTrigger": "NoOp",
    "DebugGradientIdentity": "Identity", "Inv": "Reciprocal", "PlaceholderV2": "Placeholder",
    "RandomPoisson": "RandomPoissonV2", "RefIdentity": "Identity", "Snapshot": "Identity",
    "TensorArrayCloseV2": "TensorArrayCloseV3", "Variable": "VariableV2",
}  # fmt: skip


@rule(*NEWER)
def _newer(importer, node, path, tensors, attrs):
    return built(NEWER[node.op], path, tensors, attrs)


@rule("Concat")
def _concat(importer, node, path, tensors, attrs):
    axis, *values = tensors
    return build("ConcatV2", path, *values, axis=axis)


@rule("Gather")
def _gather(importer, node, path, tensors, attrs):
    axis = constant(0, int32, name=f"{path}/axis/")
    return build("GatherV2", path, *tensors, axis)


@rule("TopK", "InTopK")
def _top(importer, node, path, tensors, attrs):
    k = constant(attrs["k"], int32 if node.op == "TopK" else attrs["T"], name=f"{path}/k/")
    return built(f"{node.op}V2", path, [*tensors, k], attrs)


@rule("FusedBatchNorm", "FusedBatchNormV2")
def _normalized(importer, node, path, tensors, attrs):
    return built("FusedBatchNormV3", path, tensors, attrs)[:5]


@rule("FusedBatchNormGrad", "FusedBatchNormGradV2")
def _normalized_gradient(importer, node, path, tensors, attrs):
    nothing = constant(0, tensors[2].dtype, name=f"{path}/reserve_space_3/")
    return built("FusedBatchNormGradV3", path, [*tensors, nothing], attrs)


@rule("MaxPoolV2", "MaxPoolGradV2", "MaxPoolGradGradV2")
def _pooled(importer, node, path, tensors, attrs):
    *values, ksize, strides = tensors
    window = {"ksize": known(ksize, "ksize", path).tolist(),
              "strides": known(strides, "strides", path).tolist()}  # fmt: skip
    return built(node.op.removesuffix("V2"), path, values, {**attrs, **window})


@rule("Reverse")
def _reversed(importer, node, path, tensors, attrs):
    tensor, dims = tensors
    axes = known(dims, "the axes to reverse", path).nonzero()[0]
    return build("ReverseV2", path, tensor, constant(axes, int32, name=f"{path}/axis/"))


@rule("NonMaxSuppression", "NonMaxSuppressionV2")
def _suppressed(importer, node, path, tensors, attrs):
    boxes, scores, count, *rest = tensors
    overlap = rest[0] if rest else constant(attrs["iou_threshold"], name=f"{path}/overlap/")
    least = constant(float("-inf"), name=f"{path}/score_threshold/")
    return build("NonMaxSuppressionV3", path, boxes, scores, count, overlap, least)


@rule("CountUpTo")
def _count_up_to(importer, node, path, tensors, attrs):
    after = build("IncrementBelow", f"{path}/increment", *tensors, limit=attrs["limit"])
    return build("Sub", path, after, constant(1, attrs["T"], name=f"{path}/one/"))


@rule("Switch", "Enter")
def _resource_flow(importer, node, path, tensors, attrs):
    """A variable's reference stays one where TensorFlow hands on a handle."""
    keeps = attrs["T"].name == "resource" and tensors[0].dtype._is_ref_dtype
    return built(f"Ref{node.op}" if keeps else node.op, path, tensors, attrs)


# -- functions ------------------------------------------------------------------------------------


@rule("PartitionedCall", "StatefulPartitionedCall")
def _call(importer, node, path, tensors, attrs):
    function = attrs["f"]
    return importer.functions.call(function.name, function.attr, tensors, path)


# -- what ops of TensorFlow take as inputs and minitf's as attributes -----------------------------


def _texts(tensors, path):
    return [known(tensor, "the keys of features", path).item().decode() for tensor in tensors]


@rule("ParseExample")
def _parse_example(importer, node, path, tensors, attrs):
    n, m = attrs["Nsparse"], attrs["Ndense"]
    serialized, names, *rest = tensors
    keys = {"num_sparse": n, "sparse_keys": _texts(rest[:n], path),
            "dense_keys": _texts(rest[n : n + m], path), "dense_types": attrs["Tdense"]}  # fmt: skip
    return built(node.op, path, [serialized, names, *rest[n + m :]], {**attrs, **keys})


def _vector(tensor, path):
    return [each.decode() for each in known(tensor, "the keys of features", path).tolist()]


@rule("ParseSingleSequenceExample")
def _parse_sequence(importer, node, path, tensors, attrs):
    counts = [attrs[name] for name in ("Ncontext_sparse", "Ncontext_dense", "Nfeature_list_sparse",
                                       "Nfeature_list_dense")]  # fmt: skip
    serialized, may_lack, *rest = tensors
    lists = []
    for count in counts:
        lists.append(_texts(rest[:count], path))
        rest = rest[count:]
    *defaults, debug_name = rest
    names = ("context_sparse_keys", "context_dense_keys", "feature_list_sparse_keys",
             "feature_list_dense_keys")  # fmt: skip
    keys = {**dict(zip(names, lists)), "context_dense_types": attrs["Tcontext_dense"],
            "feature_list_dense_missing_assumed_empty": _vector(may_lack, path)}  # fmt: skip
    return built(node.op, path, [serialized, debug_name, *defaults], {**attrs, **keys})


