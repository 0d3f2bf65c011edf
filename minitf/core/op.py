"""The op registry: one declaration per op holds its kernel, shape rule, types, gradient, traits.

    @op("MatMul", shape=matmul_shape)
    def matmul(xp, a, b, out=None, *, transpose_a=False, transpose_b=False): ...

The kernel's signature is the schema: positional parameters are tensors, keyword-only ones are
attributes, `out` says that it can write into a given buffer, and `xp` is the array module. An
annotation narrows the types of a tensor; without one it shares the type `T` with the others.
"""
from __future__ import annotations

from collections.abc import Callable
from inspect import Signature
from typing import Any

from minitf.core import build, shape_rules
from minitf.core.operation import Operation
from minitf.core.ragged import HANDLERS, any_ragged
from minitf.core.schema import Numeric, Schema, TypeAttr

REGISTRY: dict[str, OpDef] = {}


def NOT_DIFFERENTIABLE(*_: Any, **__: Any) -> tuple[None, ...]:
    """The gradient rule that says aloud: nothing flows back through this op."""
    return ()


class OpDef:
    """All that minitf knows about one op.

    Calling it adds a node to the graph: `op(*tensors, name=None, **attributes)`.
    """

    # Traits: false unless the declaration says otherwise.
    # C expression of x0, x1, ..., or what makes it from their number and the attributes: the op
    # is element-wise.
    scalar: str | Callable[..., str] | None = None
    ufunc: str | None = None  # its NumPy name, called without a wrapper
    source: Callable[..., str | None] | None = None  # the call as a line of NumPy
    view: bool = False  # outputs may share the first input's memory
    alias: bool = False  # the output is the first input
    reshapes: bool = False  # such a view, of the same elements in the same order
    structural: bool = False  # moves elements without looking at them
    alike: bool = False  # the inputs have one shape: what is known of one is known of all
    stateful: bool = False  # has effects, or two nodes alike may differ: never folded or shared
    placeholder: bool = False  # has a value only by being fed
    variable: bool = False  # its value lives in the Session
    loops: bool = False  # a group of ops as one compiled loop
    rows: bool = False  # a vector as its first input has an element for each row of the others
    tiles: bool = False  # such a group, run by NumPy tile by tile
    # What combines which axes, as ("sum", (0,)), given the input's shape: it can close a loop. What
    # is combined are the elements, or, where there is a `scalar`, what that makes of each.
    reduction: Callable[..., Any] | None = None
    stores: Any = None  # the op that takes its place where the variable is known to have a value
    sums: bool = False  # the output is the sum of the inputs
    accumulates: Any = None  # the op of (c, *inputs) that adds what this one computes to c
    updates: Any = None  # the op of (variable, *inputs): alpha times that, plus beta * variable
    # Which input, along which axis, has the output's columns, given the attributes.
    columns: Callable[..., tuple[int, int]] | None = None
    native: Callable[..., Any] | None = None  # its Kernel in C, given Arrays
    # The kernel once more, which is given instead of `xp` a function that runs a Kernel on arrays
    # at once: for outputs whose shape only the run knows, for strings. None leaves it to `kernel`.
    quick: Callable[..., Any] | None = None
    quick_at_once: bool = False  # where it pays in the first run, whatever the rest computes
    fails: bool = False  # that may find an index outside, and raise IndexError
    cuda: Callable[..., Any] | None = None  # its Launch, or a list of them, given Arrays
    host: bool = False  # the kernel needs NumPy: on a GPU it runs there only as a part of a loop
    lapack: bool = False  # the kernel gives the matrices in its first input to LAPACK
    # What it does with the rows that a vector of indices names: "distinct" finds the different
    # indices, "sum" adds up the rows of equal index, "take" picks rows. Of an update it is what an
    # element of the variable becomes, in C: an expression of the old one, x0, and the update's, x1.
    by_rows: str = ""
    inplace: bool = False  # `out` may be an input's own buffer
    broadcasts: bool = False  # its inputs broadcast: autodiff sums their gradients back
    # Of the nodes that branches and loops are made of: "switch", "merge", "enter", "exit", "next",
    # "test" (whether a loop goes on).
    flow: str = ""
    array: str = ""  # what it does to the TensorArray whose handle it makes or is given first
    token: bool = False  # the output is the last input: it only says what comes before what
    collective: bool = False  # done by several processes together: in the order of building
    locks: bool = False  # its input, until who reads its output has released that
    as_found: bool = False  # of an op that minitf lacks: nodes have the attributes they came with
    lends: bool = False  # outputs lie in memory that is used again
    waits: bool = False  # it may wait for other threads: what else can run comes before it
    brings: bool = False  # it may wait for room: it is told what this run itself takes afterwards
    hint: str = ""  # what else was meant, perhaps, when it is called with too many tensors
    intake: bool = False  # its outputs come from outside: a run takes them first, as it takes feeds
    state: Callable[..., Any] | None = None  # makes what a Session keeps for a node of this op
    value: Callable[..., Any] | None = None  # the value, where input shapes alone decide it
    simplify: Callable[..., Any] | None = None  # the input it equals, given shapes and values

    def __init__(
        self, type: str, kernel: Callable[..., Any], shape: Any, grad: Any = None, **traits: Any
    ) -> None:
        self.type = type
        self.kernel = kernel
        self.shape = shape
        self.grad = grad
        self.schema = Schema(kernel)
        self.calls: dict[Any, Any] = {}  # what is known of calls that run at once: core/eager.py
        self.refs = tuple(i for i, param in enumerate(self.schema.params) if param.ref)
        for trait, value in traits.items():
            self.set_trait(trait, value)
        self.__name__ = self.__qualname__ = kernel.__name__
        self.__doc__ = kernel.__doc__

    def __repr__(self) -> str:
        return f"<op {self.type}>"

    def __deepcopy__(self, memo: Any) -> OpDef:
        return self  # as functions are: whoever holds it as an activation may be copied

    @property
    def __signature__(self) -> Signature:
        return self.schema.signature()

    def __call__(self, *inputs: Any, name: str | None = None, **attrs: Any) -> Any:
        if HANDLERS and self in HANDLERS and any_ragged(inputs, attrs):
            return HANDLERS[self](*inputs, name=name, **attrs)
        if self.scalar is not None and len(inputs) == 1 and hasattr(inputs[0], "_mapped"):
            return inputs[0]._mapped(lambda values: self(values, name=name, **attrs))
        return build.build(self, inputs, attrs, name)

    def set_trait(self, name: str, value: Any) -> None:
        if name.startswith("_") or name not in OpDef.__dict__:
            raise TypeError(f"op {self.type}: there is no trait '{name}'")
        setattr(self, name, value)

    def gradient(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Decorator: declare the gradient.

        `rule(y, dy, *inputs, **attributes)` returns one tensor per input: or None, or a function
        that makes it, where that is work that may be in vain.
        """
        self.grad = rule
        return rule

    def trait(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Decorator: declare the trait that bears the function's name."""
        self.set_trait(function.__name__, function)
        return function

    # What programs ask of the message that TensorFlow describes an op by.
    name = property(lambda self: self.type)

    @property
    def is_stateful(self) -> bool:
        """Whether running it has effects, or two runs may differ."""
        return (self.stateful and not self.written) or self.variable or self.state is not None

    def writes(self) -> bool:
        """Whether it changes the variable that is its first input."""
        return self.stateful and isinstance(self.schema.returns, TypeAttr) and bool(
            self.schema.returns.ref
        )

    @property
    def on_host(self) -> bool:
        """Whether no GPU can run it."""
        return self.host and self.scalar is None and self.cuda is None

    def overwrites(self, output: int) -> bool:
        """Whether this output may lie in the memory of an input of the same shape."""
        return self.inplace

    @property
    def viewed(self) -> int:
        """Which input the outputs of a view share memory with."""
        return next(i for i, param in enumerate(self.schema.params) if not param.static)

    @property
    def written(self) -> tuple[tuple[int, int], ...]:
        """Which input is a variable that it changes, and which output that variable then is."""
        return ((0, 0),) if self.writes() else ()

    def type_attrs(self, operation: Operation) -> dict[str, Any]:
        """The type attributes, such as {"T": tf.float32}, of a node of this op."""
        bound: dict[str, Any] = {}
        for param, tensor in self.schema.arguments(operation.inputs):
            if not isinstance(param.type, TypeAttr) or param.type.attr.startswith("_"):
                continue  # of none in TensorFlow
            if param.type.each:
                bound.setdefault(param.type.attr, []).append(tensor.dtype.base_dtype)
            else:
                bound.setdefault(param.type.attr, tensor.dtype.base_dtype)
        return bound


def op(
    type: str, *, shape: Any = shape_rules.same, grad: Any = None, **traits: Any
) -> Callable[[Callable[..., Any]], OpDef]:
    """Decorator: make a kernel into an op that can be called to build a node."""
    return lambda kernel: _registered(OpDef(type, kernel, shape, grad, **traits))


def _registered(definition: OpDef) -> OpDef:
    if definition.type in REGISTRY:
        raise ValueError(f"op {definition.type} is declared twice")
    REGISTRY[definition.type] = definition
    return definition


def elementwise(
    type: str,
    ufunc: str,
    scalar: str,
    *,
    grad: Any = None,
    types: Any = Numeric,
    returns: Any = None,
    **traits: Any,
) -> OpDef:
    """Declare an element-wise op: a NumPy ufunc, the same thing in C, and its derivative.

    `types` are those of its inputs; `returns` that of its output where it differs.
    """
    kernel = _binary(ufunc) if "x1" in scalar else _unary(ufunc)
    kernel.__name__ = ufunc
    kernel.__annotations__ = {"x": types, "y": types, "return": returns or types}
    traits |= {"scalar": scalar, "ufunc": ufunc, "inplace": returns is None, "broadcasts": True}
    definition = _registered(OpDef(type, kernel, shape_rules.broadcast, grad, **traits))
    definition.__name__ = definition.__qualname__ = function_name(type)
    return definition


def function_name(type: str) -> str:
    """What TensorFlow calls the function of a type of op: `is_finite` of `IsFinite`."""
    return "".join("_" + c.lower() if c.isupper() else c for c in type).lstrip("_")


def _unary(ufunc: str) -> Callable[..., Any]:
    def kernel(xp: Any, x: Any, out: Any = None) -> Any:
        return getattr(xp, ufunc)(x, out=out)

    return kernel


def _binary(ufunc: str) -> Callable[..., Any]:
    def kernel(xp: Any, x: Any, y: Any, out: Any = None) -> Any:
        return getattr(xp, ufunc)(x, y, out=out)

    return kernel
