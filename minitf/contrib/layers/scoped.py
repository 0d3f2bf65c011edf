"""What layers of tf.contrib do around those of tf.layers: their variable scope, the names and
collections of their variables, the normalizer and the activation after them.
"""
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.initializers import xavier_initializer
from minitf.contrib.layers.utils import collect_named_outputs, get_variable_collections
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import add_to_collection, get_collection
from minitf.nn.activation import relu
from minitf.nn.bias import bias_add
from minitf.ops.state.copies import VariableAggregation, VariableSynchronization
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.partitioned import PartitionedVariable
from minitf.ops.state.variable_scope import variable_scope

FORMATS = ("NCHW", "NHWC")
FORMATS_3D = ("NCDHW", "NDHWC")


def check_format(data_format, known=FORMATS):
    """"channels_first" or "channels_last". ValueError for a format that is not known."""
    if data_format not in known:
        raise ValueError(f"data_format has to be either {known[0]} or {known[1]}.")
    return order_of(data_format)


def order_of(data_format):
    """"channels_first" or "channels_last" (also for None)."""
    first = bool(data_format) and data_format.startswith("NC")
    return "channels_first" if first else "channels_last"


# -- variables ------------------------------------------------------------------------------------


def model_variables(rename=None):
    """A custom getter: what it gets are model variables, under the names that `rename` gives."""

    def getter(
        getter, name, shape=None, dtype=None, initializer=None, regularizer=None, trainable=True,
        collections=None, caching_device=None, partitioner=None, use_resource=None,
        synchronization=VariableSynchronization.AUTO, aggregation=VariableAggregation.NONE, **_,
    ):  # fmt: skip
        path, slash, last = name.rpartition("/")
        return model_variable(
            path + slash + (rename or {}).get(last, last),
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            collections=collections,
            trainable=trainable,
            caching_device=caching_device,
            partitioner=partitioner,
            custom_getter=getter,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )

    return getter


def collect(variable, variables_collections, name):
    """Add a variable, or its parts, once, to the collections of those of this name."""
    parts = list(variable) if isinstance(variable, PartitionedVariable) else [variable]
    for collection in get_variable_collections(variables_collections, name) or ():
        for part in parts:
            if not any(part is other for other in get_collection(collection)):
                add_to_collection(collection, part)


def parameter(name, shape, dtype, initializer, given, regularizer=None):
    """The model variable `name` of a layer that was `given` these arguments."""
    return model_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        collections=get_variable_collections(given["variables_collections"], name),
        trainable=given["trainable"],
    )


# -- a layer of tf.layers and what follows it -----------------------------------------------------

KERNEL, BIAS = ("kernel", "weights"), ("bias", "biases")
DENSE = (KERNEL, BIAS)


def weighted(
    activation_fn=relu, normalizer_fn=None, normalizer_params=None,
    weights_initializer=xavier_initializer(), weights_regularizer=None, biases_initializer=Zeros(),
    biases_regularizer=None, reuse=None, variables_collections=None, outputs_collections=None,
    trainable=True, scope=None,
):  # fmt: skip
    """What layers with weights and biases take, after what is their own."""


def by_layer(layer, inputs, given, default_name, names=DENSE, initializer="kernel_initializer",
             regularizer="kernel_regularizer", **options):  # fmt: skip
    """What `layer`, a function that makes one of `tf.layers`, makes of `inputs`.

    `given` are arguments as `weighted` has them, `names` the attributes of the layer that are
    variables, with the names that they get.
    """
    renamed = {own: name for own, name, *_ in names}
    reuse, normalizer = given["reuse"], given["normalizer_fn"]
    with variable_scope(given["scope"], default_name, [inputs], reuse=reuse,
                        custom_getter=model_variables(renamed)) as scope:  # fmt: skip
        inputs = convert_to_tensor(inputs)
        options |= {initializer: given["weights_initializer"],
                    regularizer: given["weights_regularizer"]}  # fmt: skip
        made = layer(
            inputs,
            activation=None,
            use_bias=not normalizer and given["biases_initializer"],
            bias_initializer=given["biases_initializer"],
            bias_regularizer=given["biases_regularizer"],
            trainable=given["trainable"],
            name=scope.name,
            dtype=inputs.dtype.base_dtype,
            _scope=scope,
            _reuse=reuse,
            **options,
        )
        outputs = made(inputs)
        for own, _, *collection in names:
            if getattr(made, own) is not None:
                name = collection[0] if collection else renamed[own]
                collect(getattr(made, own), given["variables_collections"], name)
        if normalizer is not None:
            outputs = normalizer(outputs, **given["normalizer_params"] or {})
        return finished(outputs, given, scope)


def normalized_or_biased(outputs, channels, given, data_format=None):
    """The outputs after the normalizer, or else with biases, if there are any."""
    if given["normalizer_fn"] is not None:
        return given["normalizer_fn"](outputs, **given["normalizer_params"] or {})
    start = given["biases_initializer"]
    if start is None:
        return outputs
    biases = parameter("biases", [channels], outputs.dtype.base_dtype, start, given,
                       given["biases_regularizer"])  # fmt: skip
    return bias_add(outputs, biases, data_format=data_format)


def finished(outputs, given, scope):
    """The outputs after the activation, in their collections."""
    if given["activation_fn"] is not None:
        outputs = given["activation_fn"](outputs)
    return collect_named_outputs(given["outputs_collections"], scope.name, outputs)
