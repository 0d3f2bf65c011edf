"""What a NodeDef says an operation is: its attributes as minitf has them, checked."""

from minitf.core.proto.attributes import kind_of, python_value
from minitf.core.proto.differences import difference
from minitf.core.proto.signatures import REQUIRED
from minitf.core.tensor_shape import TensorShape

# The names of types in the errors of TensorFlow.
_TYPES = {"float32": "float", "float64": "double", "float16": "half"}


def type_name(dtype):
    """`float` for tf.float32, `float_ref` for a reference."""
    base = dtype.base_dtype.name
    return _TYPES.get(base, base) + ("_ref" if dtype._is_ref_dtype else "")


def attributes(node, declared, path):
    """{name: value} of a node of the op `declared`, defaults filled in. ValueError for an attribute
    that the op has not, one that is missing, or of another kind."""
    found = {}
    for name, value in node.attr.items():
        attr = declared.attrs.get(name)
        if attr is None and not name.startswith("_"):
            raise ValueError(
                f"NodeDef mentions attr '{name}' not in {declared}; NodeDef: {{{{node {path}}}}}. "
                "(Check whether your GraphDef-interpreting binary is up to date with your "
                "GraphDef-generating binary.)."
            )
        if attr is not None:
            _check_kind(value, attr, declared, path)
            found[name] = python_value(value)
    for attr in declared.attrs.values():
        if attr.name not in found and attr.default is not REQUIRED:
            found[attr.name] = attr.default
    missing = [f"'{name}'" for name in declared.attrs if name not in found]
    if missing:
        several = "s" if len(missing) > 1 else ""
        raise ValueError(f"NodeDef missing attr{several} {', '.join(missing)} from {declared}; "
                         f"NodeDef: {{{{node {path}}}}}")  # fmt: skip
    return found


def _check_kind(value, attr, declared, path):
    kind = kind_of(value)
    empty_list = kind == "list" and attr.kind.startswith("list(")
    if kind != attr.kind and not empty_list:
        raise ValueError(
            f"AttrValue had value with type '{kind}' when '{attr.kind}' expected\n\t for attr "
            f"'{attr.name}'\n\t; NodeDef: {{{{node {path}}}}}; {declared}"
        )


def check_inputs(inputs, attrs, declared, path):
    """ValueError unless the inputs are as many, and of the types, as the op takes.

    A variable's reference will do where TensorFlow has the handle of a resource variable, since
    minitf makes one of the other; and what is read of it, too. So will float64 where an op of
    TensorFlow takes float32 alone: minitf's say themselves what they take.
    """
    expected = [dtype for arg in declared.inputs for dtype in arg.dtypes(attrs)]
    fixed = [arg.type not in attrs and not arg.types for arg in declared.inputs
             for _ in arg.dtypes(attrs)]  # fmt: skip
    if len(expected) != len(inputs):
        names = ", ".join(map(type_name, expected))
        raise ValueError(f"NodeDef expected inputs '{names}' do not match {len(inputs)} inputs "
                         f"specified; {declared}; NodeDef: {{{{node {path}}}}}")  # fmt: skip
    for index, (dtype, tensor) in enumerate(zip(expected, inputs)):
        differs = tensor.dtype.base_dtype is not dtype.base_dtype
        lacks_ref = dtype._is_ref_dtype and not tensor.dtype._is_ref_dtype
        wider = fixed[index] and dtype.name == "float32" and tensor.dtype.name == "float64"
        if (differs and dtype.name != "resource" and not wider) or lacks_ref:
            raise ValueError(
                f"Input {index} of node {path} was passed {type_name(tensor.dtype)} from "
                f"{tensor.name} incompatible with expected {type_name(dtype)}."
            )


def own_attributes(definition, attrs, declared, path):
    """The attributes as minitf's op takes them. NotImplementedError for one that asks for what it
    does not do."""
    differs = difference(definition.type)
    for name in differs.lacks:
        if attrs[name] != declared.attrs[name].default:
            raise NotImplementedError(
                f"{definition.type} '{path}': minitf has no {name}={attrs[name]!r}, only "
                f"{declared.attrs[name].default!r}"
            )
    found = differs.read(attrs)
    if "output_shapes" in found:  # of the elements of a dataset
        found = {**found, "output_shapes": [*map(TensorShape, found["output_shapes"])]}
    return {name: found[name] for name in definition.schema.attrs if name in found}


def guessed_attributes(definition, node):
    """Those of an op that only minitf has."""
    return {name: python_value(node.attr[name]) for name in definition.schema.attrs
            if name in node.attr}  # fmt: skip
