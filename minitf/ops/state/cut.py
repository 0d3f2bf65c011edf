"""`tf.create_partitioned_variables`: variables in parts, the older way."""
from minitf.core.dtypes import float32
from minitf.ops.state.variable_scope import get_variable_scope, variable_scope


def create_partitioned_variables(
    shape, slicing, initializer, dtype=float32, trainable=True, collections=None, name=None,
    reuse=None,
):
    """The parts, a list of variables, of one of this shape: `slicing` says how many along each
    axis, more than one along one only.

    `initializer` is a Tensor of the shape, or called for each part. ValueError for what does not
    fit.
    """  # fmt: skip
    if len(shape) != len(slicing):
        raise ValueError(
            "The 'shape' and 'slicing' of a partitioned Variable must have the length: shape: "
            f"{shape}, slicing: {slicing}"
        )
    if len(shape) < 1:
        raise ValueError(f"A partitioned Variable must have rank at least 1: shape: {shape}")
    with variable_scope(name, "PartitionedVariable", reuse=reuse):
        return list(get_variable_scope()._in_parts(
            lambda **_: slicing, shape, dtype, initializer, trainable, collections
        ))  # fmt: skip
