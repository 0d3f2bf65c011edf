"""`tf.contrib.tfprof`: what became `tf.profiler`."""
# ruff: noqa: F401
from minitf.contrib.tfprof import model_analyzer, tfprof_logger
