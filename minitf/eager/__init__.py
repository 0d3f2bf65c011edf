"""Operations that run as they are called: what is remembered of them, and functions made of them.

`tf.enable_eager_execution()` is in core/eager.py, and so are the graph and the tensors it brings.
"""
