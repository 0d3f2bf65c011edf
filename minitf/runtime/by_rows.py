"""Updates of the rows that an index names, as one loop in C that visits each row once.

A gradient of an embedding is made of the different indices (`Unique`) and of a sum for each. What
is computed of these sums, and of rows of variables, and scattered to variables in the end, needs no
arrays of its own: for each index in turn the rows are read, and changed where they lie. Without
this the number of rows, which only the run knows, would leave all these steps to NumPy.
"""
from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any

from minitf.core.kernel import Array, Kernel
from minitf.core.op import OpDef
from minitf.core.tensor_shape import num_elements
from minitf.runtime import row_loops
from minitf.runtime.fuse import Facts, Pairs, Types, line_of, literal_of, replaced, scalar_of
from minitf.runtime.loops import Access, Line, Loop, Write
from minitf.runtime.program import Program, Step
from minitf.runtime.row_loops import NUMBER, SUM, TABLE, Rows
from minitf.runtime.scalars import expression, type_name
from minitf.runtime.simplify import drop_dead
from minitf.runtime.writes import changed, read_meanwhile

MOST = 1 << 29  # indices: what the loop numbers
FLOATS, INDICES = {"float32", "float64"}, {"int32", "int64"}


class ByRows(OpDef):
    """Such an update as an op of its own: of the indices, then what its body reads."""

    def __init__(self, body: Loop, reads: Rows, written: Pairs) -> None:
        super().__init__("ByRows", _kernel, None, stateful=True, loops=True, fails=True,
                         native=self._made)  # fmt: skip
        self.body, self.reads, self.pairs = body, reads, written

    @property
    def written(self) -> Pairs:
        return self.pairs

    def _made(self, inputs: list[Array], outputs: list[Array]) -> Kernel:
        table, (count,) = outputs[0].shape, inputs[0].shape
        sizes = count, num_elements(table[1:]) or 0, table[0]
        return row_loops.kernel(self.body, self.reads, sizes)

    def told(self, reads: list[str]) -> tuple[str, list[str]]:
        """How it is called, and what it reads, in a listing."""
        indices, *others = reads
        texts = [f"sum of {text}" if kind == SUM else text
                 for kind, text in zip(self.reads.kinds, others)]  # fmt: skip
        return f"each element of the rows {indices}, each row once", texts


def _kernel(xp: Any, *inputs: Any) -> Any:
    raise RuntimeError("updates by rows are called by their compiled function")


_kernel.__annotations__ = {}
_kernel.__name__ = "by_rows"


def by_rows(program: Program) -> Program:
    """Make updates of the rows that an index names one step, a loop over these rows."""
    if not any(step.definition.by_rows == "distinct" for step in program.steps):
        return program
    search = _Search(program)
    made = [found for group in search.groups() if (found := search.made(group)) is not None]
    return drop_dead(replaced(program, made)) if made else program


