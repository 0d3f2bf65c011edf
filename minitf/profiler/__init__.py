"""`tf.profiler`: what the parts of a model cost."""
# ruff: noqa: F401  every import here is a public name
from minitf.profiler.messages import (
    AdviceProto,
    GraphNodeProto,
    MultiGraphNodeProto,
    OpLogProto,
)
from minitf.profiler.op_log import write_op_log
from minitf.profiler.options import ProfileOptionBuilder
from minitf.profiler.profile import Profiler, profile
