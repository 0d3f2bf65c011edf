"""How a graph becomes a program: what each phase of the runtime does to one run's steps."""
from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from minitf.core.graph import get_default_graph
from minitf.runtime.plan import GROUP, OPTIMISE, optimise_loops
from minitf.runtime.program import Program, Step, Value, While
from minitf.runtime.prune import prune
from minitf.runtime.specialise import specialise

_LONG = 40  # characters of a constant


@dataclass(frozen=True)
class Phase:
    """A phase by its name in `minitf.runtime`, what it does, and the steps that it left."""

    name: str
    does: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Phases:
    """What `phases` returns; `print` shows what each phase took away (-) and put there (+).

    `operations` is how many the graph has, `needed` how many of these the run needs; `source` is
    the program in the end, as `Session.source` gives it.
    """

    operations: int
    needed: int
    phases: tuple[Phase, ...]
    source: str

    def __str__(self) -> str:
        first, *later = self.phases
        idle = [now.name for was, now in zip(self.phases, later) if was.steps == now.steps]
        parts = [
            f"prune: {self.operations} operations in the graph, {self.needed} needed",
            "\n".join([_head(first, self.needed), *(f"    {step}" for step in first.steps)]),
            *(_change(was, now) for was, now in zip(self.phases, later) if was.steps != now.steps),
            *([f"Nothing to do here for {', '.join(idle)}."] if idle else []),
            f"The program in NumPy:\n{self.source.rstrip()}",
        ]
        return "\n\n".join(parts)


def phases(fetches: Any, feed_dict: Any = None, session: Any = None) -> Phases:
    """What each phase makes of the steps of `Session.run(fetches, feed_dict)`; nothing is run.

    `session` is the default one unless it is given. The phases are those of a CPU, with the groups
    that a C compiler would get; the program is that in NumPy. Raises what `Session.run` raises of
    fetches and feeds that do not fit.
    """
    session = get_default_graph()._session(session, "explain.phases")
    signature = session._signature(fetches, feed_dict or {})
    shapes = [array.shape for array in signature.arrays(feed_dict or {})]
    for feed, shape in zip(signature.feeds, shapes):
        feed.check_shape(shape)
    feeds = signature._known(shapes)
    operations = prune(signature.elements, feeds)
    program = specialise(operations, feeds, signature.elements)
    known = "The shapes are known now, and what follows from them."
    found = [Phase("specialise", known, _steps(program))]
    for phase in (*OPTIMISE, optimise_loops, *GROUP):
        program = phase(program)
        found.append(Phase(phase.__name__, _does(phase), _steps(program)))
    source = session.compiled(operations, signature.elements, feeds, in_c=False).text
    return Phases(len(session.graph.get_operations()), len(operations), tuple(found), source)


def _does(phase: Callable[..., Any]) -> str:
    return (phase.__doc__ or "").partition("\n")[0]


def _head(phase: Phase, before: int) -> str:
    return f"{phase.name}: {before} -> {len(phase.steps)} steps. {phase.does}"


def _change(was: Phase, now: Phase) -> str:
    lines = [_head(now, len(was.steps))]
    matcher = difflib.SequenceMatcher(None, was.steps, now.steps, autojunk=False)
    for tag, start, end, new, last in matcher.get_opcodes():
        if tag != "equal":
            lines += [f"  - {step}" for step in was.steps[start:end]]
            lines += [f"  + {step}" for step in now.steps[new:last]]
    return "\n".join(lines)


def _steps(program: Program) -> tuple[str, ...]:
    return tuple(_line(step, program.values) for step in program.steps)


def _line(step: Step, values: list[Value]) -> str:
    """`sum = Add(x, y)  # 32x10`."""
    outputs = [values[i] for i in step.outputs]
    names = ", ".join(value.name for value in outputs) or step.operation.name
    given = ", ".join(_given(values[i]) for i in step.inputs)
    shapes = ", ".join(map(_shape, outputs))
    loop = step.definition
    block = f" of {len(loop.block.steps)} steps" if isinstance(loop, While) else ""
    return f"{names} = {loop.type}{block}({given})" + (f"  # {shapes}" if outputs else "")


def _given(value: Value) -> str:
    """Its name, or what it is if that is known and short."""
    constant = value.constant
    if constant is None or constant.dtype.kind not in "biuf":
        return value.name
    if value.number is not None and constant.size > 1:
        return f"{value.number:g} ({_shape(value)})"
    text = f"{constant:g}" if not constant.ndim else str(constant.tolist())
    return text if len(text) <= _LONG else value.name


def _shape(value: Value) -> str:
    if value.shape is None:
        return "?"
    return "x".join("?" if n is None else str(n) for n in value.shape) or "scalar"