class _Search:
    """`rest` is the shape of a row, by value, of those that have a row for each different index."""

    def __init__(self, program: Program) -> None:
        self.program, self.values = program, program.values
        self.facts, self.types = Facts.of(program), Types()
        self.producers, self.roots = program.producers(), self.facts.roots
        self.distinct: dict[int, Step] = {}  # by both of its outputs
        self.rest: dict[int, tuple[int, ...]] = {}
        self.home: dict[Step, list[Step]] = {}

    def groups(self) -> list[list[Step]]:
        """The steps that may be one: connected by values that have such rows."""
        for step in self.program.steps:
            if step.host:
                continue
            if step.definition.by_rows == "distinct" and self._counts(step.inputs[0]):
                self.distinct.update((i, step) for i in step.outputs)
            elif (rest := self._rest(step)) is not None:
                self.home[step] = [step]
                self._join(step)
                if not step.definition.writes():
                    self.rest[step.outputs[0]] = rest
        position = {step: i for i, step in enumerate(self.program.steps)}
        groups = list({id(group): group for group in self.home.values()}.values())
        return [sorted(group, key=position.__getitem__) for group in groups]

    def _counts(self, indices: int) -> bool:
        """Whether the loop can number these."""
        value = self.values[indices]
        known = value.static and type_name(value.dtype) in INDICES
        return known and 0 < (num_elements(value.shape) or 0) < MOST

    def _join(self, step: Step) -> None:
        for i in step.data:
            if i in self.rest and self.home[self.producers[i]] is not self.home[step]:
                group = self.home[step]
                group += self.home[self.producers[i]]
                self.home.update((member, group) for member in self.home[self.producers[i]])

    # -- which steps -------------------------------------------------------------------------

    def _rest(self, step: Step) -> tuple[int, ...] | None:
        """The shape of a row where a step makes, or updates, one for each different index."""
        kind = step.definition.by_rows
        if kind == "sum":
            return self._row(step.inputs[0]) if self._sums(step) else None
        if kind == "take":
            axis = self.values[step.inputs[2]].constant
            first = axis is not None and not axis.any() and not step.attrs["batch_dims"]
            return self._row(step.inputs[0]) if first and self._names(step) else None
        if kind and step.definition.writes():
            variable, _, update = step.inputs
            row = self._row(variable) if self._names(step) else None
            return row if row is not None and self.rest.get(update) == row else None
        return None if kind else self._elementwise(step)

    def _row(self, table: int) -> tuple[int, ...] | None:
        value = self.values[table]
        fits = value.static and bool(value.shape) and type_name(value.dtype) in FLOATS
        return value.sizes[1:] if fits and num_elements(value.shape) else None

    def _names(self, step: Step) -> bool:
        """Whether its rows are those of the different indices, each once."""
        maker = self.distinct.get(step.inputs[1])
        return maker is not None and maker.outputs[0] == step.inputs[1]

    def _sums(self, step: Step) -> bool:
        """Whether it makes one sum for each different index."""
        _, numbers, count = step.inputs
        maker = self.distinct.get(numbers)
        if maker is None or maker.outputs[1] != numbers or self.values[count].shape != ():
            return False
        part = self.producers.get(count)  # the only element of the shape of a vector
        shape = self.producers.get(part.inputs[0]) if part and part.definition.view else None
        data, indices = self.values[step.inputs[0]], self.values[maker.inputs[0]]
        return (shape is not None and shape.definition.type == "Shape"
                and shape.inputs[0] == maker.outputs[0]
                and data.static and data.sizes[:1] == indices.shape)  # fmt: skip

    def _elementwise(self, step: Step) -> tuple[int, ...] | None:
        rests = {self.rest[i] for i in step.data if i in self.rest}
        if len(rests) != 1 or len(step.outputs) != 1 or not step.pure or scalar_of(step) is None:
            return None
        if self.types.of(step, self.values) is None:
            return None
        (rest,) = rests
        most = 0 if step.definition.rows else 1 + len(rest)
        others = [self.values[i] for i in step.data if i not in self.rest]
        fit = all(v.static and num_elements(v.shape) == 1 and len(v.sizes) <= most for v in others)
        return rest if fit else None

    # -- one group ---------------------------------------------------------------------------

    def made(self, group: list[Step]) -> tuple[Step, list[Step]] | None:
        """The group as one step; None when it is something else."""
        updates = [step for step in group if step.definition.writes()]
        if not updates or not self._alike(group) or not self._alone(group):
            return None
        indices = self._distinct_of(updates[0]).inputs[0]
        parts = _Parts(self, group)
        written = {step.inputs[0] for step in updates}
        others = [i for kind, i in parts.reads if kind != TABLE]
        if any(self.roots[i] in written for i in (indices, *others)):
            return None  # it reads a variable otherwise than row by row while it writes it
        found = parts.loop(updates)
        if found is None:
            return None
        inputs = [indices, *(i for _, i in parts.reads)]
        outputs = [step.outputs[0] for step in updates]
        pairs = tuple((inputs.index(step.inputs[0], 1), k) for k, step in enumerate(updates))
        kinds = tuple(kind for kind, _ in parts.reads)
        reads = Rows(kinds, type_name(self.values[indices].dtype))
        step = Step(ByRows(found, reads, pairs), updates[0].operation, inputs, outputs, {},
                    guard=updates[0].guard)  # fmt: skip
        step.after = set().union(*(member.after for member in group)) - set(group)
        step.group = tuple(op for member in group for op in member.operations)
        return step, group

    def _distinct_of(self, step: Step) -> Step:
        return self.distinct[step.inputs[1]]

    def _alike(self, group: list[Step]) -> bool:
        """Whether all are about the same rows of tables of one length, under one guard."""
        indexed = [step for step in group if step.definition.by_rows]
        tables = {step.inputs[0] for step in indexed if step.definition.by_rows != "sum"}
        makers = {self._distinct_of(step) for step in indexed}
        types = {type_name(self.values[i].dtype) for s in group for i in s.outputs} - {"bool"}
        return (len(makers) == len(types) == len({self.values[i].sizes[0] for i in tables}) == 1
                and len({step.guard for step in group}) == 1)  # fmt: skip

    def _alone(self, group: list[Step]) -> bool:
        """Whether nobody else needs what its steps make for themselves, changes its tables
        meanwhile, or stands between two of its steps."""
        members = set(group)
        inner = [s.outputs[0] for s in group if not s.definition.writes()]
        if any(self.facts.used_outside(i, members) for i in inner):
            return False
        users: dict[int, list[Step]] = {}
        for step in group:
            if step.definition.by_rows not in ("", "sum"):
                users.setdefault(self.roots[step.inputs[0]], []).append(step)
        own = all(self._own(root, steps, members) for root, steps in users.items())
        return own and not self._between(members) and not read_meanwhile(self.program, [group])

    def _own(self, root: int, users: list[Step], members: set[Step]) -> bool:
        """Whether one of a table's users at most changes it, others long before."""
        changes = [step for step in users if step.definition.writes()]
        if len(changes) > 1 or (changes and any(s.inputs[0] != root for s in users)):
            return False
        others = {s for s in self._writers if s not in members and root in changed(s, self.roots)}
        return not others or all(others <= self._needed([user]) for user in users)

    @functools.cached_property
    def _writers(self) -> list[Step]:
        return [step for step in self.program.steps if step.definition.written]

    def _between(self, members: set[Step]) -> bool:
        """Whether a step outside needs one of these and is needed by one of them."""
        outside = {s for member in members for s in self._before(member) if s not in members}
        return not self._needed(outside).isdisjoint(members)

    def _needed(self, steps: Iterable[Step]) -> set[Step]:
        """All that has to run before these."""
        stack, found = list(steps), set[Step]()
        while stack:
            for step in self._before(stack.pop()):
                if step not in found:
                    found.add(step)
                    stack.append(step)
        return found

    def _before(self, step: Step) -> Iterator[Step]:
        yield from (self.producers[i] for i in step.reads if i in self.producers)
        yield from step.after


