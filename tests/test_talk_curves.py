"""The talk's models cost what they cost under TensorFlow 1.15, in each of the first 100 steps."""

import json

import numpy as np
import pytest
from goldens import talk_curves

import minitf as tf

with open(talk_curves.GOLDEN) as file:
    GOLDEN = json.load(file)


@pytest.mark.parametrize("name", sorted(talk_curves.MODELS))
def test_cost_curve_is_tensorflows(name):
    costs = talk_curves.curve(tf, name)
    assert len(costs) == len(GOLDEN[name]) == talk_curves.STEPS
    np.testing.assert_allclose(costs, GOLDEN[name], rtol=0, atol=1e-3)
