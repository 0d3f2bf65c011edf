"""Helpers the snippets share; they know nothing but the `tf` and `np` they are given."""

import importlib


def inside(tf, path):
    """The module `tensorflow.<path>`, public or not, of the one or the other."""
    if tf.__name__ != "minitf":
        return importlib.import_module(f"tensorflow.{path}")
    from minitf.as_tensorflow import internals

    return internals.module(f"minitf.{path}") or importlib.import_module(f"minitf.{path}")


def error(build):
    """The name of the exception that build() raises, or "no error"."""
    try:
        build()
    except Exception as raised:
        return type(raised).__name__
    return "no error"


def attempt(build):
    """What build() returns, or the name of the exception that it raises."""
    try:
        return build()
    except Exception as raised:
        return type(raised).__name__


def accepted(tf, build, feed=None):
    """Whether build() can be built and run; where it fails, at build or at run, is left open."""
    try:
        run(tf, build(), feed)
    except Exception:
        return False
    return True


def said(build, *parts):
    """The exception's name and which of the parts its message contains."""
    try:
        build()
    except Exception as raised:
        return [type(raised).__name__, [part for part in parts if part in str(raised)]]
    return "no error"


def names(tf):
    """The names of the default graph's operations, in order."""
    return [op.name for op in tf.get_default_graph().get_operations()]


def typed(tf):
    """[name, type] of the default graph's operations, in order."""
    return [[op.name, op.type] for op in tf.get_default_graph().get_operations()]


def shape(tensor):
    """The static shape as TensorFlow prints it."""
    return str(tensor.shape)


def shapes(*tensors):
    return [str(tensor.shape) for tensor in tensors]


def run(tf, fetches, feed=None):
    """Fetches after initialising every variable, in a session of its own."""
    init = tf.global_variables_initializer()
    with tf.Session() as sess:
        sess.run(init)
        return sess.run(fetches, feed)


def eagerly(tf):
    """`with eagerly(tf):` operations run as they are called, whatever the program does."""
    if tf.__name__ == "minitf":
        from minitf.core.eager import eager_mode
    else:
        from tensorflow.python.eager.context import eager_mode
    return eager_mode()
