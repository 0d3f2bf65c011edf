"""Records the trainings of optimizer_runs.py under TensorFlow 1.15.5 into optimizers.json.

From the root of the repository, with Python 3.7 and tensorflow==1.15.5:
    python tests/goldens/record_optimizers.py
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from goldens import optimizer_runs

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "optimizers.json")


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def main():
    import tensorflow as tf

    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    found = rounded(optimizer_runs.everything(tf))
    lines = [f"{json.dumps(k)}: {json.dumps(found[k])}" for k in sorted(found)]
    with open(GOLDEN, "w") as file:
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
