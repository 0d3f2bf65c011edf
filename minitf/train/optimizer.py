"""Optimizer: from a loss to an operation that lowers it. It only builds graph."""

from minitf.autodiff import gradients
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import FLOATS
from minitf.core.eager import executing_eagerly
from minitf.core.graph import control_dependencies, get_default_graph, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.nest import flatten
from minitf.core.tensor import Tensor
from minitf.core.trackable import Trackable, changed, children, noted
from minitf.eager.backprop import GradientTape
from minitf.ops.array.basics import shape
from minitf.ops.array.indexing import unsorted_segment_sum
from minitf.ops.array.unique import unique
from minitf.ops.control_flow.control import group, tuple_
from minitf.ops.state.assign import assign_add
from minitf.ops.state.resource_variable import Afterwards, ResourceVariable, of_resource
from minitf.ops.state.variable_lists import trainable_variables
from minitf.ops.state.variables import Variable, in_init_scope, init_scope
from minitf.train import slots
from minitf.train.counted import counted
from minitf.train.gradient_shapes import of_shape
from minitf.train.no_gradient import why_no_gradient
from minitf.train.traced_updates import TracedUpdates


class Optimizer(Trackable):
    """The base of all optimizers: computes gradients of a loss and applies them to variables.

    One of one's own implements `_apply_dense(grad, var)` and, for embeddings, `_apply_sparse`;
    `_create_slots(var_list)`, `_prepare()` and `_finish(update_ops, name_scope)` as needed.
    `use_locking` is accepted: updates never overlap here.
    """

    GATE_NONE = 0
    GATE_OP = 1
    GATE_GRAPH = 2
    # How many nodes TensorFlow has to update a variable by a Tensor and by an IndexedSlices: a
    # reference, a resource variable. None: as many as there are.
    _nodes = None

    def __init__(self, use_locking, name):
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._use_locking, self._name = use_locking, name
        self._slots = {}
        self._non_slot_dict = {}
        self._traced = None  # its updates, where operations run at once

    def get_name(self):
        return self._name

    def minimize(
        self,
        loss,
        global_step=None,
        var_list=None,
        gate_gradients=GATE_OP,
        aggregation_method=None,
        colocate_gradients_with_ops=False,
        name=None,
        grad_loss=None,
    ):
        """An Operation that makes one step: `compute_gradients`, then `apply_gradients`.

        Raises ValueError when the loss depends on none of the variables.
        """
        grads_and_vars = self.compute_gradients(
            loss,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            grad_loss=grad_loss,
        )
        if all(grad is None for grad, _ in grads_and_vars):
            variables = [variable for _, variable in grads_and_vars]
            why = "" if callable(loss) else why_no_gradient(loss, variables)
            raise ValueError(
                "No gradients provided for any variable, check your graph for ops that do not "
                f"support gradients, between variables {[str(v) for _, v in grads_and_vars]} and "
                f"loss {loss}. {why}"
            )
        return self.apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def compute_gradients(
        self,
        loss,
        var_list=None,
        gate_gradients=GATE_OP,
        aggregation_method=None,
        colocate_gradients_with_ops=False,
        grad_loss=None,
    ):
        """`[(gradient, variable), ...]` of the sum of `loss`; None where it does not depend on one.

        `loss` is a float Tensor (or a function that builds it), `var_list` the variables (the
        trainable ones when None), `grad_loss` the gradient to start from. Raises ValueError
        without variables, or for a loss or variables that are not of a float type.
        """
        if executing_eagerly():
            return self._computed(loss, var_list, grad_loss)
        loss = loss() if callable(loss) else loss
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, "
                f"Optimizer.GATE_GRAPH.  Not {gate_gradients}"
            )
        self._assert_valid_dtypes([loss] if grad_loss is None else [loss, grad_loss])
        variables = trainable_variables() if var_list is None else flatten(var_list)
        if not variables:
            raise ValueError("No variables to optimize.")
        for variable in variables:
            _check_optimizable(variable)
        found = gradients(
            loss,
            variables,
            grad_ys=grad_loss,
            gate_gradients=gate_gradients == self.GATE_OP,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gate_gradients == self.GATE_GRAPH:
            found = tuple_(found)
        pairs = list(zip(found, variables))
        self._assert_valid_dtypes([v for grad, v in pairs if grad is not None])
        return pairs

    def _computed(self, loss, var_list, grad_loss):
        """The gradients of what a function returns, where operations run at once."""
        if not callable(loss):
            raise RuntimeError(
                "`loss` passed to Optimizer.compute_gradients should be a function when eager "
                "execution is enabled."
            )
        with GradientTape() as tape:
            if var_list is not None:
                tape.watch(var_list)
            value = loss()
        variables = list(tape.watched_variables() if var_list is None else flatten(var_list))
        self._assert_valid_dtypes([value])
        return list(zip(tape.gradient(value, variables, grad_loss), variables))

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """An Operation that changes the variables; with `global_step` it also adds one to that.

        Raises ValueError when there is no pair, or no gradient but None.
        """
        pairs = [(_as_gradient(grad), variable) for grad, variable in grads_and_vars]
        if not pairs:
            raise ValueError("No variables provided.")
        for _, variable in pairs:
            _check_optimizable(variable)
        given = [(grad, variable) for grad, variable in pairs if grad is not None]
        if not given:
            names = [str(variable) for _, variable in pairs]
            raise ValueError(f"No gradients provided for any variable: {names}.")
        with init_scope():
            self._create_slots([variable for _, variable in given])
        if executing_eagerly():
            return self._applied(given, global_step, name)
        with name_scope(name, self._name) as scope:
            self._prepare()
            done = self._changed(given, global_step, scope)
        train_ops = get_default_graph().get_collection_ref(GraphKeys.TRAIN_OP)
        if done not in train_ops:
            train_ops.append(done)
        return done

    def _changed(self, pairs, global_step, scope):
        updates = [self._updated(grad, variable) for grad, variable in pairs]
        return self._finished(updates, global_step, scope)

    def _applied(self, pairs, global_step, name):
        """The same where operations run at once: as one function, which is traced, if the optimizer
        is minitf's own and changes variables that are."""
        variables = [variable for _, variable in pairs]
        own = type(self).__module__.startswith("minitf.")
        if own and all(isinstance(v, Variable) and v.constraint is None for v in variables):
            if self._traced is None:
                self._traced = TracedUpdates(self)
            self._traced.run(
                self._prepare, lambda pairs: self._changed(pairs, global_step, self._name), pairs,
                global_step,
            )  # fmt: skip
            return
        with name_scope(name, self._name) as scope:
            self._prepare()
            self._changed(pairs, global_step, scope)

    def _updated(self, grad, variable):
        colocated = get_default_graph().colocate_with(variable)
        with name_scope(f"update_{variable.op.name}"), colocated:
            return self._update(grad, variable)

    def _update(self, grad, variable):
        if isinstance(variable, Tensor):
            raise NotImplementedError("Trying to update a Tensor ", variable)
        constraint = variable.constraint
        if isinstance(grad, IndexedSlices):
            if constraint is not None:
                raise RuntimeError("Cannot use a constraint function on a sparse variable.")
            with self._counting(variable, 1):
                return self._apply_sparse_duplicate_indices(grad, variable)
        grad = of_shape(variable, grad, type(self)._apply_dense)
        with self._counting(variable, 0):
            update = self._apply_dense(grad, variable)
        if constraint is None:
            return update
        with control_dependencies([update]):
            resource = isinstance(variable, ResourceVariable)
            value = variable if resource else variable.read_value()
            return variable.assign(constraint(value))

    def _counting(self, variable, sparse):
        method = type(self)._apply_sparse if sparse else type(self)._apply_dense
        of_resource = isinstance(variable, ResourceVariable)
        return counted(method, self._nodes and self._nodes[sparse][of_resource])

    def _finished(self, updates, global_step, scope):
        if global_step is None:
            done = self._finish(updates, scope)
        else:
            colocated = get_default_graph().colocate_with(global_step)
            with control_dependencies([self._finish(updates, "update")]), colocated:
                done = assign_add(global_step, 1, name=scope)
        return done.op if isinstance(done, (Tensor, Afterwards)) else done

    # -- slots -----------------------------------------------------------------------------------

    def get_slot(self, var, name):
        """The variable kept under the slot `name` for `var`, or None."""
        return self._slots.get(name, {}).get(_key(var))

    def get_slot_names(self):
        """The names of the slots, sorted."""
        return sorted(self._slots)

    def variables(self):
        """What the optimizer itself keeps in the default graph, sorted by name."""
        kept = [*self._non_slot_dict.values()]
        kept += [slot for named in self._slots.values() for slot in named.values()]
        graph = in_init_scope()
        return sorted((v for v in kept if v.graph is graph), key=lambda v: v.name)

    def _slot_dict(self, slot_name):
        return self._slots.setdefault(slot_name, {})

    def _get_or_make_slot(self, var, val, slot_name, op_name):
        """The slot, made from the tensor `val` when it is not there."""
        named = self._slot_dict(slot_name)
        if _key(var) not in named:
            named[_key(var)] = slots.create_slot(var, val, op_name)
            changed()
        return named[_key(var)]

    def _get_or_make_slot_with_initializer(
        self, var, initializer, shape, dtype, slot_name, op_name
    ):
        named = self._slot_dict(slot_name)
        if _key(var) not in named:
            made = slots.create_slot_with_initializer(var, initializer, shape, dtype, op_name)
            named[_key(var)] = made
            changed()
        return named[_key(var)]

    def _zeros_slot(self, var, slot_name, op_name):
        """The slot, made of zeros when it is not there."""
        named = self._slot_dict(slot_name)
        if _key(var) not in named:
            named[_key(var)] = slots.create_zeros_slot(var, op_name)
            changed()
        return named[_key(var)]

    def _create_non_slot_variable(self, initial_value, name, colocate_with):
        """A variable of the optimizer that belongs to no other variable."""
        key = (name, colocate_with.graph)
        if key not in self._non_slot_dict:
            with get_default_graph().colocate_with(colocate_with):
                made = Variable(initial_value, name=name, trainable=False,
                                use_resource=of_resource(colocate_with))  # fmt: skip
            self._non_slot_dict[key] = made
            changed()
        return self._non_slot_dict[key]

    def _get_non_slot_variable(self, name, graph=None):
        if graph is not None and graph.building_function:
            graph = in_init_scope()  # where it was made
        return self._non_slot_dict.get((name, graph))

    def _non_slot_variables(self):
        return self._non_slot_dict.values()

    def _restored_slot(self, var, slot_name, value):
        """A slot that starts with a value of a checkpoint."""
        with init_scope():
            return self._get_or_make_slot(var, convert_to_tensor(value), slot_name, self._name)

    # -- what an optimizer defines ---------------------------------------------------------------

    def _valid_dtypes(self):
        return set(FLOATS)

    def _create_slots(self, var_list):
        """Make the slots that `var_list` needs."""

    def _prepare(self):
        """Make tensors of the rate and the like, once for all variables."""

    def _apply_dense(self, grad, var):
        """The Operation that updates `var` by the Tensor `grad`."""
        raise NotImplementedError(f"{type(self).__name__} has no _apply_dense")

    def _apply_sparse_duplicate_indices(self, grad, var):
        """The Operation that updates rows of `var` by the IndexedSlices `grad`, in which an index
        may stand twice: here such rows are summed first."""
        return self._apply_sparse(deduplicated(grad), var)

    def _apply_sparse(self, grad, var):
        """As `_apply_dense`, for an IndexedSlices in which each index stands once."""
        raise NotImplementedError(f"{type(self).__name__} has no _apply_sparse")

    def _finish(self, update_ops, name_scope):
        """The Operation, named `name_scope`, that ends the step."""
        return group(*update_ops, name=name_scope)

    def _call_if_callable(self, param):
        return param() if callable(param) else param

    def _assert_valid_dtypes(self, tensors):
        valid = self._valid_dtypes()
        for tensor in tensors:
            dtype = tensor.dtype.base_dtype
            if dtype not in valid:
                names = sorted(each.name for each in valid)
                raise ValueError(f"Invalid type {dtype!r} for {tensor.name}, expected: {names}.")


@children.register(Optimizer)
def _children(optimizer):
    """The variables of its own in the default graph, and what `_track_trackable` noted."""
    graph = in_init_scope()
    named = [(name, made) for (name, _), made in optimizer._non_slot_dict.items()
             if made.graph is graph]  # fmt: skip
    return [*noted(optimizer), *sorted(named, key=lambda pair: pair[0])]


def deduplicated(grad):
    """The IndexedSlices with the rows of equal index summed."""
    indices, positions = unique(grad.indices)
    summed = unsorted_segment_sum(grad.values, positions, shape(indices)[0])
    return IndexedSlices(summed, indices, grad.dense_shape)


def _key(variable):
    return variable.op.graph, getattr(variable, "_shared_name", variable.op.name)


def _check_optimizable(variable):
    if not isinstance(variable, (Variable, Tensor)):
        raise NotImplementedError("Trying to optimize unsupported type ", variable)


def _as_gradient(grad):
    if grad is None or isinstance(grad, (Tensor, IndexedSlices)):
        return grad
    try:
        return convert_to_tensor(grad)
    except TypeError:
        raise TypeError(
            f"Gradient must be convertible to a Tensor or IndexedSlices, or None: {grad}"
        ) from None
