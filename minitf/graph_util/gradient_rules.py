"""Derivatives of activations, for which TensorFlow has ops and minitf has none."""

from minitf.graph_util.rules import build, rule
from minitf.ops.math.elementwise import exp, mul, square


@rule("SigmoidGrad")
def _sigmoid(importer, node, path, tensors, attrs):
    y, dy = tensors
    return build("Mul", path, dy, y * (1 - y))


@rule("TanhGrad")
def _tanh(importer, node, path, tensors, attrs):
    y, dy = tensors
    return build("Mul", path, dy, 1 - square(y))


@rule("SqrtGrad")
def _sqrt(importer, node, path, tensors, attrs):
    y, dy = tensors
    return build("RealDiv", path, dy * 0.5, y)


@rule("RsqrtGrad")
def _rsqrt(importer, node, path, tensors, attrs):
    y, dy = tensors
    return build("Mul", path, dy * -0.5, mul(y, square(y)))


@rule("ReciprocalGrad", "InvGrad")
def _reciprocal(importer, node, path, tensors, attrs):
    y, dy = tensors
    return build("Mul", path, -dy, square(y))


@rule("SoftplusGrad")
def _softplus(importer, node, path, tensors, attrs):
    dy, features = tensors
    return build("RealDiv", path, dy, exp(-features) + 1)


@rule("SoftsignGrad")
def _softsign(importer, node, path, tensors, attrs):
    dy, features = tensors
    return build("RealDiv", path, dy, square(build("Abs", f"{path}/abs", features) + 1))
