"""Every row of cases*.py gives what it gave under TensorFlow 1.15 (goldens/record_cases.py).

Values, types, static shapes, also those of inputs of unknown sizes and rank, and gradients; in
double and in single precision. The other lowerings are compared with this one in test_cases.py.
"""
import importlib
import json
import warnings
from pathlib import Path

import pytest
from cases import CASES
from goldens.rows import TYPE, differences, observed
from known_differences import ABSENT, DIFFERENT, MORE_GRADIENTS, NO_KERNEL, reason

import minitf as tf

HERE = Path(__file__).parent
for path in sorted(HERE.glob("cases_*.py")):
    importlib.import_module(path.stem)
ROWS = {case.name: case for case in CASES}
GOLDEN = json.loads((HERE / "goldens" / "cases.json").read_text())
PRECISIONS = "given", "narrow"
AGAIN = "run tests/goldens/record_cases.py under TensorFlow 1.15 (see there)"
TOLERANCE = {"float64": 1e-6, "complex128": 1e-6}


@pytest.fixture(autouse=True)
def in_numpy(monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def asked():
    """(row, precision, what TensorFlow gave)."""
    return [(name, precision, found[precision]) for name, found in sorted(GOLDEN.items())
            for precision in PRECISIONS if precision in found]  # fmt: skip


def apart(ours, theirs, tolerance):
    """{part: differences} of one precision."""
    found = {part: shapes_apart(ours[part], theirs[part])
             for part in ("static", "loose", "rankless") if part in theirs}  # fmt: skip
    if "raises" in theirs:
        return found
    if "raises" in ours:
        return found | {"outputs": [f"raises {ours['raises']}: {ours['why']}"]}
    for part in ("outputs", "gradients"):
        found[part] = arrays_apart(ours.get(part), theirs.get(part), tolerance)
    return found


def shapes_apart(ours, theirs):
    """What TensorFlow knows of the static shapes and minitf does not, or says otherwise."""
    if isinstance(theirs, dict):
        return []  # TensorFlow cannot be asked
    if isinstance(ours, dict):
        return [f"raises {ours['raises']}, TensorFlow knows {theirs}"]
    return [f"got {one}, TensorFlow knows {other}"
            for one, other in zip(ours, theirs, strict=True) if not as_known(one, other)]


def as_known(one, other):
    if other is None:
        return True
    return one is not None and len(one) == len(other) and all(
        n is None or m == n for m, n in zip(one, other)
    )


def arrays_apart(ours, theirs, tolerance):
    if not isinstance(ours, list) or not isinstance(theirs, list):
        ours, theirs = (x["raises"] if isinstance(x, dict) else x for x in (ours, theirs))
        return [] if ours == theirs else [f"got {ours}, TensorFlow gives {theirs}"]
    found = []
    for n, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        close = max(tolerance, TOLERANCE.get((other or {}).get("dtype"), 1e-5))
        found += differences(one, other, close, f"array {n}")
    return found


# -- the rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROWS)
def test_row_gives_what_tensorflow_gives(name):
    assert name in GOLDEN, f"{name} is not recorded: {AGAIN}"
    case, theirs = ROWS[name], GOLDEN[name]
    ours = json.loads(json.dumps(observed(case, tf)))
    for (*kind, sum1), (*recorded, sum2) in zip(ours["inputs"], theirs["inputs"], strict=True):
        assert kind == recorded and same_number(sum1, sum2), f"other inputs are recorded: {AGAIN}"
    for precision in PRECISIONS:
        if precision in theirs:
            for part, lines in apart(ours[precision], theirs[precision], case.tolerance).items():
                check(name, precision, part, lines)


def same_number(one, other):
    return one == other or abs(one - other) <= 1e-4 * (1 + abs(other))


def check(name, precision, part, lines):
    if part == "gradients" and reason(MORE_GRADIENTS, name):
        return
    known = DIFFERENT.get((name, part))
    if known:
        assert lines, f"{name} {part}: no longer different, strike it from known_differences.py"
    else:
        assert not lines, f"{name}, {precision}, {part}: " + "; ".join(lines)


# -- nothing is left out unsaid -------------------------------------------------------------------


def test_every_row_is_recorded_and_every_record_has_its_row():
    assert GOLDEN.keys() == ROWS.keys(), AGAIN
    assert len(GOLDEN) >= 600


def lacking(condition):
    return {name for name, _, theirs in asked() if condition(theirs)}


def listed(table):
    return {name for name in GOLDEN if reason(table, name)}


def test_ops_that_tensorflow_has_not_are_listed():
    assert lacking(lambda theirs: theirs.get("raises") == "Absent") == listed(ABSENT)


def test_what_tensorflow_has_no_kernel_for_is_listed():
    assert lacking(lambda theirs: theirs.get("why") == TYPE) == listed(NO_KERNEL)


def test_no_row_raises_for_another_reason():
    assert lacking(lambda theirs: "raises" in theirs) == listed(ABSENT) | listed(NO_KERNEL)


def test_gradients_that_tensorflow_has_not_are_listed():
    """But for those of ops that have none in minitf either."""
    odd = lacking(lambda theirs: "raises" in (theirs.get("gradients") or ()))
    assert {name for name in odd if differentiates(ROWS[name])} == listed(MORE_GRADIENTS)


def differentiates(case):
    return "raises" not in (observed(case, tf)["given"].get("gradients") or {"raises": ""})
