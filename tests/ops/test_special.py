"""Special functions, as exact as TensorFlow is: see goldens/record_special.py."""
import json

import numpy as np
import pytest
from goldens.collect import HERE
from goldens.special_runs import ARGUMENTS, values

import minitf as tf
from minitf.core.op import REGISTRY
from minitf.ops.math import beta, gamma

with open(HERE + "/special.json") as file:
    GOLDEN = json.load(file)
# What TensorFlow sums in single precision; minitf in double.
ROUGH = {"igamma", "igammac", "igamma_grad_a", "betainc"}


@pytest.mark.usefixtures("lowering")
@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_float64_is_exact_to_12_digits(name):
    want = [float.fromhex(number) for number in GOLDEN["float64"][name]]
    np.testing.assert_allclose(values(tf, np, name, "float64").ravel(), want, rtol=1e-12)


@pytest.mark.usefixtures("lowering")
@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_float32_is_exact_to_6_digits(name):
    want = [float.fromhex(number) for number in GOLDEN["float32"][name]]
    rtol, atol = (1e-5, 1e-37) if name in ROUGH else (1e-6, 0)
    np.testing.assert_allclose(values(tf, np, name, "float32").ravel(), want, rtol, atol)


EDGES = [np.nan, np.inf, -np.inf, 0.0, -0.0, -1.0, -2.0, -0.5, -0.75, -7.25, -13.3, 1e-30, 1e-5,
         0.3, 0.5, 1.0, 1.5, 2.0, 3.0, 9.99, 10.0, 30.0, 150.0, 1e4, 1e7]  # fmt: skip
ABOVE_0 = [np.nan, 0.0, -1.0, 1e-3, 0.4, 1.0, 3.0, 17.5, 30.0, 400.0, np.inf]
FAR = [1e-30, 3e4, 1e10, 1e20, np.inf]
POLYGAMMA = [[np.nan, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 6.0, 11.0], EDGES]
OF_EDGES = {
    "Digamma": [EDGES], "BesselI0e": [EDGES], "BesselI1e": [EDGES], "Lgamma": [EDGES],
    "Erf": [EDGES], "Erfc": [EDGES], "Polygamma": POLYGAMMA,
    "Zeta": [[np.nan, 0.5, 1.0, 1.5, 2.0, 3.0, 7.5, 12.0], EDGES],
    "Igamma": [ABOVE_0[:-1] + FAR, EDGES + FAR], "Igammac": [ABOVE_0[:-1] + FAR, EDGES + FAR],
    "IgammaGradA": [ABOVE_0[:-1], EDGES],
    "Betainc": [ABOVE_0[:-1], ABOVE_0[:-1], [-0.1, 0.0, 1e-3, 0.3, 0.5, 0.77, 0.99, 1.0, 1.2]],
}  # fmt: skip


@pytest.mark.usefixtures("lowering")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("op", sorted(OF_EDGES))
def test_compiled_is_numpys_at_the_edges(op, dtype):
    tf.reset_default_graph()
    grid = [x.ravel() for x in np.meshgrid(*(np.array(x, dtype) for x in OF_EDGES[op]))]
    with np.errstate(all="ignore"):
        want = REGISTRY[op].kernel(np, *grid)
    feeds = {tf.placeholder(dtype, x.shape): x for x in grid}
    with tf.Session() as session:
        found = session.run(REGISTRY[op](*feeds), feeds)
    rtol, atol = (1e-5, 1e-37) if dtype == "float32" else (1e-10, 1e-300)
    np.testing.assert_allclose(found, want, rtol, atol)


def test_a_gpu_computes_them_in_its_loops(gpu):
    tf.reset_default_graph()
    x = tf.placeholder(tf.float32, [5])
    y = tf.igamma(x, 2.0) + tf.digamma(x) + tf.polygamma(1.0, x) + tf.betainc(x, x, 0.5)
    with tf.Session() as session:
        source = session.source(y, {x: np.ones(5, np.float32)})
    assert "as one graph" in source and source.count("loop(") == 1


LARGEST_AND_LEAST = [1.0, 2e4, 1e6, 1e6, 1e10, 1e-30, 1e-30, 0.5]
AT_THEM = [1e20, 2.1e4, 1e6, 1.001e6, 1e10, 1e-5, 1e-30, 1e20]
ABOVE_THEM = np.array([0, 1.7148666085754e-12, 0.4998670192391274, 0.15865521363165971,
                       0.499998670192391, 0, 0, 0])  # fmt: skip


@pytest.mark.usefixtures("lowering")
@pytest.mark.parametrize("function, want", [("igamma", 1 - ABOVE_THEM), ("igammac", ABOVE_THEM)])
def test_incomplete_gammas_of_the_largest_and_least_are_shares(function, want):
    a, x = tf.placeholder(tf.float64, [8]), tf.placeholder(tf.float64, [8])
    with tf.Session() as session:
        found = session.run(getattr(tf, function)(a, x), {a: LARGEST_AND_LEAST, x: AT_THEM})
    np.testing.assert_allclose(found, want, 1e-10, 1e-15)
    assert (found >= 0).all() and (found <= 1).all()


@pytest.mark.parametrize("definition, count", [
    (gamma.igammac, 2), (gamma.igamma_grad_a, 2), (beta.betainc, 3),
])  # fmt: skip
def test_fractions_of_many_elements_come_to_rest(monkeypatch, definition, count):
    steps = []
    for module, name in (gamma, "_scaled"), (beta, "_nonzero"):
        function = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda *given, function=function: steps.append(1) or function(*given)
        )
    arguments = np.random.RandomState(0).uniform(size=[3, 2000]) * [[10.0], [10.0], [1.0]]
    definition.kernel(np, *arguments[:count])
    assert 0 < len(steps) < 1000  # more than 2000 where the last bits are waited for
