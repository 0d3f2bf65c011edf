"""`tf.contrib.tfprof.tfprof_logger`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.profiler.op_log import write_op_log
