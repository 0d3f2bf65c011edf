"""What makes predictions, losses and metrics of the logits of a model.

Here are the heads of canned estimators and of tf.contrib.estimator. Those that are public in
tf.estimator are in `head`.
"""
