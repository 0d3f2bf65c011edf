"""The words of a specification. The letter after C (convolution) and F (fully connected) is the
activation: s(igmoid), t(anh), r(elu), (soft)m(ax), l(inear); x is what the layer has by itself."""
# ruff: noqa: F401  External, Import and debug are words, too

from minitf.contrib import layers
from minitf.contrib.specs.composing import Callable, Composable, External, Import, debug
from minitf.contrib.specs.composing import Function as Fun
from minitf.nn import activation
from minitf.nn.lrn import local_response_normalization
from minitf.ops.array import basics, joining
from minitf.ops.control_flow import control
from minitf.ops.math import elementwise
from minitf.ops.reduction import axes
from minitf.ops.state.variable_scope import VariableScope, get_variable, variable_scope


class Idx(Composable):
    """The tensor itself."""

    def funcall(self, x):
        """x."""
        return x


class Conc(Composable):
    """What several functions make of the tensor, side by side along an axis."""

    def __init__(self, dim, *args):
        self.dim, self.funs = dim, args

    def funcall(self, x):
        """f(x), g(x), ... in one tensor."""
        return joining.concat([f.funcall(x) for f in self.funs], self.dim)


Print = Fun(control.Print)
Id = Fun(basics.identity)

Cx = Fun(layers.conv2d)
Cs = Cx(activation_fn=activation.sigmoid)
Ct = Cx(activation_fn=elementwise.tanh)
Cr = Cx(activation_fn=activation.relu)
Cm = Cx(activation_fn=activation.softmax)
Cl = Cx(activation_fn=None)

Fx = Fun(layers.fully_connected)
Fs = Fx(activation_fn=activation.sigmoid)
Ft = Fx(activation_fn=elementwise.tanh)
Fr = Fx(activation_fn=activation.relu)
Fm = Fx(activation_fn=activation.softmax)
Fl = Fx(activation_fn=None)

Mp = Fun(layers.max_pool2d)
Ap = Fun(layers.avg_pool2d)

Do = Fun(layers.dropout)
Bn = Fun(layers.batch_norm)
Lrn = Fun(local_response_normalization)
Unit = Fun(layers.unit_norm)

Flat = Fun(layers.flatten)
Reshape = Fun(basics.reshape)
Transpose = Fun(axes.transpose)
Squeeze = Fun(axes.squeeze)
Expand = Fun(axes.expand_dims)

Relu = Fun(activation.relu)
Sig = Fun(activation.sigmoid)
Tanh = Fun(elementwise.tanh)
Smax = Fun(activation.softmax)


def Dws(n):
    """A layer of each position, with a sigmoid."""
    return Cs(n, [1, 1])


def Dwm(n):
    """A layer of each position, with a softmax."""
    return Cm(n, [1, 1])


def Var(name, *args, **kw):
    """The variable that `get_variable` gives, whatever the tensor is."""
    return Callable(lambda x: get_variable(name, *args, **kw))


class Shared(Composable):
    """A network whose variables are the same each time that it is used: `f = Shared(Fr(100))`, then
    `f | f`. They are in a scope of their own, or in `scope`, which has to have them already."""

    shared_number = 1

    def __init__(self, subnet, name=None, scope=None):
        if scope is not None and not isinstance(scope, VariableScope):
            raise ValueError("scope must be None or a VariableScope")
        if name is not None:  # as in TensorFlow, where the wrong argument is looked at
            raise ValueError("name must be None or a string")
        self.subnet, self.scope = subnet, scope
        self.name = f"Shared_{Shared.shared_number}"
        Shared.shared_number += 1

    def funcall(self, x):
        """The network of x; the first time its variables are made."""
        if self.scope is not None:
            with variable_scope(self.scope, values=[x], reuse=True):
                return self.subnet.funcall(x)
        with variable_scope(self.name, values=[x]) as self.scope:
            return self.subnet.funcall(x)
