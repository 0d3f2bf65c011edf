"""What makes predictions, losses and metrics of the logits of a model.

Here are the heads that are public in tf.estimator, with metrics and optimizers of Keras, and what
all kinds of heads share.
"""
