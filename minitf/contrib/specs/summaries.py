"""What a network is made of, in a line or as a tree, and how many parameters it has."""
import itertools
import re

from minitf.contrib.specs.evaluating import create_net
from minitf.core.dtypes import float32
from minitf.core.tensor import Tensor
from minitf.ops.state.placeholder import placeholder

_SHORT_NAMES = {"BiasAdd": "biasadd", "Const": "_", "Conv2D": "conv", "MatMul": "dot",
                "Placeholder": "_", "Sigmoid": "sig", "Variable": "var"}  # fmt: skip
_VARIABLES = ("Variable", "VariableV2")


def _op_and_shape(x, without):
    return (x.op, x.shape.as_list()) if isinstance(x, Tensor) else (x, without)


def _inputs(op):
    """What is looked at before an operation: nothing of loops that are unrolled."""
    return [] if "/HorizontalLstm/" in op.name else list(op.inputs)


def tf_structure(x, include_shapes=False, finished=None):
    """The types of the operations that a tensor or operation comes from, each after its inputs:
    `<>` stands for one that was there already. Constants and placeholders are `_`."""
    finished, words = set() if finished is None else finished, []
    waiting = [(x, False)]
    while waiting:
        x, inputs_done = waiting.pop()
        op, shape = _op_and_shape(x, [])
        if inputs_done:
            words += [f"{shape}"] if include_shapes else []
            if op.type != "Identity":
                words.append(_SHORT_NAMES.get(op.type, op.type.lower()))
        elif op in finished:
            words.append("<>")
        else:
            finished.add(op)
            waiting += [(x, True), *[(each, False) for each in reversed(_inputs(op))]]
    return "".join(f" {word}" for word in words)


def tf_print(x, depth=0, finished=None, printer=print):
    """Print the operations that a tensor or operation comes from as a tree, each above its inputs:
    `<name>` stands for one that was there already."""
    finished, waiting = set() if finished is None else finished, [(x, depth)]
    while waiting:
        x, depth = waiting.pop()
        op, shape = _op_and_shape(x, "")
        op = op.inputs[0].op if op.type == "Identity" else op
        mark = "<{}>" if op in finished else "{}"
        printer(f"{'  ' * depth}{mark.format(op.name)} {op.type} {shape}")
        if op not in finished:
            finished.add(op)
            waiting += [(each, depth + 1) for each in reversed(_inputs(op))]


def tf_num_params(x):
    """How many elements the variables have that a tensor or operation comes from; one that is read
    at several places is counted at each."""
    total, waiting = 0, [x]
    while waiting:
        x = waiting.pop()
        op, _ = _op_and_shape(x, None)
        if op.type in _VARIABLES:
            total += op.outputs[0].shape.num_elements()
        else:
            waiting += op.inputs
    return total


def tf_left_split(op):
    """(The input that an operation works on, its other inputs), as in a chain of layers."""
    first = int(op.type == "Concat")
    return (op.inputs[first], op.inputs[first + 1 :]) if len(op.inputs) else (None, [])


def tf_parameter_iter(x):
    """(Name, number of parameters, shape) of each operation back along a chain of layers."""
    while x is not None:
        op, shape = _op_and_shape(x, "")
        x, others = tf_left_split(op)
        yield op.name, sum(map(tf_num_params, others)), shape


def _combined(parameters):
    """One for those in a row that are in the same scope: the shape is that of the last layer."""
    for name, group in itertools.groupby(parameters, lambda each: re.sub("/.*", "", each[0])):
        parts = list(group)
        yield name, sum(total for _, total, _ in parts), parts[0][2]


def tf_parameter_summary(x, printer=print, combine=True):
    """Print the number of parameters, name and shape of each layer of a chain, the first first."""
    found = list(tf_parameter_iter(x))
    for name, total, shape in reversed(list(_combined(found) if combine else found)):
        printer(f"{total:10d} {name:<20s} {shape}")


def _net(spec, inputs, input_shape, input_type):
    return create_net(spec, placeholder(input_type, input_shape) if inputs is None else inputs)


def tf_spec_structure(spec, inputs=None, input_shape=None, input_type=float32):
    """`tf_structure` of a specification's network, of `inputs` or of a placeholder."""
    return tf_structure(_net(spec, inputs, input_shape, input_type)).strip()


def tf_spec_summary(spec, inputs=None, input_shape=None, input_type=float32):
    """`tf_parameter_summary` of a specification's network, of `inputs` or of a placeholder."""
    tf_parameter_summary(_net(spec, inputs, input_shape, input_type))


def tf_spec_print(spec, inputs=None, input_shape=None, input_type=float32):
    """`tf_print` of a specification's network, of `inputs` or of a placeholder."""
    tf_print(_net(spec, inputs, input_shape, input_type))
