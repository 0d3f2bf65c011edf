"""Resource variables become minitf's variables: a handle is the variable's reference."""

from minitf.core.constant import constant
from minitf.core.dtypes import int32, resource
from minitf.core.errors import UnimplementedError
from minitf.core.proto.graph_def import NodeDef
from minitf.graph_util.rules import build, built, rule

SAME = {
    "AssignAddVariableOp": "AssignAdd", "AssignSubVariableOp": "AssignSub",
    "ResourceGatherNd": "GatherNd", "ResourceScatterAdd": "ScatterAdd",
    "ResourceScatterDiv": "ScatterDiv", "ResourceScatterMax": "ScatterMax",
    "ResourceScatterMin": "ScatterMin", "ResourceScatterMul": "ScatterMul",
    "ResourceScatterNdAdd": "ScatterNdAdd", "ResourceScatterNdSub": "ScatterNdSub",
    "ResourceScatterNdUpdate": "ScatterNdUpdate", "ResourceScatterSub": "ScatterSub",
    "ResourceScatterUpdate": "ScatterUpdate", "ResourceStridedSliceAssign": "StridedSliceAssign",
    "VarIsInitializedOp": "IsVariableInitialized",
}  # fmt: skip


PASSES = {"Enter": "RefEnter", "Switch": "RefSwitch"}


def passing_on(node, tensors):
    """A node that brings the handle of a variable into a branch or a loop, as one that brings the
    reference there; any other as it is."""
    op, first = PASSES.get(node.op), tensors[0] if tensors else None
    if op is None or first is None or not first.dtype._is_ref_dtype:
        return node
    if node.attr["T"].type != resource.enum:
        return node
    made = NodeDef()
    made.CopyFrom(node)
    made.op, made.attr["T"].type = op, first.dtype.base_dtype.enum
    return made


def reference(tensor, path):
    """The variable that a handle is. UnimplementedError where that is not to be seen."""
    if not tensor.dtype._is_ref_dtype:
        raise UnimplementedError(
            None, None, f"'{path}': minitf does not see which variable it changes: {tensor!r} is "
            "no handle of a variable that the graph names"
        )  # fmt: skip
    return tensor


@rule("VarHandleOp")
def _variable(importer, node, path, tensors, attrs):
    return build("VariableV2", path, shape=attrs["shape"], dtype=attrs["dtype"],
                 container=attrs["container"], shared_name="")  # fmt: skip


@rule("ReadVariableOp")
def _read(importer, node, path, tensors, attrs):
    return build("Identity", path, *tensors)


@rule("AssignVariableOp")
def _assign(importer, node, path, tensors, attrs):
    handle, value = tensors
    known = handle._shape is not None
    build("Assign", path, reference(handle, path), value, validate_shape=known)
    return []


@rule(*SAME)
def _same(importer, node, path, tensors, attrs):
    handle, *values = tensors
    if SAME[node.op] != "GatherNd":
        handle = reference(handle, path)
    made = built(SAME[node.op], path, [handle, *values], attrs)
    return made if node.op in ("ResourceGatherNd", "VarIsInitializedOp") else []


@rule("VariableShape")
def _shape(importer, node, path, tensors, attrs):
    return built("Shape", path, tensors, attrs)


@rule("ResourceGather")
def _gather(importer, node, path, tensors, attrs):
    batch = attrs["batch_dims"]
    axis = constant(batch, int32, name=f"{path}/axis/")
    return build("GatherV2", path, *tensors, axis, batch_dims=batch)


@rule("DestroyResourceOp")
def _destroy(importer, node, path, tensors, attrs):
    build("NoOp", path)
    return []
