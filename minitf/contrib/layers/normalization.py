"""`tf.contrib.layers.layer_norm`."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.framework.variables import model_variable
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float16
from minitf.core.graph import add_to_collections
from minitf.nn.normal import batch_normalization, moments
from minitf.ops.state.initializers import Ones, Zeros
from minitf.ops.state.variable_scope import variable_scope


@add_arg_scope
def layer_norm(
    inputs,
    center=True,
    scale=True,
    activation_fn=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    begin_norm_axis=1,
    begin_params_axis=-1,
    scope=None,
):
    """activation_fn(gamma * (inputs - mean) / sqrt(variance) + beta), after Ba et al. 2016.

    Mean and variance are those of each example, over the axes from `begin_norm_axis` on. The
    variables beta (with `center`) and gamma (with `scale`) have the shape of the axes from
    `begin_params_axis` on. `variables_collections` may be a dictionary with a list for each of
    them. Raises ValueError for an unknown rank or size of those axes.
    """
    with variable_scope(scope, "LayerNorm", [inputs], reuse=reuse):
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if rank is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank.")
        first = begin_norm_axis + rank if begin_norm_axis < 0 else begin_norm_axis
        if begin_params_axis >= rank or first >= rank:
            raise ValueError(
                f"begin_params_axis ({begin_params_axis}) and begin_norm_axis ({first}) must be < "
                f"rank(inputs) ({rank})"
            )
        shape = inputs.shape[begin_params_axis:]
        if not shape.is_fully_defined():
            raise ValueError(
                f"Inputs {inputs.name}: shape(inputs)[{begin_params_axis}:] is not fully defined: "
                f"{inputs.shape}"
            )

        def parameter(name, initializer, wanted):
            if not wanted:
                return None
            collections = variables_collections
            if isinstance(collections, dict):
                collections = collections.get(name)
            return model_variable(name, shape, inputs.dtype.base_dtype, initializer,
                                  collections=collections, trainable=trainable)  # fmt: skip

        beta, gamma = parameter("beta", Zeros(), center), parameter("gamma", Ones(), scale)
        mean, variance = moments(inputs, list(range(first, rank)), keep_dims=True)
        epsilon = 1e-3 if inputs.dtype.base_dtype == float16 else 1e-12
        outputs = batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(inputs.shape)
        outputs = outputs if activation_fn is None else activation_fn(outputs)
        if outputs_collections:
            add_to_collections(outputs_collections, outputs)
        return outputs
