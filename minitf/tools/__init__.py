"""`tensorflow.python.tools`: what was called from command lines."""
