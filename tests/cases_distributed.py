"""The rows of tests/cases.py for collectives, in one process: scenes. Those of several processes
are in tests/distributed."""
import numpy as np
from cases import scene

import minitf as tf
from minitf.distributed import horovod as hvd
from minitf.distributed.ops import rows_before_op

X = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)


def alone(op, build, want):
    """A row: what `build(tensor)` gives in a process that runs alone."""

    def play(run):
        hvd.init()
        try:
            return [(run(build(tf.constant(X))), want)]
        finally:
            hvd.shutdown()

    scene(op)(play)


alone("HorovodAllreduce", hvd.allreduce, X)
alone("HorovodAllgather", hvd.allgather, X)
alone("HorovodBroadcast", lambda x: hvd.broadcast(x, 0), X)
alone("HorovodRowsBefore", lambda x: rows_before_op(tf.shape(x)[0]), np.array([0], np.int32))
