"""`tf.contrib.layers.flatten`."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import add_to_collections, name_scope
from minitf.layers.core import flatten as flattened


@add_arg_scope
def flatten(inputs, outputs_collections=None, scope=None):
    """`inputs` [batch, ...] as a matrix [batch, rest]; added to `outputs_collections`.

    ValueError for inputs without a batch axis.
    """
    with name_scope(scope, "Flatten", [inputs]):
        outputs = flattened(convert_to_tensor(inputs))
        add_to_collections(outputs_collections or (), outputs)
        return outputs
