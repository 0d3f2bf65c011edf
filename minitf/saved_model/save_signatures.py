"""Signatures of an object that is saved: functions of tensors by name that give tensors by name."""

from collections.abc import Mapping, Sequence

from minitf.core import nest
from minitf.core.tensor import is_tensor
from minitf.core.tensor_spec import TensorSpec
from minitf.eager.concrete import ConcreteFunction
from minitf.eager.function import Function
from minitf.saved_model import signature_constants

DEFAULT = "_default_save_signature"


def found_signature(functions):
    """The function to serve of an object that has these, None where that is not clear."""
    if DEFAULT in functions:
        return functions[DEFAULT]
    known = (_traced(function) for function in functions.values())
    possible = [each for each in known if each is not None and _is_valid(each)]
    return possible[0] if len(possible) == 1 else None


def _traced(function):
    if isinstance(function, Function) and function.input_signature is not None:
        function = function.get_concrete_function()
    return function if isinstance(function, ConcreteFunction) else None


def _is_valid(concrete):
    try:
        return bool(concrete.outputs) and bool(_named(concrete.structured_outputs, "", ""))
    except ValueError:
        return False


def canonical(signatures):
    """{key: function} of signatures, one or several: each takes and gives tensors by names.

    ValueError for what is no function of certain types and shapes, or gives nested tensors.
    """
    if signatures is None:
        return {}
    if not isinstance(signatures, Mapping):
        signatures = {signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signatures}
    return {key: _wrapped(key, function) for key, function in signatures.items()}


def _wrapped(key, function):
    concrete = _traced(function)
    if concrete is None:
        raise ValueError(
            f"Expected a TensorFlow function to generate a signature for, but got {function}. Only "
            "`tf.functions` with an input signature or concrete functions can be used as a "
            "signature."
        )

    def signature_wrapper(**kwargs):
        return _named(concrete(**kwargs), concrete.name, key)

    inputs = concrete.graph.inputs
    specs = {name: TensorSpec(tensor.shape, tensor.dtype, name)
             for name, tensor in zip(concrete._keywords, inputs)}  # fmt: skip
    return Function(signature_wrapper, autograph=False).get_concrete_function(**specs)


def _named(outputs, name, key):
    """{name: tensor} of what a function gives."""
    if isinstance(outputs, Mapping):
        for each, value in outputs.items():
            if not is_tensor(value) and not isinstance(value, TensorSpec):
                raise ValueError(
                    f"Got a dictionary containing non-Tensor value {value} for key {each} in the "
                    f"output of the function {name} used to generate a SavedModel signature. "
                    "Dictionaries outputs for functions used as signatures should have one Tensor "
                    "output per string key."
                )
        return outputs
    listed = outputs if isinstance(outputs, Sequence) else [outputs]
    if any(nest.is_nested(each) for each in listed):
        raise ValueError(
            f"Got non-flat outputs '{outputs}' from '{name}' for SavedModel signature '{key}'. "
            "Signatures have one Tensor per output, so to have predictable names Python functions "
            "used to generate these signatures should avoid outputting Tensors in nested "
            "structures."
        )
    return {f"output_{number}": output for number, output in enumerate(listed)}
