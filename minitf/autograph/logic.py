"""`and`, `or`, `not`, `==` and `assert`, of tensors as operations."""
from __future__ import annotations

from minitf.core.tensor import is_tensor
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import Assert
from minitf.ops.math.elementwise import equal, logical_not


def not_(a):
    return logical_not(a) if is_tensor(a) else not a


def and_(a, b):
    """`a() and b()`: `b` is computed only where `a` is true."""
    first = a()
    return cond(first, b, lambda: first) if is_tensor(first) else first and b()


def or_(a, b):
    """`a() or b()`: `b` is computed only where `a` is false."""
    first = a()
    return cond(first, lambda: first, b) if is_tensor(first) else first or b()


def eq(a, b):
    return equal(a, b) if is_tensor(a) or is_tensor(b) else a == b


def not_eq(a, b):
    return not_(eq(a, b))


def assert_stmt(test, message):
    """`assert test, message()`: of a tensor it is checked in the run."""
    if not is_tensor(test):
        assert test, message()
        return None
    data = message()
    return Assert(test, data if isinstance(data, list) else [data])
