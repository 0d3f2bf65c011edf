"""`tf.examples.tutorials`."""
