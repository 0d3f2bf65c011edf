"""Special functions, as exact as TensorFlow is: see goldens/record_special.py."""
import json

import numpy as np
import pytest
from goldens.collect import HERE
from goldens.special_runs import ARGUMENTS, values

import minitf as tf

with open(HERE + "/special.json") as file:
    GOLDEN = json.load(file)
# What TensorFlow sums in single precision; minitf in double.
ROUGH = {"igamma", "igammac", "igamma_grad_a", "betainc"}


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_float64_is_exact_to_12_digits(name):
    want = [float.fromhex(number) for number in GOLDEN["float64"][name]]
    np.testing.assert_allclose(values(tf, np, name, "float64").ravel(), want, rtol=1e-12)


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_float32_is_exact_to_6_digits(name):
    want = [float.fromhex(number) for number in GOLDEN["float32"][name]]
    rtol, atol = (1e-5, 1e-37) if name in ROUGH else (1e-6, 0)
    np.testing.assert_allclose(values(tf, np, name, "float32").ravel(), want, rtol, atol)
