"""Records what every snippet gives under TensorFlow 1.15.5 into snippets.json.

The oracle needs Python 3.7:
    pip install "tensorflow==1.15.5" "numpy<1.19" "protobuf<3.21"
Then, from the root of the repository:
    python tests/goldens/record.py          # every snippet
    python tests/goldens/record.py session  # only show those named so
"""

import json
import os
import sys
import warnings

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

from goldens.collect import HERE, result_of, snippets  # noqa: E402

GOLDEN = os.path.join(HERE, "snippets.json")
REPEATS = 3


def quiet_tensorflow():
    """TensorFlow 1.15 without its log lines."""
    import tensorflow as tf

    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    return tf


def recorded(name, snippet, tf, np):
    """The snippet's result, or None with a warning when it is not the same every time."""
    results = [result_of(snippet, tf, np) for _ in range(REPEATS)]
    if any(result != results[0] for result in results):
        print("dropped, not deterministic:", name, results)
        return None
    return results[0]


def is_raise(result):
    return isinstance(result, dict) and set(result) == {"raises"}


def compact(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def write(golden, path):
    """One snippet a line, so that a change of one reads as one line."""
    lines = [f"{compact(name)}:{compact(golden[name])}" for name in sorted(golden)]
    with open(path, "w") as out:
        out.write("{\n" + ",\n".join(lines) + "\n}\n")


def main(part=""):
    import numpy as np

    tf = quiet_tensorflow()
    chosen = {name: snippet for name, snippet in snippets().items() if part in name}
    golden = {name: recorded(name, snippet, tf, np) for name, snippet in chosen.items()}
    golden = {name: result for name, result in golden.items() if result is not None}
    if part:
        for name, result in golden.items():
            print(name, json.dumps(result, sort_keys=True))
        return
    write(golden, GOLDEN)
    raising = sorted(name for name, result in golden.items() if is_raise(result))
    print("recorded", len(golden), "snippets; those that raise as a whole:", *raising, sep="\n  ")


if __name__ == "__main__":
    main(*sys.argv[1:])
