"""The TensorFlow 1 program, run by TensorFlow 1."""
import tensorflow as tf

from benchmarks.peers import graph

if not tf.__version__.startswith("1."):
    raise ImportError(f"TensorFlow here is {tf.__version__}, not 1.x")
VERSION = "TensorFlow " + tf.__version__


def build(row):
    return graph.build(tf, row)


def plan(nodes):
    return graph.plan(tf, nodes)
