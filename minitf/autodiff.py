"""tf.gradients: reverse-mode differentiation. It adds nodes to the graph, so gradients have
gradients.

Each op's rule says what flows back through it; this module walks the graph from the loss to the
variables, sums what meets, and undoes broadcasting, once for all ops.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from minitf.core.context import while_context
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64
from minitf.core.eager import executing_eagerly
from minitf.core.gradient_registry import Rule, rule_of
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.op import NOT_DIFFERENTIABLE
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import is_static, num_elements
from minitf.ops.array.basics import fill, reshape, shape, size, zeros_like
from minitf.ops.array.joining import concat, stack
from minitf.ops.control_flow.loop_gradient import Loop
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.walk import Node, Nodes, flows
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.reduce import add_n, sum_to


class AggregationMethod:
    """How gradients that meet are added; every method gives the same sum here."""

    ADD_N = DEFAULT = 0
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


class UnconnectedGradients:
    """What `tf.gradients` returns for an x that y does not depend on."""

    NONE = "none"
    ZERO = "zero"


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: Any = None,
    stop_gradients: Any = None,
    unconnected_gradients: str = UnconnectedGradients.NONE,
) -> list[Any]:
    """The derivatives of the sum of `ys` by each of `xs`.

    Returns a list as long as `xs`: a Tensor, an IndexedSlices where only some rows have a
    gradient, or None where `ys` do not depend on x (zeros when `unconnected_gradients="zero"`).
    `grad_ys` are the gradients to start from, ones by default; `stop_gradients` are held constant.
    Gradients are computed in the order of the graph: `gate_gradients` and `aggregation_method`
    change nothing in the result. Raises LookupError for an op that has no gradient rule.
    """
    if unconnected_gradients not in (UnconnectedGradients.NONE, UnconnectedGradients.ZERO):
        raise ValueError(f"Unknown value for unconnected_gradients: '{unconnected_gradients}'")
    if executing_eagerly():
        raise RuntimeError(
            "tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape "
            "instead."
        )
    sources = _tensors(_as_list(xs))
    with name_scope(name, "gradients", [*_tensors(_as_list(ys)), *sources]) as scope:
        targets = [convert_to_tensor(y) for y in _as_list(ys)]
        starts = _starting(targets, _as_list(grad_ys, len(targets)))
        stops = {tensor.op for tensor in _tensors(_as_list(stop_gradients, 0))}
        nodes = Nodes(while_context(get_default_graph()._context))
        sweep = _Sweep(targets, starts, sources, stops, scope, colocate_gradients_with_ops, nodes)
        found = sweep.run()
        if unconnected_gradients == UnconnectedGradients.ZERO:
            return [zeros_like(x) if g is None else g for x, g in zip(sources, found)]
        return found


def differentiate(
    targets: list[Tensor], starts: list[Any], sources: list[Tensor], nodes: Nodes
) -> list[Any]:
    """The derivatives of the sum of `targets` by each of `sources`, as far as `nodes` sees the way:
    as `gradients` gives them, from `starts`, where None stands for ones."""
    given = [_start(i, y, g) for i, (y, g) in enumerate(zip(targets, starts))]
    scope = f"{targets[0].graph.get_name_scope()}/".lstrip("/")
    return _Sweep(targets, given, sources, set(), scope, False, nodes).run()


def hessians(
    ys: Any,
    xs: Any,
    name: str = "hessians",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: Any = None,
) -> list[Any]:
    """The second derivatives of the sum of `ys` by each of `xs`, pair by pair of its elements.

    Returns a Tensor of shape `x.shape + x.shape` for each x. ValueError where `ys` or their
    gradient do not depend on x.
    """
    options = (colocate_gradients_with_ops, gate_gradients, aggregation_method)
    sources = _as_list(xs)
    slopes = gradients(ys, sources, None, "gradients", *options)
    return [_hessian(slope, x, options) for slope, x in zip(slopes, sources)]


def _hessian(slope: Any, x: Any, options: tuple[Any, ...]) -> Tensor:
    """The matrix row by row: by nodes of its own each, where the number of rows is known."""
    flat, sizes = reshape(slope, [-1]), x.get_shape()
    together = concat((shape(x), shape(x)), 0)

    def row(i: Any) -> Any:
        return convert_to_tensor(gradients(flat[i], x, None, "gradients", *options)[0])

    if not sizes.is_fully_defined():
        count = size(x)
        _, rows = while_loop(
            lambda i, _: i < count,
            lambda i, rows: (i + 1, rows.write(i, row(i))),
            [0, TensorArray(x.dtype, count)],
        )
        return reshape(rows.stack(), together)
    if not sizes.num_elements():
        return reshape(flat, together)
    return reshape(stack([row(i) for i in range(sizes.num_elements())]), together)


def _as_list(items: Any, count: int | None = None) -> list[Any]:
    if items is None and count is not None:
        return [None] * count
    return list(items) if isinstance(items, (list, tuple)) else [items]


def _tensors(items: Iterable[Any]) -> list[Any]:
    """Each item as the tensor that gradients refer to: a Variable by its reference."""
    capture = get_default_graph().capture
    return [
        capture(item._ref() if hasattr(item, "_ref") else convert_to_tensor(item))
        for item in items
    ]


def _starting(targets: list[Tensor], grad_ys: list[Any]) -> list[Any]:
    if len(grad_ys) != len(targets):
        raise ValueError(f"Passed {len(grad_ys)} grad_ys for {len(targets)} ys")
    return [_start(i, y, g) for i, (y, g) in enumerate(zip(targets, grad_ys))]


def _start(index: int, y: Tensor, grad: Any) -> Any:
    if grad is None:
        if y.dtype.is_complex:
            raise TypeError("Gradients of complex tensors must set grad_ys "
                            f"(y.dtype = {y.dtype!r}): {y!r}")  # fmt: skip
        sizes = shape(y)
        one = convert_to_tensor(1, dtype=y.dtype.base_dtype, name=f"grad_ys_{index}")
        return fill(sizes, one)
    if isinstance(grad, IndexedSlices):
        return grad
    if isinstance(grad, Tensor) and grad.dtype.base_dtype is not y.dtype.base_dtype:
        raise TypeError(f"grad_ys[{index}] is {grad.dtype.name}, but {y!r} is {y.dtype.name}")
    grad = convert_to_tensor(grad, dtype=y.dtype.base_dtype, name=f"grad_ys_{index}")
    if grad._shape != y._shape and num_elements(grad._shape) == num_elements(y._shape) == 1:
        return reshape(grad, y._shape)  # one number, whatever the axes around it
    return grad  # whether the shapes fit is for the rules to say: that of Reshape takes others


def _starts_a_loop(operation: Operation) -> bool:
    """Whether it brings the first value of a variable to a loop that is not yet complete."""
    if operation.definition.flow != "merge":
        return False
    return all(tensor.op.definition.flow == "enter" for tensor in operation.inputs)


class _Sweep:
    """One walk from the targets back to the sources."""

    def __init__(
        self,
        targets: list[Tensor],
        starts: list[Any],
        sources: list[Tensor],
        stops: set[Operation],
        scope: str,
        colocate: bool,
        nodes: Nodes,
    ) -> None:
        self.sources, self.stops, self.scope, self.colocate = sources, stops, scope, colocate
        self.nodes = nodes
        self.consumer: dict[Node, Node | None] = {}
        self.grads: dict[Tensor, list[Any]] = {}
        for y, dy in zip(targets, starts):
            self.grads.setdefault(y, []).append(dy)
        self.between = self._between(targets)

    def run(self) -> list[Any]:
        for node in reversed(self.between):
            if isinstance(node, Loop):
                self._back_through_loop(node)
            else:
                self._back_through(node)
        return [_sum(self.grads.get(x, []), x) for x in self.sources]

    def _between(self, targets: list[Tensor]) -> list[Node]:
        """The nodes on a path from a source to a target, inputs first."""
        of, inputs = self.nodes.of, self.nodes.inputs
        self.consumer = self.nodes.behind(targets)
        sources, connected = set(self.sources), {of(x.op) for x in self.sources}
        ordered = self.nodes.ordered(self.consumer)
        for node in ordered:
            if node not in connected and any(
                tensor in sources or (of(tensor.op) in connected and flows(tensor))
                for tensor in inputs(node)
            ):
                connected.add(node)
        self.connected = connected
        return [node for node in ordered if node in connected]

    def _back_through_loop(self, loop: Loop) -> None:
        dys = [
            None if tensor.op in self.stops else _sum(self.grads.get(tensor, []), tensor)
            for tensor in loop.outputs
        ]
        wanted = [self._wants(tensor) for tensor in loop.inputs]
        if not any(wanted) or all(dy is None for dy in dys):
            return
        inside = Nodes(loop.context, closed=True)

        def sweep(targets: list[Tensor], starts: list[Any], sources: list[Tensor]) -> list[Any]:
            return _Sweep(targets, starts, sources, self.stops, self.scope, self.colocate,
                          inside).run()  # fmt: skip

        with loop.context.graph.name_scope(f"{self.scope}{loop.name}_grad/"):
            found = loop.gradient(dys, wanted, inside.dependencies, sweep)
        self._add(loop.inputs, found, wanted)

    def _add(self, inputs: Sequence[Tensor], found: Sequence[Any], wanted: list[bool]) -> None:
        for tensor, grad, wants in zip(inputs, found, wanted):
            if grad is not None and wants:
                self.grads.setdefault(tensor, []).append(grad)

    def _back_through(self, operation: Operation) -> None:
        if operation in self.stops or not self.nodes.inputs(operation):
            return
        rule = rule_of(operation)
        if rule is not None and rule.apply is NOT_DIFFERENTIABLE:
            return
        if not any(tensor in self.grads for tensor in operation.outputs):
            return
        wanted = [self._wants(tensor) for tensor in operation.inputs]
        if not any(wanted):
            return
        if rule is None:
            raise LookupError(self._no_gradient(operation))
        if _starts_a_loop(operation):
            raise ValueError(
                f"Cannot compute gradient inside while loop with respect to op '{self._goal()}'. "
                "We do not support taking the gradient wrt or through the initial value of a loop "
                "variable. Gradients can be computed through loop invariants or wrt the input "
                "parameters to the loop body."
            )
        sparse, partly = rule.sparse, bool(operation.definition.flow)
        dys = [self._incoming(tensor, sparse, partly) for tensor in operation.outputs]
        graph = operation.graph
        with graph.name_scope(f"{self.scope}{operation.name}_grad/"):
            if self.colocate:
                with graph.colocate_with(operation, ignore_existing=True):
                    found = self._apply(operation, rule, dys, wanted)
            else:
                found = self._apply(operation, rule, dys, wanted)
        self._add(operation.inputs, found, wanted)

    def _goal(self) -> str:
        return ", ".join(x.op.name for x in self.sources)

    def _wants(self, tensor: Tensor) -> bool:
        return self.nodes.of(tensor.op) in self.connected and flows(tensor)

    def _apply(
        self, operation: Operation, rule: Rule, dys: list[Any], wanted: list[bool]
    ) -> Sequence[Any]:
        found = rule.apply(operation, dys)
        if len(found) != len(operation.inputs):
            raise ValueError(
                f"Num gradients {len(found)} generated for op {operation.name} "
                f"({operation.type}) do not match num inputs {len(operation.inputs)}"
            )
        eager = operation.graph.eager  # a graph has nodes for all, and runs those that are wanted
        found = [
            (g() if wants or not eager else None) if callable(g) else g
            for g, wants in zip(found, wanted)
        ]
        if rule.broadcasts and len(operation.inputs) > 1:
            return [_unbroadcast(g, x) for g, x in zip(found, operation.inputs)]
        return [_fitting(g, x) for g, x in zip(found, operation.inputs)]

    def _incoming(self, tensor: Tensor, sparse_allowed: bool, partly: bool) -> Any:
        grad = _sum(self.grads.get(tensor, []), tensor)
        if grad is None:
            if partly or not flows(tensor):
                return None
            # In a loop of gradients the tensor itself would have to be kept for each iteration.
            return zeros_like(tensor, optimize=tensor.graph._context is not None)
        self.grads[tensor] = [grad]
        return grad if sparse_allowed or isinstance(grad, Tensor) else convert_to_tensor(grad)

    def _no_gradient(self, operation: Operation) -> str:
        down: list[Node] = [operation]
        while (after := self.consumer[down[-1]]) is not None:
            down.append(after)
        of, up, sources = self.nodes.of, operation, {self.nodes.of(x.op) for x in self.sources}
        path = [node.name for node in reversed(down)]
        where = f"\n  built at {operation.line}" if operation.line.filename else ""
        while up not in sources:
            up = next(of(t.op) for t in self.nodes.inputs(up) if of(t.op) in self.connected)
            path.append(up.name)
        return (
            f"No gradient defined for operation '{operation.name}' (op type: {operation.type}), "
            f"which lies between the loss and what it is differentiated by: {' <- '.join(path)}. "
            f"tf.stop_gradient holds a part of the graph constant.{where}"
        )


def _fitting(grad: Any, x: Tensor) -> Any:
    """A gradient as a rule gave it, as a tensor of the shape of x."""
    if grad is None or isinstance(grad, IndexedSlices):
        return grad
    grad = convert_to_tensor(grad, dtype_hint=x.dtype.base_dtype)
    if grad._shape == x._shape:
        return grad
    try:
        grad.set_shape(x._shape)
    except ValueError:
        raise ValueError(
            "Incompatible shapes between op input and calculated input gradient.  Input: "
            f"{x.name}.  Original input shape: {x.shape}.  Calculated input gradient shape: "
            f"{grad.shape}"
        ) from None
    return grad


def _unbroadcast(grad: Any, x: Tensor) -> Any:
    """Sum a gradient back to the shape its forward value had: here and nowhere else."""
    if grad is None or not isinstance(grad, Tensor):
        return grad
    if is_static(x._shape) and grad._shape == x._shape:
        return grad
    summed = sum_to(grad, shape(x))
    summed.set_shape(x._shape)
    return summed


def _sum(grads: list[Any], x: Tensor) -> Any:
    """The gradients that met at x, added up."""
    if len(grads) > 1 and all(isinstance(grad, Tensor) for grad in grads):
        # The rule of ReluGrad, for one, gives zeros: they are computed on only where all are.
        grads = [grad for grad in grads if grad.op.type != "ZerosLike"] or grads[:1]
    if len(grads) <= 1:
        return grads[0] if grads else None
    if any(isinstance(grad, Tensor) for grad in grads):
        return add_n([convert_to_tensor(grad) for grad in grads], name="AddN")
    return IndexedSlices(
        concat([g.values for g in grads], 0),
        concat(_of_one_type([g.indices for g in grads]), 0),
        grads[0].dense_shape,
    )


def _of_one_type(indices: list[Any]) -> list[Any]:
    """The indices, those of int32 as int64 where there are others."""
    if len({each.dtype.base_dtype for each in indices}) == 1:
        return indices
    return [cast(each, int64) for each in indices]

