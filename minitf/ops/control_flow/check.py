"""Checks that run with the graph: `tf.assert_equal`, `tf.assert_positive`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.errors import InvalidArgumentError
from minitf.core.graph import name_scope
from minitf.core.static import constant_value, evident_value
from minitf.core.tensor import Tensor
from minitf.ops.control_flow.control import Assert, no_op
from minitf.ops.math.elementwise import (
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    not_equal,
)
from minitf.ops.math.operators import abs
from minitf.ops.reduction.reduce import reduce_all


def _asserted(x, y, compare, compare_now, data, summarize):
    """The Assert; at once where both values are known."""
    condition = reduce_all(compare(x, y))
    known = evident_value(x), evident_value(y)
    if all(value is not None for value in known):
        _assert_now(bool(np.all(compare_now(*known))), data)
    return Assert(condition, data, summarize=summarize)


def _assert_now(condition, data):
    if condition:
        return
    shown = [constant_value(item) if isinstance(item, Tensor) else item for item in data]
    raise InvalidArgumentError(None, None, "\n".join(str(item) for item in shown))


def _binary(python_name, sign, compare, compare_now):
    def check(x, y, data=None, summarize=None, message=None, name=None):
        if sign == "==":
            with name_scope(name, python_name, [x, y]):
                if x is y:
                    return no_op()
        with name_scope(name, python_name, [x, y]):
            x, y = convert_to_tensor(x, name="x"), convert_to_tensor(y, name="y")
            if data is None:
                data = [f"Condition x {sign} y did not hold element-wise:",
                        f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]  # fmt: skip
            data = data if message is None else [message, *data]
            return _asserted(x, y, compare, compare_now, data, summarize)

    return _described(check, python_name, f"x {sign} y")


def _unary(python_name, sign, check_both, swapped):
    def check(x, data=None, summarize=None, message=None, name=None):
        with name_scope(name, python_name, [x]):
            x = convert_to_tensor(x, name="x")
            if data is None:
                data = [message or "", f"Condition x {sign} 0 did not hold element-wise:",
                        f"x ({x.name}) = ", x]  # fmt: skip
            zero = convert_to_tensor(0, dtype=x.dtype)
            pair = (zero, x) if swapped else (x, zero)
            return check_both(*pair, data=data, summarize=summarize)

    return _described(check, python_name, f"x {sign} 0")


def _described(check, python_name, condition):
    check.__name__ = check.__qualname__ = python_name
    check.__doc__ = f"""An operation that raises InvalidArgumentError unless all `{condition}`.

    It runs when something depends on it: `with tf.control_dependencies([...])`. Where the values
    are known it raises at once. `message` comes before `data`, what the error shows.
    """
    return check


assert_equal = _binary("assert_equal", "==", equal, np.equal)
assert_none_equal = _binary("assert_none_equal", "!=", not_equal, np.not_equal)
assert_less = _binary("assert_less", "<", less, np.less)
assert_less_equal = _binary("assert_less_equal", "<=", less_equal, np.less_equal)
assert_greater = _binary("assert_greater", ">", greater, np.greater)
assert_greater_equal = _binary("assert_greater_equal", ">=", greater_equal, np.greater_equal)
assert_negative = _unary("assert_negative", "<", assert_less, swapped=False)
assert_positive = _unary("assert_positive", ">", assert_less, swapped=True)
assert_non_negative = _unary("assert_non_negative", ">=", assert_less_equal, swapped=True)
assert_non_positive = _unary("assert_non_positive", "<=", assert_less_equal, swapped=False)


def assert_near(x, y, rtol=None, atol=None, data=None, summarize=None, message=None, name=None):
    """An operation that raises InvalidArgumentError unless |x - y| <= atol + rtol * |y|.

    Both tolerances are 10 times the type's precision by default.
    """
    with name_scope(name, "assert_near", [x, y]):
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype)
        precision = 10 * np.finfo(x.dtype.as_numpy_dtype).eps
        rtol, atol = (precision if each is None else each for each in (rtol, atol))
        if data is None:
            data = [message or "", f"x and y not equal to tolerance rtol = {rtol}, atol = {atol}",
                    f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]  # fmt: skip
        tolerance = atol + rtol * abs(y)
        return Assert(reduce_all(abs(x - y) <= tolerance), data, summarize=summarize)
