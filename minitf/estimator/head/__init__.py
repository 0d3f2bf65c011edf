"""The heads that are public in tf.estimator, with metrics and optimizers of Keras."""
