"""ConstrainedOptimizer: an optimizer that is given a problem in place of a loss."""
import abc

from minitf.core.arguments import takes
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import colocate_with, control_dependencies
from minitf.ops.array.basics import reshape
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, less
from minitf.ops.state.assign import assign, assign_add
from minitf.ops.state.variables import Variable
from minitf.train.optimizer import Optimizer


@takes(Optimizer.minimize, without=["self", "loss"])
def _step(**given):
    """What a step takes, beside its problem."""


class ConstrainedOptimizer(abc.ABC):
    """The base: a subclass says by `_minimize_constrained` how `optimizer` minimizes a
    ConstrainedMinimizationProblem."""

    def __init__(self, optimizer):
        self._optimizer = optimizer

    optimizer = property(lambda self: self._optimizer)

    @abc.abstractmethod
    @takes(_step)
    def _minimize_constrained(self, minimization_problem, **given):
        """An Operation that makes one step."""

    @takes(_step)
    def minimize_constrained(self, minimization_problem, **given):
        """An Operation: the problem's `pre_train_ops`, then one step of the optimizer."""
        with control_dependencies(minimization_problem.pre_train_ops or []):
            return self._minimize_constrained(minimization_problem, **given)

    @takes(_step)
    def minimize_unconstrained(self, minimization_problem, **given):
        """An Operation: the problem's `pre_train_ops`, then a step that knows no constraints."""
        with control_dependencies(minimization_problem.pre_train_ops or []):
            return self.optimizer.minimize(minimization_problem.objective, **given)

    @takes(_step, before={"global_step": {"unconstrained_steps": None}})
    def minimize(self, minimization_problem, unconstrained_steps, global_step, **given):
        """An Operation that makes one step: the first `unconstrained_steps`, if there are any,
        know no constraints. ValueError for these without a `global_step`."""
        given |= {"minimization_problem": minimization_problem, "global_step": global_step}
        if unconstrained_steps is None:
            return self.minimize_constrained(**given)
        if global_step is None:
            raise ValueError("global_step cannot be None if unconstrained_steps is provided")
        steps = convert_to_tensor(unconstrained_steps)
        return cond(less(cast(global_step, steps.dtype), steps),
                    lambda: self.minimize_unconstrained(**given),
                    lambda: self.minimize_constrained(**given))  # fmt: skip


class RegretOptimizer(ConstrainedOptimizer):
    """The base of those that play a game: `optimizer` for the least loss, a mixture of objective
    and constraints, `constraint_optimizer` (or else the same) for the mixture that makes it
    largest."""

    _state_name: str

    def __init__(self, optimizer, constraint_optimizer=None):
        super().__init__(optimizer)
        self._constraint_optimizer = constraint_optimizer

    constraint_optimizer = property(lambda self: self._constraint_optimizer)

    @abc.abstractmethod
    def _initial_state(self, num_constraints):
        """The mixture at the start, as the state has it."""

    @abc.abstractmethod
    def _loss_and_gradient(self, state, objective, constraints, proxy_constraints):
        """(the mixture, the gradient of the true one by the state)."""

    @abc.abstractmethod
    def _projected(self, state):
        """The value nearest to the state that is one."""

    @takes(_step)
    def _minimize_constrained(self, minimization_problem, global_step, name, **given):
        objective, count = minimization_problem.objective, minimization_problem.num_constraints
        both = _constraints(minimization_problem, objective.dtype.base_dtype)
        flat = [reshape(each, [count]) for each in both]
        state = Variable(lambda: self._initial_state(count), trainable=False,
                         name=self._state_name, use_resource=True)  # fmt: skip
        loss, gradient = self._loss_and_gradient(state, objective, *flat)
        trained = self.optimizer.compute_gradients(loss, **given)
        with control_dependencies(self._updates(trained, [(-gradient, state)])):
            if global_step is None:
                return self._project(state, name)
            projected = self._project(state, "project")
            with colocate_with(global_step):
                counted = assign_add(global_step, 1, name="global_step_increment")
            return group(projected, counted, name=name)

    def _updates(self, trained, mixture):
        """The steps of both, by the gradients of before them."""
        if self.constraint_optimizer is None:
            return [self.optimizer.apply_gradients([*trained, *mixture], name="update")]
        gradients = [each for each, _ in [*trained, *mixture] if each is not None]
        with control_dependencies(gradients):
            return [self.optimizer.apply_gradients(trained, name="update"),
                    self.constraint_optimizer.apply_gradients(
                        mixture, name="optimizer_state_update")]  # fmt: skip

    def _project(self, state, name):
        with colocate_with(state):
            return assign(state, self._projected(state), name=name)


def _constraints(problem, dtype):
    """(constraints, their proxies). ValueError unless they are of this type."""
    constraints, proxies = problem.constraints, problem.proxy_constraints
    proxies = constraints if proxies is None else proxies
    if any(each.dtype.base_dtype != dtype for each in (constraints, proxies)):
        raise ValueError("objective, constraints and proxy_constraints must have the same dtype")
    return constraints, proxies
