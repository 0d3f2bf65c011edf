"""`tf.contrib.compiler.jit`: scopes of operations to compile."""
from contextlib import contextmanager


@contextmanager
def experimental_jit_scope(compile_ops=True, separate_compiled_gradients=False):
    """A scope whose operations XLA would compile where `compile_ops`, a bool, or a function of a
    NodeDef, says so. Here a run is compiled whole, in such a scope or not: values are the same.

    TypeError for other `compile_ops`.
    """
    if not isinstance(compile_ops, bool) and not callable(compile_ops):
        raise TypeError("compile_ops must be a bool, or a function of a NodeDef, got "
                        f"{compile_ops!r}")  # fmt: skip
    yield