class _Parts:
    """What a group reads, each thing once and by its name, and its body."""

    def __init__(self, search: _Search, group: list[Step]) -> None:
        self.search, self.values, self.group = search, search.values, group
        self.reads = list(dict.fromkeys(read for step in group for read in self._reads(step)))
        self.lines: list[Line] = []

    def _reads(self, step: Step) -> Iterator[tuple[str, int]]:
        if step.definition.by_rows:
            yield SUM if step.definition.by_rows == "sum" else TABLE, step.inputs[0]
            return
        for i in step.data:
            if i not in self.search.rest and literal_of(self.values[i], self.search.types) is None:
                yield NUMBER, i

    def loop(self, updates: list[Step]) -> Loop | None:
        """The body, for one row; None where C has not what it needs."""
        read = {read: f"v{k}" for k, read in enumerate(self.reads)}
        names = {i: name for (kind, i), name in read.items() if kind == NUMBER}
        for step in self.group:
            kind, out = step.definition.by_rows, step.outputs[0]
            if kind in ("sum", "take"):
                names[out] = read[SUM if kind == "sum" else TABLE, step.inputs[0]]
                continue
            if kind:
                variable, _, update = step.inputs
                dtype = type_name(self.values[out].dtype)
                arguments = [read[TABLE, variable], names[update]]
                text = expression(kind, arguments, {}, dtype)
                line = Line(dtype, text) if text else None
            else:
                line = line_of(step, names, self.values, self.search.types)
            if line is None:
                return None
            names[out] = f"v{len(self.reads) + len(self.lines)}"
            self.lines.append(line)
        return Loop(
            1,
            tuple(self._access(i, "0" if kind == NUMBER else "1") for kind, i in self.reads),
            tuple(self.lines),
            tuple(Write(names[s.outputs[0]], self._access(s.outputs[0], "1")) for s in updates),
        )

    def _access(self, i: int, along: str) -> Access:
        return Access(type_name(self.values[i].dtype), (along,))
