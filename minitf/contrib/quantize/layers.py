"""Layers made again, with other inputs."""
from minitf.nn.conv import conv2d
from minitf.nn.depthwise import depthwise_conv2d
from minitf.ops.linalg.products import matmul


def last(name):
    """The last part of a name."""
    return name.rpartition("/")[2]


def layer_again(op, inputs, weights, name):
    """A layer as this one of other inputs. ValueError for operations that are none."""
    attr = op.get_attr
    if op.type == "Conv2D":
        return conv2d(inputs, weights, strides=attr("strides"), padding=_text(attr("padding")),
                      data_format=_text(attr("data_format")), name=name)  # fmt: skip
    if op.type == "MatMul":
        return matmul(inputs, weights, transpose_a=attr("transpose_a"),
                      transpose_b=attr("transpose_b"), name=name)  # fmt: skip
    if op.type == "DepthwiseConv2dNative":
        return depthwise_conv2d(inputs, weights, strides=attr("strides"),
                                padding=_text(attr("padding")), name=name)  # fmt: skip
    raise ValueError(f"Cannot handle operation of type: {op.type}")


def _text(value):
    return value.decode() if isinstance(value, bytes) else value
