"""Every example runs, in a short mode, and its numbers say what its docstring promises."""
import importlib
import pathlib
from xml.etree import ElementTree

import numpy as np
import pytest

import minitf as tf

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def example(monkeypatch, tmp_path):
    """Import an example the way `python examples/x.py` would find its neighbours."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.chdir(tmp_path)
    return importlib.import_module


def assert_picture(path):
    pixels = pytest.importorskip("matplotlib.image").imread(path)
    assert min(pixels.shape[:2]) > 400
    assert pixels[..., :3].std() > 0.05, "the picture is blank"


def test_house_prices_reach_the_closed_form(example, capsys):
    results = example("house_prices").main(["--no-plot"])
    assert results["minitf"]["train"] == pytest.approx(results["closed form"]["train"], rel=0.01)
    assert results["minitf"]["test"] == pytest.approx(results["closed form"]["test"], rel=0.01)
    # From different first weights: the cost has one minimum, and both walk to it.
    assert results["minitf"]["test"] == pytest.approx(results["NumPy by hand"]["test"], rel=1e-3)
    assert 10_000 < results["closed form"]["test"] < 20_000
    printed = capsys.readouterr().out
    assert "437 houses to train on, 109 to test" in printed
    assert f"{results['minitf']['test']:8,.0f}" in printed


def test_house_prices_by_hand_has_the_true_gradient(example):
    house_prices = example("house_prices")
    random = np.random.RandomState(0)
    x, y, w, b = random.randn(8, 3), random.randn(8, 1), random.randn(3, 1), 0.7
    new_w, new_b = house_prices.training_round(x, y, w, b, 1.0)

    def cost(w, b):
        return np.mean((house_prices.model(x, w, b) - y) ** 2)

    for i, h in enumerate(1e-6 * np.eye(3)[:, :, None]):
        slope = (cost(w + h, b) - cost(w - h, b)) / 2e-6
        assert (w - new_w)[i, 0] == pytest.approx(slope, rel=1e-5)
    assert b - new_b == pytest.approx((cost(w, b + 1e-6) - cost(w, b - 1e-6)) / 2e-6, rel=1e-5)


@pytest.mark.usefixtures("cpu")
def test_house_prices_shows_its_program(example, capsys):
    example("house_prices").main(["--no-plot", "--show-source", "--epochs", "1"])
    program = capsys.readouterr().out.split("runs:\n\n")[1].split("  RMSE")[0]
    lines = program.strip().splitlines()
    assert lines[0].startswith("def step(X, Y, weights, intercept):")
    assert len(lines) <= 15, "a listener of the talk should be able to follow it"
    compile(program, "<the printed program>", "exec")


def test_house_prices_draws(example, tmp_path):
    pytest.importorskip("matplotlib")
    results = example("house_prices").main(["--epochs", "2", "--out", str(tmp_path / "new")])
    assert_picture(results["picture"])


def test_mnist_short(example, tmp_path):
    """150 minibatches already tell the digits apart; chance would be 10 per cent."""
    pytest.importorskip("matplotlib")
    results = example("mnist").main(["--short", "--out", str(tmp_path)])
    assert_picture(results.pop("picture"))
    floors = {"softmax": 82, "linear": 84, "relu": 84, "deep": 84, "l2": 82, "dropout": 75}
    assert results.keys() == floors.keys()
    for name, run in results.items():
        assert run["test"] > floors[name], name
        assert run["train"] == pytest.approx(run["test"], abs=4), name
        assert len(run["costs"]) == len(run["validation"]) == 1


def test_mnist_same_seed_same_numbers(example):
    argv = ["--short", "--no-plot", "--model", "dropout"]
    first, second, other = (example("mnist").main([*argv, "--seed", seed])["dropout"]["costs"]
                            for seed in ("5", "5", "6"))
    assert first == second
    assert first != other


def test_mnist_unscaled_weights_start_far_off(example):
    results = example("mnist").main(["--short", "--no-plot", "--init", "talk", "--epochs", "1",
                                     "--model", "deep"])
    assert results["deep"]["costs"][0] > 10


def test_decision_boundaries(example, tmp_path):
    pytest.importorskip("matplotlib")
    results = example("decision_boundaries").main(["--starts", "2", "--steps", "400",
                                                   "--out", str(tmp_path)])
    assert_picture(results["picture"])
    for name in ("circles", "XOR"):
        assert results[name][0] < 0.7, f"no line parts {name}"
        assert results[name][2] < 0.97, f"two cuts are too few for {name}"
        assert results[name][4] > 0.97
        assert results[name][5] > 0.97
    assert results["circles"][3] > 0.97


def test_talk_notebook(example):
    results = example("talk_notebook").main(["--epochs", "1", "--steps", "150"])
    costs = results["costs"]
    assert len(costs) == 150
    # The penalty alone: 0.01 * half the sum of 234,752 squared standard normals.
    penalty = 0.005 * (784 * 256 + 256 * 128 + 128 * 10)
    assert costs[0] > penalty
    assert np.mean(costs[-10:]) < 0.9 * costs[0]
    assert results["test"] > 15


def test_what_flows_says_why_the_talk_learns_slowly(example, capsys):
    results = example("what_flows").main([])
    scaled, talk = (results[init].nodes for init in ("scaled", "talk"))
    logits = [next(n for n in nodes if n.name == "add_2").value.std for nodes in (scaled, talk)]
    assert logits[0] < 1 < 100 < logits[1]
    printed = capsys.readouterr().out
    assert "! add_2: the logits spread by" in printed and "us a run" in printed
    for init in ("scaled", "talk"):
        assert_picture(f"pictures/flow_{init}.png")


def test_networks_are_drawn_by_their_scopes(example, capsys):
    found = example("network_graphs").main([])
    assert [scopes.depth for scopes in found.values()] == [1, 2, 2]
    assert sum(box.weights for box in found["resnet"].boxes) == 25_530_472
    for name in found:
        ElementTree.parse(f"pictures/graph_{name}.svg")
    assert "Drawing: pictures/graph_cnn.svg" in capsys.readouterr().out.replace("\\", "/")


def test_the_talks_figure_has_the_talks_numbers(example, capsys):
    nodes = {node.name: node for node in example("computation_graph").main([]).nodes}

    def numbers(what, names):
        return [getattr(nodes[name], what).few[0] for name in names.split()]

    assert numbers("value", "mul mul_1 mul_2 AddN y_hat delta error") == [-8, 5, 6, 3, 11, -2, 4]
    assert numbers("gradient", "error delta y_hat b y") == [1, -4, 4, 4, -4]
    assert numbers("gradient", "w1 w2 w3 x1 x2 x3") == [-8, 4, -12, 16, 20, -8]
    after = np.add(numbers("value", "w1 w2 w3 b"), numbers("update", "w1 w2 w3 b"))
    np.testing.assert_allclose(after, [4.4, 4.8, -1.4, 7.8], rtol=1e-6)
    assert_picture("pictures/computation_graph.png")
    assert pathlib.Path("pictures/computation_graph.gif").stat().st_size > 10_000
    assert "y_hat" in capsys.readouterr().out


def test_house_prices_shows_how_it_became_its_program(example, capsys):
    example("house_prices").main(["--no-plot", "--show-phases", "--epochs", "1"])
    printed = capsys.readouterr().out
    assert "prune: " in printed and "fold: " in printed
    assert "def step(X, Y, weights, intercept):" in printed


def test_three_ways_give_the_same_losses(example, tmp_path, capsys):
    tf.reset_default_graph()
    try:
        results = example("three_ways").main(["--widths", "8", "--steps", "12", "--out", "out"])
    finally:
        tf.disable_eager_execution()
    losses = [losses for losses, _ in results[8].values()]
    np.testing.assert_allclose(losses[0], losses[2], rtol=1e-4)
    np.testing.assert_allclose(losses[1], losses[2], rtol=1e-4)
    assert losses[0][-1] < losses[0][0]
    assert "784-8-10" in capsys.readouterr().out
    assert_picture(tmp_path / "out" / "three_ways.png")
