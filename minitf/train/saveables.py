"""What a Saver saves: variables, parts of variables, other objects that have tensors."""
from minitf.core.convert import convert_to_tensor
from minitf.core.eager import executing_eagerly
from minitf.core.graph import get_default_graph
from minitf.core.saveable import SaveableObject, SaveSpec
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import reshape
from minitf.ops.state.assign import assign
from minitf.ops.state.partitioned import PartitionedVariable
from minitf.ops.state.variables import Variable


class ReferenceVariableSaveable(SaveableObject):
    """A variable, or a part of one."""

    def __init__(self, var, slice_spec, name):
        super().__init__(var, [SaveSpec(var, slice_spec, name, dtype=var.dtype)], name)

    def restore(self, restored_tensors, restored_shapes):
        tensor = restored_tensors[0]
        if restored_shapes is not None:
            tensor = reshape(tensor, restored_shapes[0])
        known = restored_shapes is None and self.op.get_shape().is_fully_defined()
        resource = vars(self.op.op).get("is_resource", False)
        with get_default_graph()._counting(1 + resource):  # TensorFlow makes an Identity before
            return assign(self.op, tensor, validate_shape=known)


def reference(item):
    """The Tensor that stands for a variable. TypeError for what is none."""
    tensor = item._ref() if hasattr(item, "_ref") else convert_to_tensor(item)
    if not tensor.op.definition.variable:
        raise TypeError("names_to_saveables must be a dict mapping string names to "
                        f"Tensors/Variables. Not a variable: {tensor}")  # fmt: skip
    return tensor


# -- by names -------------------------------------------------------------------------------------


def saveables_of(names_to_saveables):
    """The SaveableObjects of a list of variables, or of a dict of those by names, sorted.

    TypeError for what cannot be saved, ValueError for what has a name, or is there, twice.
    """
    named = names_to_saveables
    if not isinstance(named, dict):
        named = op_list_to_dict(named)
    found, seen = [], set()
    for name, item in sorted(named.items(), key=lambda pair: pair[0]):
        for saveable in saveable_objects_for_op(item, name):
            if id(saveable.op) in seen:
                raise ValueError(
                    f"The same saveable will be restored with two names: {saveable.name}"
                )
            seen.add(id(saveable.op))
            found.append(saveable)
    return found


def op_list_to_dict(op_list, convert_variable_to_tensor=True):
    """Variables and SaveableObjects by the names that a checkpoint knows them by; the parts of a
    variable are a list. Errors as `saveables_of` has them."""
    if not isinstance(op_list, (list, tuple, set)):
        raise TypeError(f"Variables to save should be passed in a dict or a list: {op_list}")
    if executing_eagerly():  # there one may be given twice
        op_list = {id(item): item for item in op_list}.values()
    named = {}
    for item in sorted(op_list, key=lambda each: each.name):
        part = getattr(item, "_save_slice_info", None)
        if isinstance(item, SaveableObject):
            named[item.name] = item
        elif part is not None:
            parts = named.setdefault(part.full_name, [])
            if not isinstance(parts, list):
                raise ValueError(f"Mixing slices and non-slices with the same name: "
                                 f"{part.full_name}")  # fmt: skip
            parts.append(item)
        elif isinstance(item, PartitionedVariable):
            _put(named, item.name, item)
        elif _has_saveables(item):
            made = [_made(each) for each in item._gather_saveables_for_checkpoint().values()]
            named.update(op_list_to_dict(made))
        else:
            tensor = _variable_to_save(item)
            _put(named, tensor.op.name, tensor if convert_variable_to_tensor else item)
    return named


def _variable_to_save(item):
    try:
        return reference(item)
    except TypeError:
        raise TypeError(f"Variable to save is not a Variable: {item}") from None


def _put(named, name, item):
    if name in named:
        raise ValueError(f"At least two variables have the same name: {name}")
    named[name] = item


def _has_saveables(item):
    known = isinstance(item, (Variable, Tensor))
    return not known and hasattr(item, "_gather_saveables_for_checkpoint")


def _made(factory, *name):
    return factory(*name) if callable(factory) else factory


def saveable_objects_for_op(op, name):
    """The SaveableObjects of what has this name, one after the other."""
    if not isinstance(name, str):
        raise TypeError("names_to_saveables must be a dict mapping string names to trackable "
                        f"operations. Name is not a string: {name}")  # fmt: skip
    if isinstance(op, SaveableObject):
        yield op
    elif isinstance(op, (list, tuple, PartitionedVariable)):
        yield from _parts(list(op), name)
    elif _has_saveables(op):
        for attr, factory in op._gather_saveables_for_checkpoint().items():
            full = name if attr == "VARIABLE_VALUE" else f"{name}_{attr}"
            made = _made(factory, full)
            yield from saveable_objects_for_op(made, made.name)
    else:
        yield ReferenceVariableSaveable(reference(op), "", name)


def _parts(variables, name):
    whole = None
    for variable in variables:
        if not isinstance(variable, Variable):
            raise ValueError(f"Slices must all be Variables: {variable}")
        if not variable._save_slice_info:
            raise ValueError(f"Slices must all be slices: {variable}")
        info = variable._save_slice_info
        whole = whole or info.full_name
        if whole != info.full_name:
            raise ValueError(
                f"Slices must all be from the same tensor: {whole} != {info.full_name}"
            )
        yield ReferenceVariableSaveable(variable, info.spec, name)
