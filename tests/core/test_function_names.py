"""Functions bear one of the names that they have in tf: programs register them by it."""
import inspect
from collections import defaultdict

import pytest

import minitf as tf

SO_IN_TENSORFLOW = {"print": "print_v2", "divide_no_nan": "div_no_nan",
                    "get_static_value": "constant_value"}  # fmt: skip


@pytest.mark.parametrize("module", [tf, tf.math, tf.nn, tf.image, tf.losses, tf.layers],
                         ids=lambda module: module.__name__)  # fmt: skip
def test_functions_bear_one_of_their_names(module):
    names = defaultdict(set)
    for name, value in vars(module).items():
        if not name.startswith("_") and inspect.isfunction(value):
            names[value].add(name)
    odd = {min(known): function.__name__ for function, known in names.items()
           if function.__name__ not in known}  # fmt: skip
    assert odd == {name: own for name, own in SO_IN_TENSORFLOW.items() if name in odd}


def test_functions_made_of_a_declaration_bear_the_name_of_tensorflow():
    names = {"is_nan", "is_inf", "is_finite", "acos", "asinh", "exp", "add", "subtract", "multiply",
             "to_float", "to_int64", "slice", "tuple", "floor", "abs", "maximum"}  # fmt: skip
    for name in names:
        assert getattr(tf, name).__name__ == name
