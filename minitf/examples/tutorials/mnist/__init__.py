"""`tf.examples.tutorials.mnist`: the digits of TensorFlow 1's first tutorial."""
from minitf.examples.tutorials.mnist import input_data, mnist

__all__ = ["input_data", "mnist"]
