"""Record the order of MNIST batches in TensorFlow 1.15 into input_data.json.

Run with TensorFlow 1.15: python tests/goldens/record_input_data.py examples/data/mnist
"""
import json
import os
import sys

import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

HERE = os.path.dirname(os.path.abspath(__file__))

# Sizes that cross ends of epochs: of train (55,000), validation (5,000) and test (10,000).
CASES = {
    "seed": {"seed": 7, "sizes": {"train": [100, 30000, 30000, 5], "validation": [3000] * 4}},
    "seed 0": {"seed": 0, "sizes": {"test": [4, 9999, 3]}},
    "graph seed": {"graph_seed": 11, "sizes": {"train": [8, 8], "test": [10000, 2]}},
    "both 0": {"seed": 0, "graph_seed": 0, "sizes": {"train": [8]}},
    "unshuffled": {"seed": 1, "shuffle": False, "sizes": {"train": [54999, 3, 2]}},
    "uint8 images": {"seed": 3, "options": {"dtype": "uint8", "reshape": False},
                     "sizes": {"train": [16], "validation": [16]}},
    "one hot": {"seed": 3, "options": {"one_hot": True, "validation_size": 1000},
                "sizes": {"train": [16], "validation": [16]}},
}


def batches(folder, case):
    tf.reset_default_graph()
    if "graph_seed" in case:
        tf.set_random_seed(case["graph_seed"])
    data = input_data.read_data_sets(folder, seed=case.get("seed"), **case.get("options", {}))
    for part, sizes in sorted(case["sizes"].items()):
        for size in sizes:
            images, labels = getattr(data, part).next_batch(size, shuffle=case.get("shuffle", True))
            yield {
                "part": part,
                "images": [str(images.dtype), list(images.shape), float(images.sum(dtype="f8"))],
                "labels": [str(labels.dtype), list(labels.shape)],
                "first": [float(x) for x in labels[:20].ravel()],
                "last": [float(x) for x in labels[-20:].ravel()],
                "epochs": getattr(data, part).epochs_completed,
            }


if __name__ == "__main__":
    recorded = {
        name: dict(case, batches=list(batches(sys.argv[1], case))) for name, case in CASES.items()
    }
    with open(os.path.join(HERE, "input_data.json"), "w") as out:
        json.dump({"tensorflow": tf.__version__, "cases": recorded}, out, sort_keys=True)
        out.write("\n")
