"""`tf.errors`: what a run can raise, and how messages are put together.

Every message says which op, by type and name, what came, what was expected, and the user's own
line that built the op.
"""
from __future__ import annotations

import linecache
import sys
import warnings
from typing import Any, NamedTuple

OK, CANCELLED, UNKNOWN, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND = 0, 1, 2, 3, 4, 5
ALREADY_EXISTS, PERMISSION_DENIED, UNAUTHENTICATED, RESOURCE_EXHAUSTED = 6, 7, 16, 8
FAILED_PRECONDITION, ABORTED, OUT_OF_RANGE, UNIMPLEMENTED = 9, 10, 11, 12
INTERNAL, UNAVAILABLE, DATA_LOSS = 13, 14, 15


class OpError(Exception):
    """An error of a running op: `op` is the Operation (or None), `message` says what happened."""

    code = UNKNOWN

    def __init__(self, node_def: Any, op: Any, message: str, error_code: int | None = None) -> None:
        super().__init__(message)
        self._node_def, self._op, self._message = node_def, op, message
        self._error_code = self.code if error_code is None else error_code

    @property
    def op(self) -> Any:
        return self._op

    @property
    def node_def(self) -> Any:
        return self._node_def

    @property
    def message(self) -> str:
        return self._message

    @property
    def error_code(self) -> int:
        return self._error_code

    def __str__(self) -> str:
        return self._message + (described(self._op) if self._op is not None else "")

    def __reduce__(self) -> tuple[Any, ...]:
        # An Operation belongs to its process's graph; the message does travel.
        return type(self), (None, None, str(self))


def _declare(name: str, code: int, doc: str) -> Any:
    return type(name, (OpError,), {"code": code, "__doc__": doc, "__module__": __name__})


CancelledError = _declare("CancelledError", CANCELLED, "The run or queue was cancelled.")
UnknownError = _declare("UnknownError", UNKNOWN, "An error of no other kind.")
InvalidArgumentError = _declare(
    "InvalidArgumentError", INVALID_ARGUMENT, "An op got a value it cannot work with."
)
DeadlineExceededError = _declare("DeadlineExceededError", DEADLINE_EXCEEDED, "Time ran out.")
NotFoundError = _declare("NotFoundError", NOT_FOUND, "A file or key is not there.")
AlreadyExistsError = _declare("AlreadyExistsError", ALREADY_EXISTS, "It is there already.")
PermissionDeniedError = _declare("PermissionDeniedError", PERMISSION_DENIED, "Not allowed.")
UnauthenticatedError = _declare("UnauthenticatedError", UNAUTHENTICATED, "Not identified.")
ResourceExhaustedError = _declare(
    "ResourceExhaustedError", RESOURCE_EXHAUSTED, "Memory (or another resource) ran out."
)
FailedPreconditionError = _declare(
    "FailedPreconditionError", FAILED_PRECONDITION, "Something must be done first: initialise."
)
AbortedError = _declare("AbortedError", ABORTED, "The operation was aborted.")
OutOfRangeError = _declare("OutOfRangeError", OUT_OF_RANGE, "The input has come to its end.")
UnimplementedError = _declare("UnimplementedError", UNIMPLEMENTED, "Not implemented.")
InternalError = _declare("InternalError", INTERNAL, "An invariant of minitf was broken.")
UnavailableError = _declare("UnavailableError", UNAVAILABLE, "Not available now.")
DataLossError = _declare("DataLossError", DATA_LOSS, "Data are damaged.")


def exception_type_from_error_code(error_code: int) -> type[OpError]:
    """The class of errors of this code. KeyError where there is none."""
    return {kind.code: kind for kind in OpError.__subclasses__()}[error_code]


def error_code_from_exception_type(cls: Any) -> Any:
    """The code of a class of errors. An UnknownError, which is returned, for other classes."""
    codes = {kind: kind.code for kind in OpError.__subclasses__()}
    if cls in codes:
        return codes[cls]
    warnings.warn("Unknown class exception", stacklevel=2)
    return UnknownError(None, None, "Unknown class exception", None)


class InaccessibleTensorError(ValueError):
    """What is inside a branch or a loop cannot be fetched."""


class OperatorNotAllowedInGraphError(TypeError):
    """Python asked a Tensor for a value that it has only in a run."""


class Line(NamedTuple):
    """A line of the user's program."""

    filename: str
    lineno: int
    function: str

    @property
    def text(self) -> str:
        return linecache.getline(self.filename, self.lineno).strip()

    def __str__(self) -> str:
        name = self.filename.replace("\\", "/").rsplit("/", 1)[-1]
        return f"{name}:{self.lineno}" + (f": {self.text}" if self.text else "")


def user_line() -> Line:
    """The innermost line of the running program that is not minitf's own."""
    frame = sys._getframe(1)
    while frame.f_back is not None and is_ours(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    return Line(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)


def is_ours(module: str) -> bool:
    """Whether a module of this name is a part of minitf."""
    return module.startswith("minitf.") or module == "minitf"


def described(op: Any) -> str:
    """The tail of a message: the op, and the user's line that built it."""
    return f"\n  op: {op.type} '{op.name}'\n  built at {op.line}"


_OF_PYTHON = (
    (StopIteration, OutOfRangeError),
    ((TypeError, ValueError), InvalidArgumentError),
    (MemoryError, ResourceExhaustedError),
    (NotImplementedError, UnimplementedError),
)


def of_python(error: Exception) -> OpError:
    """What a Python function that the program gave has raised, as TensorFlow names it."""
    kind = next((k for base, k in _OF_PYTHON if isinstance(error, base)), UnknownError)
    found: OpError = kind(None, None, f"{type(error).__name__}: {error}")
    return found


def of_run(error: Exception, op: Any, tail: str = "") -> Exception:
    """What a kernel raised as TensorFlow names it, with the op and the shapes it was given; the
    error itself where it is not one of values."""
    kind = InvalidArgumentError
    if isinstance(error, MemoryError):
        kind = ResourceExhaustedError
    elif not isinstance(error, (ValueError, TypeError, ArithmeticError, IndexError)):
        return error
    shapes = ", ".join(str(tensor.shape) for tensor in op.inputs)
    found: Exception = kind(
        None, op, f"{op.type} '{op.name}': {error} (input shapes {shapes}){tail}"
    )
    return found
