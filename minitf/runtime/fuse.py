"""Phase 6: groups of element-wise steps become one loop each, to be compiled from C.

A group is as large as it can be: all its steps have one shape, and nothing outside it stands
between two of them. Reductions of what it computes may close it. Updates of variables take part:
the gradient's last steps and `W -= ...` are one pass over the memory.
"""
from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from minitf.core.kernel import Array, contiguous_strides
from minitf.core.op import OpDef
from minitf.core.tensor_shape import is_static, num_elements
from minitf.runtime.loops import Line, Nest, nest, spread
from minitf.runtime.program import Program, Step, Value
from minitf.runtime.scalars import C_TYPES, expression, literal, type_name
from minitf.runtime.sized import Open, can_be_open, opened
from minitf.runtime.writes import contested, leading, read_meanwhile

MAX_ARRAYS = 60  # of one loop; what native.c takes
MAX_STEPS = 200  # of one loop: more would not fit the processor's registers and code cache

Pairs = tuple[tuple[int, int], ...]


class Output(NamedTuple):
    """What a loop hands out: the name of a value of its body, or what combines it over axes."""

    value: str
    combine: str = ""
    axes: tuple[int, ...] = ()


class Fused(OpDef):
    """A group as an op of its own: its kernel is the compiled loop."""

    def __init__(
        self,
        shape: tuple[int, ...],
        lines: tuple[Line, ...],
        results: tuple[Output, ...],
        written: Pairs,
        open: Open | None = None,
    ) -> None:
        super().__init__("Fused", _kernel, None, stateful=bool(written), loops=True)
        self.over, self.lines, self.results, self.pairs = shape, lines, results, written
        self.open = open

    @property
    def written(self) -> Pairs:
        return self.pairs

    def overwrites(self, output: int) -> bool:
        return not self.results[output].combine

    def told(self, reads: list[str]) -> tuple[str, list[str]]:
        """How it is called, and what it reads, in a listing."""
        return f"each element of {self.over}", reads

    def loop(
        self, inputs: list[Array], outputs: list[Array], over: tuple[int, ...] | None = None
    ) -> Nest:
        """The loop over arrays that lie as these do, its sizes and strides."""
        over = over or self.over
        reads = [spread(array, over) for array in inputs]
        writes = [
            (result.value, result.combine, _along(result, array, over))
            for result, array in zip(self.results, outputs)
        ]
        return nest(over, reads, self.lines, writes)


def _along(result: Output, array: Array, over: tuple[int, ...]) -> Array:
    """The output with a stride for each dimension of the loop."""
    if not result.combine:
        return array
    kept = tuple(1 if d in result.axes else n for d, n in enumerate(over))
    return Array(kept, array.dtype, contiguous_strides(kept))


def _kernel(xp: Any, *inputs: Any, out: Any = None) -> Any:
    raise RuntimeError("a fused group is called by its compiled function")


_kernel.__annotations__ = {}
_kernel.__name__ = "loop"


def fuse(program: Program, types: Types | None = None) -> Program:
    """Make groups of element-wise steps one step each, for a processor that knows these types."""
    types = types or Types()
    facts = Facts.of(program)
    position = {step: i for i, step in enumerate(program.steps)}
    groups = [sorted(group, key=position.__getitem__) for group in Grouper(program, types).groups()]
    fused = [made for group in groups if (made := _fused(group, facts, types)) is not None]
    return replaced(program, fused) if fused else program


# -- which steps ----------------------------------------------------------------------------------


class Types:
    """The types of elements in loops. In C all floats of a loop are of one type: its vectors have
    as many lanes everywhere."""

    names = C_TYPES
    open = False  # whether loops are over sizes that only the run knows
    sizes_in_text = False  # whether constants that depend on sizes are written into the text

    def of(self, step: Step, values: list[Value]) -> str | None:
        """The type that a step computes in, None when loops cannot have it."""
        names = {type_name(values[i].dtype) for i in (*step.data, *step.outputs)}
        numbers = names - {"bool"} or names
        return numbers.pop() if len(numbers) == 1 and numbers <= self.names.keys() else None

    def alike(self, step: Step, other: Step, values: list[Value]) -> bool:
        """Whether both may stand in one loop: truth values stand with any numbers."""
        return len({self.of(step, values), self.of(other, values)} - {"bool"}) < 2


