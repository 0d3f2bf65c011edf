"""Tensor: a value that an Operation will produce. It holds no number, only where to find one."""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from minitf.core import shape_rules, tensor_shape
from minitf.core.dtypes import DType
from minitf.core.errors import OperatorNotAllowedInGraphError
from minitf.core.ragged import is_ragged
from minitf.core.reference import Reference
from minitf.core.tensor_shape import Shape, TensorShape, of_sizes

if TYPE_CHECKING:
    from minitf.core.graph import Graph
    from minitf.core.operation import Operation

# Filled by ops/ as each operator's op is declared: core knows the signs, not what they mean.
OPERATORS: dict[str, Callable[..., Any]] = {}


class Tensor:
    """One output of an Operation.

    `dtype` is known; `shape` as far as it can be before the run. Arithmetic builds new nodes.
    """

    # Programs put attributes of their own on tensors: `__dict__` is made when one does.
    __slots__ = ("__dict__", "__weakref__", "_consumers", "_shape", "_value", "dtype", "op",
                 "value_index")  # fmt: skip
    __array_priority__ = 100  # numpy_array + tensor asks the tensor first
    # The methods that classes standing for a tensor hand on to theirs.
    OVERLOADABLE_OPERATORS: ClassVar[set[str]] = {"__eq__", "__ne__"}

    def __init__(self, op: Operation, value_index: int, dtype: DType, shape: Shape) -> None:
        self.op = op
        self.value_index = value_index
        self.dtype = dtype
        self._shape = shape
        self._value: Any = None  # what is known of it before any run: see core/static.py
        self._consumers: list[Operation] = []

    def experimental_ref(self) -> Reference:
        """Something that stands for the tensor in dicts and sets, by identity."""
        return Reference(self)

    @property
    def _op(self) -> Operation:
        return self.op  # programs know it by this name too

    @property
    def graph(self) -> Graph:
        return self.op.graph

    @property
    def name(self) -> str:
        return f"{self.op.name}:{self.value_index}"

    @property
    def device(self) -> str:
        return self.op.device

    def _as_tf_output(self) -> Tensor:
        """What functions of pywrap_tensorflow take."""
        return self

    @property
    def shape(self) -> TensorShape:
        return of_sizes(self._shape)

    def get_shape(self) -> TensorShape:
        return of_sizes(self._shape)

    def set_shape(self, shape: Any) -> None:
        """Add to what is known of the shape. ValueError when it contradicts what is known."""
        try:
            self._shape = shape_rules.merged(self._shape, tensor_shape.as_shape(shape))
        except ValueError as error:
            raise ValueError(f"{self.name}: {error}") from None

    def consumers(self) -> list[Operation]:
        """The operations that take this tensor as an input."""
        return list(self._consumers)

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """Run what this tensor needs and return its value (in the default session)."""
        return self.graph._session(session, "eval").run(self, feed_dict)

    def __str__(self) -> str:
        shape = f", shape={self.shape}" if self._shape is not None else ""
        device = f", device={self.device}" if self.device else ""
        return f'Tensor("{self.name}"{shape}, dtype={self.dtype.name}{device})'

    def __repr__(self) -> str:
        return f"<tf.Tensor '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def __copy__(self) -> Tensor:
        return self

    def __iter__(self) -> NoReturn:
        raise OperatorNotAllowedInGraphError(
            f"iterating over `tf.Tensor` is not allowed: '{self.name}' has no value before the "
            "run. To take it apart use tf.unstack; to loop, tf.map_fn, or a `for` in a tf.function."
        )

    def __bool__(self) -> NoReturn:
        raise OperatorNotAllowedInGraphError(
            f"using a `tf.Tensor` as a Python `bool` is not allowed: '{self.name}' has no value "
            "before the run. Use `if t is not None:` to ask whether there is a tensor, and tf.cond "
            "to choose by its value, or an `if` in a tf.function."
        )

    def __nonzero__(self) -> bool:
        return bool(self)  # what Python 2 calls it: classes that stand for a tensor hand it on

    def __len__(self) -> NoReturn:
        raise TypeError(
            f"len is not well defined for symbolic Tensors ({self.name}). Use `x.shape[0]`, or "
            "tf.shape(x)[0] when it is known only in the run."
        )

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        raise NotImplementedError(
            f"Cannot convert a symbolic Tensor ({self.name}) to a numpy array: it has a value only "
            "in a run. Use tf functions instead of np functions on it, or sess.run(...) first."
        )

    def __float__(self) -> NoReturn:
        raise TypeError(f"float() of the symbolic Tensor {self.name}: use sess.run or tf.to_float.")

    def __int__(self) -> NoReturn:
        raise TypeError(f"int() of the symbolic Tensor {self.name}: use sess.run or tf.to_int32.")


def is_tensor(x: Any) -> bool:
    """Whether `x` is a Tensor or stands for one, as a Variable or an IndexedSlices does.

    A RaggedTensor does not: what takes tensors does not take it.
    """
    kind = type(x)
    stands = hasattr(kind, "_ref") or (hasattr(kind, "_components") and not is_ragged(x))
    return issubclass(kind, Tensor) or stands


_UNARY = ("neg", "abs", "invert", "getitem")
_BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor")
_REFLECTED = tuple("r" + sign for sign in _BINARY)
_SIGNS = (*_UNARY, *_BINARY, *_REFLECTED, "lt", "le", "gt", "ge", "div", "rdiv")


def operators(cls: type, prefix: str = "", without: tuple[str, ...] = ()) -> type:
    """Give `cls` the operator signs of Python; what each means is looked up in OPERATORS."""
    for sign in _SIGNS:
        if sign not in without:
            setattr(cls, f"__{sign}__", _operator(prefix + sign, sign))
    return cls


def _operator(meaning: str, sign: str) -> Callable[..., Any]:
    def method(*operands: Any) -> Any:
        return OPERATORS[meaning](*operands)

    method.__name__ = f"__{sign}__"
    return method


operators(Tensor)
Tensor.OVERLOADABLE_OPERATORS.update(f"__{sign}__" for sign in _SIGNS)
