"""What `tensorflow.python.training.device_setter` keeps to itself, of which programs put another
strategy in its place for a while."""
import minitf as tf

_RoundRobinStrategy = tf.train.device_setter.in_turn
