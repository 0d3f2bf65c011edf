"""What a constrained optimizer minimizes, and what it keeps from being above 0."""
import abc
import math


class ConstrainedMinimizationProblem(abc.ABC):
    """The base of problems: `objective`, a scalar to be minimized, where no element of
    `constraints` is to be above 0.

    `proxy_constraints` are in the place of constraints whose gradients say nothing, as those of
    counts. What is in the list `pre_train_ops` runs before each step.
    """

    @property
    @abc.abstractmethod
    def objective(self):
        """A scalar."""

    @property
    @abc.abstractmethod
    def constraints(self):
        """A tensor of known shape."""

    @property
    def proxy_constraints(self):
        """A tensor like the constraints; None unless a subclass says it."""
        return None

    @property
    def pre_train_ops(self):
        """A list of operations; None unless a subclass says it."""
        return None

    @property
    def num_constraints(self):
        """How many there are. ValueError for shapes that are unknown, or differ."""
        shapes = [self.constraints.shape]
        shapes.append(shapes[0] if self.proxy_constraints is None else self.proxy_constraints.shape)
        if not all(shape.is_fully_defined() for shape in shapes):
            raise ValueError("constraints and proxy_constraints must have fully-known shapes")
        if shapes[0] != shapes[1]:
            raise ValueError("constraints and proxy_constraints must have the same shape")
        return math.prod(shapes[0].as_list())
