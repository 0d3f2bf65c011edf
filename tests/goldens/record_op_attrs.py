"""Records the attributes of the ops of TensorFlow 1.15.5 into op_attrs.json.

From the root of the repository, under TensorFlow 1.15.5 (see record.py):
    python tests/goldens/record_op_attrs.py
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from goldens.record import HERE, write


def main():
    from tensorflow.core.framework.op_def_pb2 import OpList
    from tensorflow.python import pywrap_tensorflow

    every = OpList()
    every.ParseFromString(pywrap_tensorflow.TF_GetBuffer(pywrap_tensorflow.TF_GetAllOpList()))
    attrs = {op.name: sorted(attr.name for attr in op.attr) for op in every.op}
    write(attrs, os.path.join(HERE, "op_attrs.json"))
    print("recorded", len(attrs), "ops")


if __name__ == "__main__":
    main()
