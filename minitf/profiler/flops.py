"""Float operations of a node, as TensorFlow counts them: of what it counts at all."""
import math


def float_operations(operation, shape_of):
    """The number; 0 where it is not counted or a shape is unknown. `shape_of(tensor)` gives sizes,
    or None where they are not all known."""
    rule = RULES.get(operation.type)
    if rule is None:
        return 0
    inputs = [shape_of(tensor) for tensor in operation.inputs]
    outputs = [shape_of(tensor) for tensor in operation.outputs]
    return int(rule(operation, inputs, outputs) or 0)


def _size(shape):
    return None if shape is None else math.prod(shape)


def _all_known(*shapes):
    return all(shape is not None for shape in shapes)


def _per_input(times=1):
    return lambda op, inputs, outputs: _all_known(inputs[0]) and times * _size(inputs[0])


def _per_output(times=1):
    return lambda op, inputs, outputs: _all_known(outputs[0]) and times * _size(outputs[0])


def _reduction(at_the_end=0):
    def count(op, inputs, outputs):
        if not _all_known(inputs[0], outputs[0]):
            return 0
        return _size(inputs[0]) + _size(outputs[0]) * (at_the_end - 1)

    return count


def _l2_loss(op, inputs, outputs):
    return _all_known(inputs[0]) and 3 * _size(inputs[0]) - 1


def _matmul(op, inputs, outputs):
    if not _all_known(inputs[0], outputs[0]):
        return 0
    inner = inputs[0][0 if op.attrs["transpose_a"] else 1]
    return 2 * inner * _size(outputs[0])


def _convolution(axes):
    """Of a filter whose first `axes` sizes each output is summed over."""

    def count(op, inputs, outputs):
        if not _all_known(inputs[0], inputs[1], outputs[0]):
            return 0
        return 2 * _size(outputs[0]) * math.prod(inputs[1][:axes])

    return count


def _is_nhwc(op):
    return op.attrs.get("data_format", "NHWC") in ("NHWC", b"NHWC")


def _window(op):
    return math.prod(op.attrs["ksize"])


def _pool(op, inputs, outputs):
    return _is_nhwc(op) and _all_known(outputs[0]) and _window(op) * _size(outputs[0])


def _avg_pool_grad(op, inputs, outputs):
    return _is_nhwc(op) and _all_known(inputs[1]) and 2 * _window(op) * _size(inputs[1])


def _max_pool_grad(op, inputs, outputs):
    return _is_nhwc(op) and _all_known(inputs[1]) and (_window(op) + 1) * _size(inputs[1])


def _backprop(image, kernel):
    """Of a convolution's gradient; `image` and `kernel` pick the shapes of these."""

    def count(op, inputs, outputs):
        pictures, weights = image(inputs, outputs), kernel(inputs, outputs)
        if not _is_nhwc(op) or not _all_known(pictures, weights):
            return 0
        strides = op.attrs["strides"][1] * op.attrs["strides"][2]
        return 2 * _size(pictures) * _size(weights) / (pictures[-1] * strides)

    return count


def _add_n(op, inputs, outputs):
    return _all_known(inputs[0]) and _size(inputs[0]) * (len(inputs) - 1)


RULES = {
    **dict.fromkeys(("Reciprocal", "Square", "Log", "Neg", "AssignSub", "AssignAdd", "BiasAdd"),
                    _per_input()),
    "Rsqrt": _per_input(2), "Softmax": _per_input(5), "L2Loss": _l2_loss,
    **dict.fromkeys(("Add", "Sub", "Mul", "RealDiv", "Maximum", "Minimum", "Pow", "GreaterEqual",
                     "Greater", "LessEqual", "Less", "Equal", "NotEqual"), _per_output()),
    "RsqrtGrad": _per_output(4), "SquaredDifference": _per_output(2),
    "Mean": _reduction(1),
    **dict.fromkeys(("Sum", "ArgMax", "ArgMin", "BiasAddGrad"), _reduction()),
    **dict.fromkeys(("AvgPool", "MaxPool"), _pool),
    "AvgPoolGrad": _avg_pool_grad, "MaxPoolGrad": _max_pool_grad,
    "Conv2DBackpropInput": _backprop(lambda i, o: o[0], lambda i, o: i[1]),
    "Conv2DBackpropFilter": _backprop(lambda i, o: i[0], lambda i, o: o[0]),
    "AddN": _add_n, "MatMul": _matmul, "Conv2D": _convolution(3), "Conv3D": _convolution(4),
    "DepthwiseConv2dNative": _convolution(2), "Dilation2D": _convolution(2),
}  # fmt: skip
