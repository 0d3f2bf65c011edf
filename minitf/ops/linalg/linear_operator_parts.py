"""What `tf.linalg.LinearOperator`s are made of, and what batches of matrices have in common."""
import functools

from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.ops.array.basics import broadcast_dynamic_shape, broadcast_to, zeros
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.check import assert_less
from minitf.ops.math.operators import abs as magnitude
from minitf.ops.state.variables import Variable


def part(value, name):
    """A tensor; a variable as it is, which is read anew at each use."""
    return value if isinstance(value, Variable) else convert_to_tensor(value, name=name)


def variables_of(operator, kind):
    """Each variable once, by the names of the attributes, then those of its attributes of a kind.
    """
    attributes = vars(operator)
    own = [each for name in sorted(attributes) for each in nest.flatten(attributes[name])]
    found = [each for each in own if isinstance(each, Variable)]
    found += [inner for each in own if isinstance(each, kind) for inner in each.variables]
    return list({id(each): each for each in found}.values())


def assert_no_zeros(values, what):
    """An op that raises in the run for zeros among the values, and for what is not a number."""
    sizes = magnitude(values)
    return assert_less(zeros([], sizes.dtype), sizes,
                       message=f"Singular operator:  {what} contained zero values.")  # fmt: skip


def with_one_batch(a, b):
    """As `in_one_batch`, without a node where they are known to have the same."""
    if a.shape.ndims is not None and b.shape.ndims is not None:
        first, second = a.shape[:-2], b.shape[:-2]
        if first.is_fully_defined() and first.as_list() == second:
            return a, b
    return in_one_batch([a, b])


def in_one_batch(matrices):
    """All with the same sizes before the last two axes."""
    batch = functools.reduce(broadcast_dynamic_shape, [shape_of(x)[:-2] for x in matrices])
    return [broadcast_to(x, concat([batch, shape_of(x)[-2:]], 0)) for x in matrices]