def _shape(step: Step, values: list[Value]) -> Any:
    """The shape of the loop that a step belongs into."""
    return values[step.outputs[0] if step.definition.reduction is None else step.data[0]].shape


def can_fuse(step: Step, values: list[Value], types: Types) -> bool:
    """Whether a loop can take it, as far as shapes and types go."""
    definition = step.definition
    if step.host or (definition.scalar is None and definition.reduction is None):
        return False
    static = all(values[i].static for i in (*step.inputs, *step.outputs))
    fits = can_be_open(step, values) if types.open else static
    if len(step.outputs) != 1 or not fits:
        return False
    shape = _shape(step, values)
    if num_elements(shape) == 0 or types.of(step, values) is None:
        return False
    if definition.reduction is not None:
        return _closing(step, values) is not None
    return is_elementwise(step, values)


def is_elementwise(step: Step, values: list[Value]) -> bool:
    """Whether each element comes from those in its place of inputs that broadcast."""
    definition, shape = step.definition, values[step.outputs[0]].shape
    if definition.ufunc is None and scalar_of(step) is None:
        return False
    if definition.rows and len(values[step.data[0]].sizes) == 1 < len(shape or ()):
        return False
    return all(_broadcasts(values[i].shape, shape) for i in step.data)


def scalar_of(step: Step) -> str | None:
    """The op's expression of one element, None where it has none for these attributes."""
    scalar: Any = step.definition.scalar
    return scalar(len(step.data), **step.attrs) if callable(scalar) else scalar


def _broadcasts(small: Any, large: Any) -> bool:
    aligned = zip(reversed(small), reversed(large))
    return len(small) <= len(large) and all(n in (1, m) for n, m in aligned)


def _closing(step: Step, values: list[Value]) -> tuple[str, tuple[int, ...]] | None:
    """(combination, axes) of a reduction whose axes lead, or trail, or are all."""
    found = reduction_of(step, values)
    if found is None:
        return None
    gone = [d in found[1] for d, n in enumerate(_shape(step, values)) if n != 1]
    turns = sum(a != b for a, b in pairwise(gone))
    return found if turns < 2 and any(gone) else None


def reduction_of(step: Step, values: list[Value]) -> tuple[str, tuple[int, ...]] | None:
    """(combination, axes in their order) of a reduction whose axes are known."""
    definition: Any = step.definition
    known = [
        values[i].constant if param.static else values[i].shape
        for param, i in definition.schema.arguments(step.inputs)
    ]
    if any(item is None for item in known):
        return None
    combine, axes = definition.schema.call(definition.reduction, known, **step.attrs)
    return combine, tuple(sorted({axis % len(_shape(step, values)) for axis in axes}))


class OpenTypes(Types):
    """Of what is left when the steps are grouped whose sizes are known."""

    open = True


def fuse_open(program: Program) -> Program:
    """The same where only the run knows the sizes, and whether they are equal: after `by_rows`."""
    static = all(program.values[i].static for step in program.steps for i in step.outputs)
    return program if static else fuse(program, OpenTypes())


