"""Nodes of ops that TensorFlow 1.15 has and minitf has not.

A graph with some of them can be imported and the rest of it run: the model in a graph that was
written for training, say. What needs such a node raises UnimplementedError in the run.
"""

from minitf.core.errors import UnimplementedError
from minitf.core.op import NOT_DIFFERENTIABLE, OpDef
from minitf.core.schema import Attr, Each


def _shapes(*inputs, types, found):
    return [None] * len(types)


def definition(type):
    """The op of this type."""

    def kernel(xp, *inputs: Each, types, found) -> [Attr("types")]:
        raise UnimplementedError(
            None, None,
            f"minitf has no op {type} (yet): a node of it can be imported, and be written again, "
            "but nothing can be run that needs it",
        )  # fmt: skip

    kernel.__name__ = type
    made = OpDef(type, kernel, _shapes, NOT_DIFFERENTIABLE, stateful=True, host=True,
                 as_found=True)  # fmt: skip
    made.schema.several = True
    return made


def attributes(declared, attrs):
    """Those of a node: the types of its outputs, and (kind, value) of what it was found with."""
    types = [dtype for arg in declared.outputs for dtype in arg.dtypes(attrs)]
    found = {name: (attr.kind, attrs[name]) for name, attr in declared.attrs.items()}
    return {"types": types, "found": found}
