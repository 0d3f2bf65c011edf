"""Summaries of tensors and of text: `tf.summary.tensor_summary`, `tf.summary.text`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, string
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.proto.tensor import tensor_proto
from minitf.core.schema import T
from minitf.core.shape_rules import scalar as one
from minitf.summary import naming
from minitf.summary.messages import Summary, SummaryMetadata
from minitf.summary.naming import collect
from minitf.summary.numeric import as_bytes


@op("TensorSummaryV2", shape=one, grad=NOT_DIFFERENTIABLE, host=True)
def tensor_summary_op(xp, tag: string, tensor: T, serialized_summary_metadata: string) -> string:
    """The tensor as a TensorProto."""
    value = Summary.Value(
        tag=tag.item(),
        tensor=tensor_proto(tensor, as_dtype(tensor.dtype), as_bytes=True),
        metadata=SummaryMetadata.FromString(serialized_summary_metadata.item()),
    )
    return as_bytes(Summary(value=[value]))


def tensor_summary(
    name,
    tensor,
    summary_description=None,
    collections=None,
    summary_metadata=None,
    family=None,
    display_name=None,
):
    """As `tf.summary.scalar`: a tensor of any type and shape.

    `summary_metadata` says which plugin of TensorBoard shows it; `summary_description` and
    `display_name` are written into it.
    """
    metadata = SummaryMetadata() if summary_metadata is None else summary_metadata
    if summary_description is not None:
        metadata.summary_description = summary_description
    if display_name is not None:
        metadata.display_name = display_name
    with naming.summary_scope(name, family, values=[tensor]) as (tag, scope):
        made = tensor_summary_op(tag, tensor, metadata.SerializeToString(), name=scope)
        return collect(made, collections)


def text(name, tensor, collections=None):
    """As `tf.summary.scalar`: strings, as Markdown; rank 1 and 2 are shown as tables. ValueError
    for a tensor of another type."""
    tensor = convert_to_tensor(tensor)
    if tensor.dtype != string:
        raise ValueError(
            f"Expected tensor {tensor.name} to have dtype string, got {tensor.dtype}"
        )
    plugin = SummaryMetadata.PluginData(plugin_name="text")
    metadata = SummaryMetadata(plugin_data=plugin)
    return tensor_summary(name, tensor, summary_metadata=metadata, collections=collections)
