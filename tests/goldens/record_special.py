"""Records special functions of TensorFlow 1.15.5 in full precision into special.json.

See record.py for the oracle. From the root of the repository:
    python tests/goldens/record_special.py
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from goldens.special_runs import ARGUMENTS, values


def main():
    """Write the file beside this one: {type: {function: values}}, in hexadecimal."""
    import numpy as np
    import tensorflow as tf

    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    golden = {}
    for dtype in ("float32", "float64"):
        found = {name: values(tf, np, name, dtype) for name in ARGUMENTS}
        golden[dtype] = {n: [float(x).hex() for x in v.ravel()] for n, v in found.items()}
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "special.json"), "w") as out:
        out.write(json.dumps(golden, indent=0, sort_keys=True).replace(",\n\"", ",\"") + "\n")


if __name__ == "__main__":
    main()
