"""The columns of `tf.contrib.layers`: what the features of examples are made into."""
