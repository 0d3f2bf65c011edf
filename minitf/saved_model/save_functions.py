"""The functions of objects as messages, for a SavedModel."""

import inspect
from collections import namedtuple

from minitf.core import nest
from minitf.core.dtypes import resource
from minitf.core.operation import Operation
from minitf.core.proto.export import graph_def
from minitf.core.proto.functions import Argued, function_def
from minitf.core.proto.saved_object_graph import (
    SavedBareConcreteFunction,
    SavedConcreteFunction,
    SavedFunction,
)
from minitf.core.shallow import paths_up_to
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.static import constant_value
from minitf.core.tensor import is_tensor
from minitf.core.tensor_spec import SparseTensorSpec, TensorSpec
from minitf.eager.arguments import Composite
from minitf.graph_util.handles import with_handles
from minitf.graph_util.portable import portable
from minitf.saved_model.structures import encoded

FullArgSpec = namedtuple("FullArgSpec", "args varargs varkw defaults kwonlyargs kwonlydefaults "
                         "annotations")  # fmt: skip


class Exported:
    """A function that was traced, as a FunctionDef: `captured` are the tensors of outside that it
    is given after its arguments, variables by their references; `library` what it calls."""

    def __init__(self, concrete, name):
        graph, self.concrete, self.name = concrete.graph, concrete, name
        made = portable(graph_def(graph.get_operations(), add_shapes=True))
        self.library = list(made.library.function)
        self.captured, arguments = [], [_argued(tensor) for tensor in graph.inputs]
        for outside, inside in graph.captures.items():
            self.captured.append(_variable_of(outside))
            arguments.append(_argued(inside))
        handles = {}
        for outside, node in graph.variables.items():
            place = graph.places.get(node.op)
            if place is None:
                self.captured.append(outside)
                arguments.append(Argued(f"{node.op.name}_handle", resource.enum))
            name_inside = place.op.name if place is not None else arguments[-1].tensor
            handles[node.op.name] = name_inside, node.dtype.base_dtype
        nodes = with_handles(made.node, handles)
        effects = _effects(graph, nodes)
        results = [_argued(tensor) for tensor in graph.outputs]
        self.message = function_def(name, arguments, nodes, results, effects)
        self.message.signature.is_stateful = bool(handles or effects)
        _say_names(self.message, graph.inputs)

    def described(self, numbers, optional):
        """The SavedConcreteFunction; `numbers` are those of the objects that it has captured,
        `optional` the defaults of arguments that have to be named."""
        made, concrete = SavedConcreteFunction(bound_inputs=numbers), self.concrete
        made.canonicalized_input_signature.CopyFrom(encoded(_arguments(concrete, optional)))
        outputs = concrete.structured_outputs
        results = [_result(*each) for each in paths_up_to(outputs, outputs)]
        made.output_signature.CopyFrom(encoded(nest.pack_sequence_as(outputs, results)))
        return made


def _argued(tensor):
    name = tensor.op.name if tensor.value_index == 0 else tensor.name
    return Argued(name, tensor.dtype.base_dtype.enum)


def _variable_of(tensor):
    """The reference of a variable that a tensor is the place of."""
    return tensor.op.inputs[0] if tensor.op.type == "VariablePlace" else tensor


def _effects(graph, nodes):
    """The names of the nodes that run in any case."""
    names = {node.name for node in nodes}
    found = [operation.name for operation in graph.effects()]
    return [f"{name}/change" if f"{name}/change" in names else name for name in found]


def _say_names(message, inputs):
    """Note how arguments are called, for those who save the function again."""
    for number, tensor in enumerate(inputs):
        message.arg_attr[number].attr["_user_specified_name"].s = tensor.op.name.encode()
    for number in range(len(inputs), len(message.signature.input_arg)):
        message.arg_attr[number].SetInParent()


def constant_of(tensor, name):
    """The value of a tensor that the function `name` has captured. ValueError for one that is
    computed in a graph."""
    value = constant_value(tensor)
    if value is None:
        raise ValueError(
            f"Attempted to save a function {name} which references a symbolic Tensor {tensor} that "
            "is not a simple constant. This is not supported."
        )
    return value


# -- how they are called --------------------------------------------------------------------------


def _arguments(concrete, optional):
    """(args, kwargs) with specs; `optional` keywords that have their defaults are left out."""
    inputs = iter(concrete.graph.inputs)
    flat = [_spec(leaf, inputs) for leaf in nest.flatten(concrete._given)]
    args, kwargs = nest.pack_sequence_as(concrete._given, flat)
    return args, {key: value for key, value in kwargs.items()
                  if not (key in optional and value is optional[key])}  # fmt: skip


def _spec(leaf, inputs):
    if isinstance(leaf, Composite):
        if leaf.key[0] is not SparseTensor:
            raise NotImplementedError(f"A function of {leaf.key[0].__name__}: minitf writes those "
                                      "of tensors and sparse tensors.")  # fmt: skip
        parts = [next(inputs) for _ in leaf.specs]
        return SparseTensorSpec([None] * (leaf.specs[0].shape[1].value or 0), parts[1].dtype)
    if isinstance(leaf, TensorSpec):
        return TensorSpec(leaf.shape, leaf.dtype, next(inputs).op.name)
    return leaf


def _result(path, leaf):
    if leaf is None or isinstance(leaf, Operation):
        return None
    if isinstance(leaf, SparseTensor):
        return SparseTensorSpec(leaf.shape, leaf.dtype)
    if is_tensor(leaf):
        return TensorSpec(leaf.shape, leaf.dtype.base_dtype, "/".join(map(str, path)))
    return leaf


def optional_keywords(function):
    """The defaults of the arguments that have to be named."""
    found = function._arguments.of_python.parameters.values()
    return {each.name: each.default for each in found
            if each.kind is each.KEYWORD_ONLY and each.default is not each.empty}  # fmt: skip


def saved_function(function, names):
    """The SavedFunction of a tf.function that was traced to functions of these names."""
    made = SavedFunction(concrete_functions=names)
    made.function_spec.fullargspec.CopyFrom(encoded(_full_spec(function._arguments.of_python)))
    made.function_spec.input_signature.CopyFrom(encoded(function.input_signature))
    return made


def _full_spec(signature):
    found = list(signature.parameters.values())
    kinds = inspect.Parameter

    def named(*chosen):
        return [each for each in found if each.kind in chosen]

    positional = named(kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)
    defaults = [each.default for each in positional if each.default is not kinds.empty]
    more, keywords = named(kinds.VAR_POSITIONAL), named(kinds.VAR_KEYWORD)
    only = named(kinds.KEYWORD_ONLY)
    optional = {each.name: each.default for each in only if each.default is not kinds.empty}
    return FullArgSpec(
        args=[each.name for each in positional], varargs=more[0].name if more else None,
        varkw=keywords[0].name if keywords else None, defaults=tuple(defaults) or None,
        kwonlyargs=[each.name for each in only], kwonlydefaults=optional or None, annotations={},
    )  # fmt: skip


def saved_signature(concrete, name):
    """The SavedBareConcreteFunction of a signature: what it is given has names."""
    keywords = [tensor.op.name for tensor in concrete.graph.inputs]
    return SavedBareConcreteFunction(
        concrete_function_name=name, argument_keywords=keywords,
        allowed_positional_arguments=1 if len(keywords) == 1 else 0,
    )  # fmt: skip
