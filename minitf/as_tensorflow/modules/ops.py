"""What modules of `tensorflow.python.ops` have, and tf has not."""
from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import minitf as tf
from minitf.core.op import REGISTRY
from minitf.metrics.classes import (  # noqa: F401  of metrics_impl
    streaming_confusion_matrix as _streaming_confusion_matrix,
)
from minitf.metrics.parts import metric_variable  # noqa: F401  of metrics_impl
from minitf.metrics.thresholds import (  # noqa: F401  the same
    confusion_at_thresholds as _confusion_matrix_at_thresholds,
)
from minitf.ops.control_flow.branches import (  # noqa: F401  of control_flow_ops
    case_by as _case_helper,
)
from minitf.ops.queues.barrier import Barrier  # noqa: F401  of data_flow_ops
from minitf.ops.state.eager_store import EagerVariableStore  # noqa: F401  a name of variable_scope
from minitf.ops.state.resource_variable import ResourceVariable  # noqa: F401  a name of its module

VariableV1 = tf.Variable
Merge = namedtuple("Merge", ["output", "value_index"])  # what `merge` of control_flow_ops returns
ENABLE_CONTROL_FLOW_V2 = False  # of control_flow_util
sparse_cross, sparse_cross_hashed = tf.sparse.cross, tf.sparse.cross_hashed  # of sparse_ops
string_format = tf.strings.format  # of string_ops


def switch(data: Any, pred: Any, dtype: Any = None, name: Any = None) -> Any:
    """(output_false, output_true), of control_flow_ops: `data`, which comes out of one of them."""
    data = tf.convert_to_tensor(data, dtype=dtype, name="data")
    pred = tf.convert_to_tensor(pred, name="pred")
    return REGISTRY["Switch"](data, pred, name=name or "Switch")


def merge(inputs: Any, name: Any = None) -> Merge:
    """Whichever of the inputs has a value, and its index, of control_flow_ops. ValueError for None.
    """
    if any(each is None for each in inputs):
        raise ValueError(f"At least one of the merge inputs is None: {inputs}")
    tensors = [tf.convert_to_tensor(each) for each in inputs]
    return Merge(*REGISTRY["Merge"](*tensors, name=name))


@contextmanager
def _pure_variable_scope(
    name_or_scope: Any, reuse: Any = None, *args: Any, **options: Any
) -> Iterator[tf.VariableScope]:
    """A variable scope that opens no scope of operations' names, of variable_scope."""
    names = ("initializer", "regularizer", "caching_device", "partitioner", "custom_getter",
             "old_name_scope", "dtype", "use_resource", "constraint")  # fmt: skip
    options.update(zip(names, args, strict=False))
    options.pop("old_name_scope", None)  # what names of operations begin with in another scope
    with tf.variable_scope(
        name_or_scope, reuse=reuse, auxiliary_name_scope=False, **options
    ) as scope:
        yield scope


def GraphOrParentsInXlaContext(graph: Any) -> bool:
    """False: nothing here is compiled by XLA."""
    return False


def GetContainingXLAContext(ctxt: Any) -> Any:
    """None: nothing here is compiled by XLA."""
    return None


def shape_internal(input: Any, name: Any = None, optimize: bool = True,
                   out_type: Any = tf.int32) -> Any:  # fmt: skip
    """`tf.shape`, which `optimize` makes a constant where all sizes are known."""
    if isinstance(input, (tf.SparseTensor, tf.SparseTensorValue)):
        return tf.cast(input.dense_shape, out_type, name=name)
    input = tf.convert_to_tensor(input)
    if optimize and input.shape.is_fully_defined():
        return tf.constant(input.shape.as_list(), out_type, name=name or "Shape")
    return REGISTRY["Shape"](input, name=name, out_type=tf.as_dtype(out_type))


def variable(
    initial_value: Any = None,
    trainable: Any = None,
    collections: Any = None,
    validate_shape: bool = True,
    caching_device: Any = None,
    name: Any = None,
    dtype: Any = None,
    use_resource: Any = None,
    constraint: Any = None,
    **how: Any,
) -> Any:
    """`tf.Variable`, of variable_scope: `how` are `synchronization` and `aggregation`."""
    return tf.Variable(
        initial_value, trainable=trainable, collections=collections,
        validate_shape=validate_shape, caching_device=caching_device, name=name, dtype=dtype,
        use_resource=use_resource, constraint=constraint, **how,
    )  # fmt: skip


def is_resource_variable(var: Any) -> bool:
    """Whether each use reads it anew, as with `use_resource`."""
    return isinstance(var, tf.Variable) and not var.dtype._is_ref_dtype
