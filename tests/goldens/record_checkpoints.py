"""Writes checkpoints/ by TensorFlow 1.15.5 (see record.py for the oracle):

    python tests/goldens/record_checkpoints.py
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from goldens.checkpoints import BFLOAT16, HERE, save, save_all, save_objects


def main():
    from goldens.record import quiet_tensorflow

    tf = quiet_tensorflow()
    os.makedirs(HERE, exist_ok=True)
    save_all(tf, HERE)
    tf.reset_default_graph()
    tf.Variable(tf.cast(tf.constant(BFLOAT16), tf.bfloat16), name="b")
    save(tf, os.path.join(HERE, "bfloat16"))
    save_objects(tf, HERE)


if __name__ == "__main__":
    main()
