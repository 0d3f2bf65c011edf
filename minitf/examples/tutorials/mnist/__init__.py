"""`tf.examples.tutorials.mnist`: the digits of TensorFlow 1's first tutorial."""
