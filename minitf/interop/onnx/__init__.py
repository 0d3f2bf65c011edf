"""A part of a graph as an ONNX model, its variables included: no TensorFlow is needed.

    from minitf.interop import onnx

    onnx.export(probabilities, "model.onnx", session=sess, feed_dict={is_training: False})

ONNX Runtime, and what else reads ONNX, runs it then. https://onnx.ai
"""

from minitf.interop.onnx import arrays, convolution, elementwise, reduction  # they register
from minitf.interop.onnx.export import export
from minitf.interop.onnx.lowering import LOWERINGS

__all__ = ["LOWERINGS", "arrays", "convolution", "elementwise", "export", "reduction"]
