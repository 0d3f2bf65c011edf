"""The TensorFlow 1 program, run by TensorFlow 2's compat.v1."""
import tensorflow

from benchmarks.peers import graph

if not tensorflow.__version__.startswith("2."):
    raise ImportError(f"TensorFlow here is {tensorflow.__version__}, not 2.x")
VERSION = "TensorFlow " + tensorflow.__version__
tf = tensorflow.compat.v1
tf.disable_v2_behavior()


def build(row):
    return graph.build(tf, row)


def plan(nodes):
    return graph.plan(tf, nodes)
