"""Assertions about ragged tensors: they are compared as nested lists."""
import numpy as np

from minitf.core.ragged import is_ragged
from minitf.core.tensor import is_tensor


def assert_rows(case, a, b, compare, msg=None):
    """`compare(row, row)` holds for the innermost rows of both, which have as many ragged axes."""
    _assert_lists(case, *(_listed(case, each) for each in (a, b)), compare, msg)
    if not isinstance(a, (list, tuple)) and not isinstance(b, (list, tuple)):
        ranks = [each.ragged_rank if is_ragged(each) else 0 for each in (a, b)]
        case.assertEqual(*ranks, msg)


def _listed(case, value):
    if is_ragged(value):
        return (case.evaluate(value) if hasattr(value, "_components") else value).to_list()
    value = case.evaluate(value) if is_tensor(value) else value
    return value if isinstance(value, (list, tuple)) else np.asarray(value).tolist()


def _assert_lists(case, a, b, compare, msg):
    if not (_has_lists(a) and _has_lists(b)):
        compare(a, b)
        return
    case.assertEqual(len(a), len(b), f"lengths differ: {a}, {b}. {msg or ''}")
    for one, other in zip(a, b):
        _assert_lists(case, one, other, compare, msg)


def _has_lists(value):
    return isinstance(value, (list, tuple)) and any(isinstance(x, (list, tuple)) for x in value)
