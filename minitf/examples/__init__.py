"""`tf.examples`: what TensorFlow 1 shipped for its tutorials."""
