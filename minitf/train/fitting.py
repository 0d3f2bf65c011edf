"""Whether what a checkpoint has fits the variables that it is to be restored to."""
import functools

from minitf.core.errors import InvalidArgumentError
from minitf.core.tensor_shape import is_static
from minitf.lib import tensor_slice
from minitf.lib.checkpoint import opened


def check_shapes(restore, prefix):
    """InvalidArgumentError, before anything is restored, when the Operation `restore` would assign
    what has another shape than the variable; it names all of those."""
    with opened(prefix) as stored:
        wrong = [found for each in _assigned(restore) if (found := _misfit(stored, *each))]
    if wrong:
        operation, text, _ = wrong[0]
        listed = "".join(f"\n  {line}" for _, _, line in wrong[:10])
        more = f"\n  and {len(wrong) - 10} more" if len(wrong) > 10 else ""
        raise InvalidArgumentError(
            None, operation, f"Assign requires shapes of both tensors to match. {text}{listed}"
            f"{more}\n  (of {prefix}; nothing has been restored)"
        )  # fmt: skip


def _assigned(restore):
    """(assignment, name, spec) of each tensor that a node RestoreV2 reads for one."""
    stack, seen, texts = [restore], set(), functools.cache(_texts)
    while stack:
        operation = stack.pop()
        if operation in seen:
            continue
        seen.add(operation)
        if operation.type == "NoOp":
            stack += reversed(operation.control_inputs)
        elif operation.type == "Assign" and operation.attrs["validate_shape"]:
            tensor = operation.inputs[1]
            names, specs = texts(tensor.op, 1), texts(tensor.op, 2)
            if names is not None and specs is not None:
                yield operation, names[tensor.value_index], specs[tensor.value_index]


def _texts(operation, number):
    """An input of a node RestoreV2 that is a constant."""
    if operation.type != "RestoreV2" or operation.inputs[number].op.type != "Const":
        return None
    return [text.decode() for text in operation.inputs[number].op.attrs["value"].tolist()]


def _misfit(stored, assignment, name, spec):
    """(assignment, what TensorFlow says, what is meant) where the shapes are not the same."""
    if not stored.has(name):
        return None
    shape = tensor_slice.parsed(spec)[1].shape if spec else stored.described(name)[1]
    variable = assignment.inputs[0]
    if not is_static(variable._shape) or tuple(variable._shape) == shape:
        return None
    text = f"lhs shape= {list(variable._shape)} rhs shape= {list(shape)}"
    return assignment, text, (
        f"variable '{variable.op.name}' has the shape {list(variable._shape)}, '{name}' "
        f"{list(shape)}"
    )
