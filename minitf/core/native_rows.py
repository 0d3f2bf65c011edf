"""Kernels in C that do the same for each row, as `core.cuda.threads.rows` are on a GPU."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from minitf.core.cuda.threads import MOVED
from minitf.core.kernel import Array, Kernel

TEMPLATE = """\
BEFORE
typedef struct { const int64_t *n; void *const *p; int64_t step; } NAME_task;

static void NAME_part(void *context, int64_t part) {
  const NAME_task *c = context;
  const int64_t *n = c->n, length = n[1];
  void *const *p = c->p;
ARRAYS
  const int64_t begin = part * c->step, end = begin + c->step < n[0] ? begin + c->step : n[0];
START
  for (int64_t row = begin; row < end; row++) {
BODY
  }
}

static void NAME(const int64_t *n, void *const *p) {
CHECK
  int64_t parts = n[0] * n[1] > 20000 ? thread_count() : 1;
  NAME_task task = {n, p, (n[0] + parts - 1) / parts};
  parallel(NAME_part, &task, parts);
}
"""


def rows(
    body: str,
    inputs: Sequence[Array],
    outputs: Sequence[Array],
    count: int,
    length: int,
    *,
    before: str = "",
    check: str = "",
    start: str = "",
    types: dict[str, str] = MOVED,
    sizes: Mapping[str, int] = MappingProxyType({}),
) -> Kernel | None:
    """The kernel that runs `body` for each of `count` rows. None where a type is not in `types`.

    In it `row` is the row's number and `length` its size; `x0`, `x1`, ... are the inputs, which
    must not be static, `y0`, ... the outputs, TYPE is that of the first input, and each of `sizes`
    has its name. `before` are functions; what they are called begins with NAME. `check` comes
    first, given `n` and the arrays, and may complain of an index and return. `start` comes before
    the rows from `begin` on that a thread is given.
    """
    arrays = [*inputs, *outputs]
    if any(array.dtype.name not in types for array in arrays):
        return None
    lines = [f"  const int64_t {name} = n[{k + 2}];" for k, name in enumerate(sizes)]
    pointers = []
    for k, array in enumerate(arrays):
        name = f"x{k}" if k < len(inputs) else f"y{k - len(inputs)}"
        const = "const " if k < len(inputs) else ""
        pointers.append(f"  {const}{types[array.dtype.name]} *{name} = p[{k}];")
    first = types[inputs[0].dtype.name]
    text = TEMPLATE.replace("ARRAYS", "\n".join([*lines, *pointers]))
    checked = [*lines, *pointers[: len(inputs)], check] if check else []
    text = text.replace("CHECK", "\n".join(checked)).replace("START", start)
    text = text.replace("BEFORE", f"typedef {first} NAME_T;\n{before}").replace("BODY", body)
    return Kernel(text.replace("TYPE", "NAME_T"), (count, length, *sizes.values()))
