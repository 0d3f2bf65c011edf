"""The heads of canned estimators and of tf.contrib.estimator: losses and metrics of tf.losses and
tf.metrics. What they make of logits is told in `estimator.head`.
"""
