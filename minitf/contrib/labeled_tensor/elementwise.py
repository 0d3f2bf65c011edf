"""Ops on each element; for those of two tensors, their axes are brought together by name."""
from minitf.contrib.labeled_tensor.axes import Axes
from minitf.contrib.labeled_tensor.moving import expand_dims, slice_function
from minitf.contrib.labeled_tensor.order import AxisOrderError, check_axis_order, get_axis_order
from minitf.contrib.labeled_tensor.tensor import LABELED, NAME, LabeledTensor, labeled_op
from minitf.nn import activation
from minitf.ops.math import elementwise, gamma, operators, special


def _merged(first, second):
    """Both lists of names in one, each in its order, and those of the first as early as they can
    be; None where there is no such order."""
    found, second = [], list(second)
    for name in first:
        if name in second:
            place = second.index(name)
            if set(second[:place]) & set(first):
                return None
            found += second[:place]
            second = second[place + 1 :]
        found.append(name)
    return found + second


def _common_order(tensors):
    order = get_axis_order()
    if order is not None:
        for tensor in tensors:
            check_axis_order(tensor, order)
        return [name for name in order if any(name in tensor.axes for tensor in tensors)]
    order = _merged(*[list(tensor.axes) for tensor in tensors])
    if order is None:
        raise AxisOrderError(
            "No consistent axis order allows for aligning tensors with axis orders "
            f"{[list(tensor.axes) for tensor in tensors]} without copying data. Use transpose or "
            "impose_axis_order to reorder axes on one of more of the inputs."
        )
    return order


@labeled_op("align")
def align(labeled_tensor_0: LABELED, labeled_tensor_1: LABELED, name: NAME = None):
    """Both tensors with the axes of both, the new ones of size 1, and the Axes of what is broadcast
    of them. ValueError where axes of the same name differ, AxisOrderError without a common order.
    """
    first, second = labeled_tensor_0.axes, labeled_tensor_1.axes
    for axis in first:
        if axis in second and first[axis] != second[axis]:
            raise ValueError(f"Mismatched {axis!r} axis on input tensors: {first[axis]!r} and "
                             f"{second[axis]!r}")  # fmt: skip
    names = _common_order([labeled_tensor_0, labeled_tensor_1])
    return (expand_dims(labeled_tensor_0, names, name=name + "0"),
            expand_dims(labeled_tensor_1, names, name=name + "1"),
            Axes([first[axis] if axis in first else second[axis] for axis in names]))  # fmt: skip


def define_unary_op(op_name, elementwise_function):
    """An op on a labeled tensor, of a function (tensor, name=) that keeps the shape."""

    def op(labeled_tensor: LABELED, name: NAME = None):
        found = elementwise_function(labeled_tensor.tensor, name=name)
        return LabeledTensor(found, labeled_tensor.axes)

    return _named(op, op_name)


def define_binary_op(op_name, elementwise_function):
    """An op on two labeled tensors, of a function (x, y, name=) that broadcasts."""

    def op(labeled_tensor_0: LABELED, labeled_tensor_1: LABELED, name: NAME = None):
        x, y, axes = align(labeled_tensor_0, labeled_tensor_1)
        return LabeledTensor(elementwise_function(x.tensor, y.tensor, name=name), axes)

    return _named(op, op_name)


def _named(op, op_name):
    op.__name__, op.__doc__ = op_name, f"tf.{op_name} of labeled tensors."
    return labeled_op(op_name)(op)


abs_function = define_unary_op("abs", operators.abs)
neg = define_unary_op("neg", elementwise.neg)
sign = define_unary_op("sign", elementwise.sign)
reciprocal = define_unary_op("reciprocal", elementwise.reciprocal)
square = define_unary_op("square", elementwise.square)
round_function = define_unary_op("round", operators.round)
sqrt = define_unary_op("sqrt", elementwise.sqrt)
rsqrt = define_unary_op("rsqrt", elementwise.rsqrt)
exp = define_unary_op("exp", elementwise.exp)
log = define_unary_op("log", elementwise.log)
ceil = define_unary_op("ceil", elementwise.ceil)
floor = define_unary_op("floor", elementwise.floor)
cos = define_unary_op("cos", elementwise.cos)
sin = define_unary_op("sin", elementwise.sin)
tan = define_unary_op("tan", elementwise.tan)
acos = define_unary_op("acos", elementwise.acos)
asin = define_unary_op("asin", elementwise.asin)
atan = define_unary_op("atan", elementwise.atan)
lgamma = define_unary_op("lgamma", special.lgamma)
digamma = define_unary_op("digamma", special.digamma)
erf = define_unary_op("erf", special.erf)
erfc = define_unary_op("erfc", special.erfc)
logical_not = define_unary_op("logical_not", elementwise.logical_not)
tanh = define_unary_op("tanh", elementwise.tanh)
sigmoid = define_unary_op("sigmoid", activation.sigmoid)

add = define_binary_op("add", elementwise.add_op)
sub = define_binary_op("sub", elementwise.sub)
mul = define_binary_op("mul", elementwise.mul)
div = define_binary_op("div", operators.div)
mod = define_binary_op("mod", elementwise.floor_mod)
pow_function = define_binary_op("pow", operators.pow)
equal = define_binary_op("equal", elementwise.equal)
greater = define_binary_op("greater", elementwise.greater)
greater_equal = define_binary_op("greater_equal", elementwise.greater_equal)
not_equal = define_binary_op("not_equal", elementwise.not_equal)
less = define_binary_op("less", elementwise.less)
less_equal = define_binary_op("less_equal", elementwise.less_equal)
logical_and = define_binary_op("logical_and", elementwise.logical_and)
logical_or = define_binary_op("logical_or", elementwise.logical_or)
logical_xor = define_binary_op("logical_xor", operators.logical_xor)
maximum = define_binary_op("maximum", elementwise.maximum)
minimum = define_binary_op("minimum", elementwise.minimum)
squared_difference = define_binary_op("squared_difference", elementwise.squared_difference)
igamma = define_binary_op("igamma", gamma.igamma)
igammac = define_binary_op("igammac", gamma.igammac)
zeta = define_binary_op("zeta", gamma.zeta)
polygamma = define_binary_op("polygamma", gamma.polygamma)


# -- the operators of labeled tensors --------------------------------------------------------------


def _item(labeled_tensor, key):
    key = key if isinstance(key, tuple) else (key,)
    axes = labeled_tensor.axes
    if len(key) != len(axes):
        raise ValueError(f"indexer {key!r} must have the same length as the Tensor rank ({axes!r})")
    return slice_function(labeled_tensor, dict(zip(axes, key)))


def _swapped(op):
    return lambda self, other: op(other, self)


for _symbol, _op in {"add": add, "sub": sub, "mul": mul, "truediv": div, "div": div, "mod": mod,
                     "pow": pow_function}.items():  # fmt: skip
    setattr(LabeledTensor, f"__{_symbol}__", _op)
    setattr(LabeledTensor, f"__r{_symbol}__", _swapped(_op))
for _symbol, _op in {"abs": abs_function, "neg": neg, "invert": logical_not, "and": logical_and,
                     "or": logical_or, "xor": logical_xor, "lt": less, "le": less_equal,
                     "gt": greater, "ge": greater_equal, "getitem": _item}.items():  # fmt: skip
    setattr(LabeledTensor, f"__{_symbol}__", _op)