class Grouper:
    """Walks the steps once. A group is open until a step outside it reads one of its values or
    waits for one of its steps: so nothing outside can stand between two steps of a group.

    Which steps take part, and which of them together, is for a lowering to say.
    """

    def __init__(self, program: Program, types: Types | None = None) -> None:
        self.program, self.values, self.types = program, program.values, types or Types()
        self.producers = program.producers()
        self.home: dict[Step, list[Step]] = {}
        self.closed: set[int] = set()  # ids of groups
        self.axes: dict[int, tuple[int, ...]] = {}  # by the id of a group
        self.contested = contested(program)
        self.leading = leading(program, self.contested) if self.contested else set()

    def groups(self) -> list[list[Step]]:
        for step in self.program.steps:
            joined = self._joined(step) if self.fits(step) else None
            before = {self.producers[i] for i in step.reads if i in self.producers} | step.after
            for other in before & self.home.keys():
                if self.home[other] is not joined:
                    self.closed.add(id(self.home[other]))
            if joined is not None:
                if step in self.contested:  # who reads the old value may have to come earlier
                    self.closed.add(id(joined))
                joined.append(step)
                self.home[step] = joined
                self.axes.update((id(joined), only) for only in self._own_axes(step))
        found = list({id(group): group for group in self.home.values()}.values())
        late = read_meanwhile(self.program, found)
        return [part for group in found for part in _apart(group, late)] if late else found

    def _joined(self, step: Step) -> list[Step]:
        """The open groups of this shape that its inputs come from, made one; or a new group."""
        waits = step.definition.writes() and step.inputs[0] in self.producers
        if step.after or waits or step in self.contested - self.leading:
            return []  # it has to wait, for a step or for an earlier write
        makers = [m for i in step.inputs if (m := self.producers.get(i)) in self.home]
        complete = {id(self.home[m]) for m in makers if m.definition.reduction is not None}
        found = {id(self.home[m]): self.home[m] for m in makers}
        open_ones = [
            group
            for key, group in found.items()
            if key not in self.closed | complete
            and group[0].guard == step.guard
            and self.alike(group, step)
        ]
        if not open_ones or sum(map(len, open_ones)) >= MAX_STEPS:
            return []
        largest, *others = sorted(open_ones, key=len, reverse=True)
        for group in others:
            axes = {*self._axes(largest), *self._axes(group), *self._own_axes(step)}
            if len(axes) < 2 and self._of_one_type(largest, self._typical(group)):
                largest += group
                self.home.update((member, largest) for member in group)
                self.axes.update((id(largest), only) for only in axes)
        return largest

    def fits(self, step: Step) -> bool:
        return can_fuse(step, self.values, self.types)

    def alike(self, group: list[Step], step: Step) -> bool:
        return (
            _shape(group[0], self.values) == _shape(step, self.values)
            and self._of_one_type(group, step)
            and len({*self._axes(group), *self._own_axes(step)}) < 2
        )

    def _of_one_type(self, group: list[Step], step: Step) -> bool:
        return self.types.alike(self._typical(group), step, self.values)

    def _typical(self, group: list[Step]) -> Step:
        """The first that computes with numbers, if there is one."""
        numbers = (step for step in group if self.types.of(step, self.values) != "bool")
        return next(numbers, group[0])

    def _axes(self, group: list[Step]) -> list[tuple[int, ...]]:
        """The axes that the reductions of a group have in common: none or one set of them."""
        return [self.axes[id(group)]] if id(group) in self.axes else []

    def _own_axes(self, step: Step) -> list[tuple[int, ...]]:
        closing = _closing(step, self.values) if step.definition.reduction else None
        return [closing[1]] if closing else []


def _apart(group: list[Step], late: set[Step]) -> list[list[Step]]:
    """The group without the writes that have to wait, where nothing in it waits for them."""
    kept, made = [s for s in group if s not in late], {i for s in group if s in late
                                                       for i in s.outputs}  # fmt: skip
    waits = any(made.intersection(s.reads) or s.after & late for s in kept)
    return [kept] if kept and not waits else []


# -- one group ------------------------------------------------------------------------------------


