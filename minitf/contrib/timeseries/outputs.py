"""What a model of a series makes of a batch of windows."""
from collections import namedtuple

# The loss to make small, the state at the end, {name: prediction [batch, window, ...]} and the
# times [batch, window] of these.
ModelOutputs = namedtuple("ModelOutputs", "loss end_state predictions prediction_times")
