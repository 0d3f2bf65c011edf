"""The TensorFlow 1 program, run by minitf."""
import numpy

import minitf as tf
from benchmarks.peers import graph

VERSION = f"minitf for TensorFlow {tf.__version__}, NumPy {numpy.__version__}"


def build(row):
    return graph.build(tf, row)


def plan(nodes):
    return graph.plan(tf, nodes)
