"""Every snippet gives under minitf what it gave under TensorFlow 1.15 (see goldens/record.py)."""

import json
import warnings

import numpy as np
import pytest
from goldens.collect import HERE, result_of, snippets
from goldens.encoding import differences

import minitf as tf

with open(HERE + "/snippets.json") as file:
    GOLDEN = json.load(file)
SNIPPETS = snippets()


def test_every_golden_has_its_snippet():
    assert set(GOLDEN) <= set(SNIPPETS)


# Indices and labels that are out of range: as TensorFlow on a GPU, minitf does not raise there.
UNCHECKED_ON_A_GPU = {
    "array_values.gather_out_of_range", "arrays_picked.outside", "losses.sparse_label_out_of_range",
    "session_life.shape_errors_at_run",
}  # fmt: skip


# What is about kernels and about runs: the rest is about what is built, or runs on the host.
ON_A_GPU = {"bfloat16", "composites", "control_flow", "flow_mixed", "nn_values", "optimizers",
            "queues", "queue_pipelines", "rnn_loops", "session_order", "tensor_arrays",
            "while_loops"}  # fmt: skip


# Whole programs, and what is built of many ops.
COMPOSED = ("contrib_bijectors", "contrib_distributions", "contrib_grid_rnn", "contrib_integrate",
            "contrib_layers_reversible", "contrib_learn", "contrib_linear", "contrib_quantize",
            "contrib_recurrent", "contrib_tensor_forest", "contrib_timeseries", "contrib_tpu",
            "estimators", "keras_networks", "linear_operators")  # fmt: skip


@pytest.mark.usefixtures("lowering")
@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_snippet_gives_what_tensorflow_gives(name, request, monkeypatch):
    on_gpu = "cuda" in request.node.callspec.id
    if name in UNCHECKED_ON_A_GPU and on_gpu:
        pytest.skip("a GPU does not look for this")
    if name.partition(".")[0] not in ON_A_GPU and on_gpu:
        pytest.skip("not about kernels or runs")
    builds_only = name.startswith("contrib_slim_nets.") and "values" not in name
    if builds_only and "numpy" not in request.node.callspec.id:
        pytest.skip("large, and nothing runs")
    if name.startswith(COMPOSED) and "numpy" not in request.node.callspec.id:
        pytest.skip("long, and made of ops that are tested in C")
    if name.startswith(("devices.", "tf_test.")):  # recorded without a GPU
        monkeypatch.setenv("MINITF_DEVICE", "cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = json.loads(json.dumps(result_of(SNIPPETS[name], tf, np)))
        found = differences(ours, GOLDEN[name])
        if found and isinstance(ours, dict) and "raises" in ours:
            tf.reset_default_graph()
            SNIPPETS[name](tf, np)  # Raises again, with its traceback.
    assert not found
