"""A network of two hidden layers for MNIST, in the four steps of TensorFlow 1's tutorial:
`inference`, `loss`, `training`, `evaluation`."""
import math

from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.losses import sparse_softmax_cross_entropy
from minitf.nn.activation import relu
from minitf.nn.top import in_top_k
from minitf.ops.array.basics import zeros
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast
from minitf.ops.math.operators import to_int64
from minitf.ops.random.draws import truncated_normal
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.variables import Variable
from minitf.train.gradient_descent import GradientDescentOptimizer

NUM_CLASSES = 10
IMAGE_SIZE = 28
IMAGE_PIXELS = IMAGE_SIZE * IMAGE_SIZE


def inference(images, hidden1_units, hidden2_units):
    """The logits [batch, 10] for `images` [batch, 784]."""
    with name_scope("hidden1"):
        hidden1 = relu(_linear(images, IMAGE_PIXELS, hidden1_units))
    with name_scope("hidden2"):
        hidden2 = relu(_linear(hidden1, hidden1_units, hidden2_units))
    with name_scope("softmax_linear"):
        return _linear(hidden2, hidden2_units, NUM_CLASSES)


def _linear(x, inputs, units):
    deviation = 1.0 / math.sqrt(inputs)
    weights = Variable(truncated_normal([inputs, units], stddev=deviation), name="weights")
    biases = Variable(zeros([units]), name="biases")
    return matmul(x, weights) + biases


def loss(logits, labels):
    """The mean cross-entropy, a scalar, of logits [batch, 10] and integer labels [batch]."""
    return sparse_softmax_cross_entropy(labels=to_int64(labels), logits=logits)


def training(loss, learning_rate):
    """An operation that does one step of gradient descent and counts it in "global_step"."""
    optimizer = GradientDescentOptimizer(learning_rate)
    global_step = Variable(0, name="global_step", trainable=False)
    return optimizer.minimize(loss, global_step=global_step)


def evaluation(logits, labels):
    """How many of the batch are classified rightly: an int32 scalar."""
    correct = in_top_k(logits, labels, 1)
    return reduce_sum(cast(correct, int32))
