"""The loops of an imported graph: which nodes an iteration is made of, as the nodes say it.

A GraphDef has no contexts. `Enter` begins a frame, whose name it has, `Exit` leaves it, and what
reads from a frame is in it.
"""

from minitf.core import static
from minitf.core.build import inferred_shapes
from minitf.ops.control_flow.contexts import LoopVariable, WhileContext


class Frames:
    """The frames of the operations that are being added, in the order of building."""

    def __init__(self, graph):
        self.graph, self.outer = graph, graph._context
        self.groups = []  # the operations that came of one node each
        self.frames = {}  # of an operation: the names of the loops around what it gives
        self.loops = {}  # by frame: its WhileContext
        self.members = {}  # by frame: what is in it, but in no loop inside
        self.whole = {}  # by frame: branches and loops in it that came of one node, and are done

    def add(self, operations):
        """Operations that are in the same frame."""
        self.groups.append(operations)

    def rebuild(self):
        """Give each operation of a loop its context."""
        if not any(_begins_frame(op) for group in self.groups for op in group):
            return
        for group in self.groups:
            self._place(group)
        for frame, operations in self.members.items():
            if frame:
                self._loop(frame, operations)
        for frame, loop in self.loops.items():
            _finish(loop, self.members[frame])
        _settle_shapes([op for frame in self.loops for op in self.members[frame]])

    def _place(self, group):
        before = (self.frames.get(other, ()) for op in group for other in _before(op))
        frame = max(before, key=len, default=())
        for operation in group:
            self.frames[operation] = frame
            if operation.context is not self.outer:
                self.whole.setdefault(frame, set()).add(self._outermost(operation.context))
                continue
            own = frame
            if _begins_frame(operation):
                own = self.frames[operation] = (*frame, operation.attrs["frame_name"])
            elif operation.definition.flow == "exit":
                self.frames[operation] = frame[:-1]
            self.members.setdefault(own, []).append(operation)

    def _outermost(self, context):
        while context.outer_context is not self.outer:
            context = context.outer_context
        return context

    def _loop(self, frame, operations):
        """The context of a frame; those of the frames around it come first."""
        outer = self.loops.get(frame[:-1], self.outer)
        enters = [op for op in operations if op.definition.flow == "enter"]
        with self.graph._in_context(outer):
            loop = WhileContext(enters[0].attrs["parallel_iterations"])
        self.loops[frame] = loop
        for operation in operations:
            operation.context = loop
        for context in self.whole.get(frame, ()):
            context.outer_context = loop


def _begins_frame(operation):
    """Whether it is an Enter, but for one that a loop around has made for what is read in it."""
    if operation.definition.flow != "enter":
        return False
    context = operation.context
    return context is None or operation.outputs[0] not in context.external.values()


def _before(operation):
    return [*(tensor.op for tensor in operation.inputs), *operation._control_inputs]


def _reading(tensor, flow):
    """What reads a tensor and is of this kind."""
    return [op for op in tensor._consumers if op.definition.flow == flow]


def _finish(loop, operations):
    """Tell a context what its variables are, and what decides how long it goes on."""
    graph = loop.graph
    tests = [op for op in operations if op.definition.flow == "test"]
    merges = [op for op in operations if op.definition.flow == "merge" and _begins(op)]
    if not tests or not merges:
        raise ValueError(f"The loop '{loop.name}' has no LoopCond, or no Merge of an Enter and a "
                         "NextIteration: it is no whole loop")  # fmt: skip
    loop.pivot = tests[0].outputs[0]
    for operation in operations:
        flow = operation.definition.flow
        if flow == "exit" or (flow == "switch" and operation.inputs[1] is loop.pivot):
            _skip_waits(operation)
    loop.variables = [_variable(op, loop.pivot) for op in merges]
    loop.pivot_for_pred = merges[0].outputs[0]
    loop.pivot_for_body = next((v.body for v in loop.variables if v.body is not None), None)
    for operation in operations:
        if loop.is_constant(operation):
            loop.external[operation.inputs[0]] = operation.outputs[0]
        if loop.outer_context is not None or operation.definition.flow != "exit":
            graph.prevent_fetching(operation)
            for tensor in operation.outputs:
                graph.prevent_feeding(tensor)
        if not operation.inputs and not operation._control_inputs:
            operation._add_control_input(merges[0])  # so that each iteration has it


def _skip_waits(operation):
    """Let what decides about a variable, or ends it, read that past nodes that only wait."""
    tensor = operation.inputs[0]
    while tensor.op.type == "Identity" and tensor.op.context is operation.context:
        tensor = tensor.op.inputs[0]
    if tensor is not operation.inputs[0] and tensor.op.definition.flow in ("merge", "switch"):
        operation._update_input(0, tensor)


def _begins(merge):
    return len(merge.inputs) == 2 and merge.inputs[1].op.definition.flow == "next"


def _variable(merge, pivot):
    value = merge.outputs[0]
    switches = [op for op in _reading(value, "switch") if op.inputs[1] is pivot]
    body = exit_ = None
    for switch in switches:
        outside, inside = switch.outputs
        body = body or next(iter(_identities(inside)), inside)
        exit_ = exit_ or next((op.outputs[0] for op in _reading(outside, "exit")), None)
    return LoopVariable(merge.inputs[0], value, body, exit_)


def _identities(tensor):
    return [op.outputs[0] for op in tensor._consumers if op.type == "Identity"]


# -- shapes ---------------------------------------------------------------------------------------


def _settle_shapes(operations):
    """What is known of shapes inside loops: what holds in the first iteration and in all others."""
    merges = [op for op in operations if op.definition.flow == "merge" and _begins(op)]
    while any([_widened(merge) for merge in merges]):
        for operation in operations:
            if operation not in merges:
                _infer_again(operation)


def _infer_again(operation):
    shapes = inferred_shapes(operation, len(operation.outputs))
    for tensor, shape in zip(operation.outputs, shapes):
        tensor._shape, tensor._value = shape, None
    static.infer(operation)


def _widened(merge):
    """Whether what comes back around made less known of a variable's shape."""
    value = merge.outputs[0]
    shape = _common(value._shape, merge.inputs[1]._shape)
    changed = shape != value._shape
    value._shape = shape
    return changed


def _common(shape, other):
    if shape is None or other is None or len(shape) != len(other):
        return None
    return tuple(m if m == n else None for m, n in zip(shape, other))