class Facts(NamedTuple):
    """What is asked about values again and again."""

    values: list[Value]
    roots: list[int]
    users: dict[int, list[Step]]
    fetched: set[int | None]

    @classmethod
    def of(cls, program: Program) -> Facts:
        users: dict[int, list[Step]] = {}
        for step in program.steps:
            for i in step.reads:
                users.setdefault(i, []).append(step)
        return cls(program.values, program.roots(), users, set(program.fetches))

    def used_outside(self, i: int, members: set[Step]) -> bool:
        return i in self.fetched or any(user not in members for user in self.users.get(i, ()))


def _fused(group: list[Step], facts: Facts, types: Types) -> tuple[Step, list[Step]] | None:
    """The group as one step; None when no loop can express it."""
    values, roots, members = facts.values, facts.roots, set(group)
    inside = {step.outputs[0] for step in group}
    variables = {roots[s.inputs[0]] for s in group if s.definition.writes()}
    reads = list(dict.fromkeys(i for s in group for i in s.data if i not in inside))
    reads = [i for i in reads if literal_of(values[i], types) is None]
    if any(roots[i] in variables and roots[i] != i for i in reads):
        return None  # it reads a variable otherwise than element by element while it writes it
    names = {i: f"v{k}" for k, i in enumerate(reads)}
    lines: list[Line] = []
    results: list[Output] = []
    outputs: list[int] = []
    written: list[tuple[int, int]] = []
    for step in group:
        out = step.outputs[0]
        if step.definition.reduction is not None:
            i = step.data[0]
            value = literal_of(values[i], types) or names[i]
            if step.definition.scalar is not None:
                line = line_of(step, names, values, types)
                if line is None:
                    return None
                value = f"v{len(reads) + len(lines)}"
                lines.append(line)
            results.append(Output(value, *_closing(step, values)))  # type: ignore[misc]
            outputs.append(out)
            continue
        line = line_of(step, names, values, types)
        if line is None:
            return None
        names[out] = f"v{len(reads) + len(lines)}"
        if step.definition.writes():
            written.append((reads.index(step.inputs[0]), len(outputs)))
        if step.definition.writes() or facts.used_outside(out, members):
            results.append(Output(names[out]))
            outputs.append(out)
        lines.append(line)
    if not outputs or len({reads[i] for i, _ in written}) != len(written):
        return None
    if len(reads) + len(outputs) > MAX_ARRAYS:
        return None
    shape = _shape(group[0], values)
    open = None if is_static(shape) else opened(group, reads, outputs, values)
    definition = Fused(shape, tuple(lines), tuple(results), tuple(written), open)
    step = Step(definition, group[-1].operation, reads, outputs, {}, guard=group[-1].guard)
    step.after = set().union(*(member.after for member in group)) - set(group)
    step.group = tuple(op for member in group for op in member.operations)
    return step, group


def line_of(
    step: Step, names: dict[int, str], values: list[Value], types: Types
) -> Line | None:
    """The step as a line of a loop's body; None where C has not what it needs."""
    arguments = [literal_of(values[i], types) or names[i] for i in step.data]
    text = scalar_of(step)
    text = text and expression(text, arguments, step.attrs, types.of(step, values) or "")
    return Line(type_name(values[step.outputs[0]].dtype), text) if text else None


def literal_of(value: Value, types: Types) -> str | None:
    """A constant that has the same number everywhere, as C writes it.

    What depends on sizes is handed over: it would make another text, to be compiled, of each batch.
    """
    number = None if value.sized and not types.sizes_in_text else value.number
    if number is None or type_name(number.dtype) not in types.names:
        return None
    return literal(number, type_name(number.dtype))


def replaced(program: Program, fused: list[tuple[Step, list[Step]]]) -> Program:
    """The program with each group's step where its last member stood."""
    last = {group[-1]: step for step, group in fused}
    home = {member: step for step, group in fused for member in group}
    steps = []
    for step in program.steps:
        if step in last:
            steps.append(last[step])
        elif step not in home:
            steps.append(step)
    for step in steps:
        step.after = {home.get(other, other) for other in step.after} - {step}
    return Program(program.values, steps, program.feeds, program.fetches)
