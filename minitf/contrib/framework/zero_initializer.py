"""`tf.contrib.framework.zero_initializer`."""
from minitf.core.graph import control_dependencies, name_scope
from minitf.ops.array.basics import zeros
from minitf.ops.control_flow.control import Assert
from minitf.ops.math.elementwise import logical_not
from minitf.ops.state.assign import assign, is_variable_initialized


def zero_initializer(ref, use_locking=True, name="zero_initializer"):
    """Let a variable begin with zeros; in a run InvalidArgumentError if it has a value already."""
    if not hasattr(ref, "initializer"):
        raise TypeError(f"zero_initializer takes a tf.Variable, not {ref!r}")
    with name_scope(None, name) as scope:
        fresh = Assert(logical_not(is_variable_initialized(ref)), ["input is already initialized"])
        with control_dependencies([fresh]):
            values = zeros(ref.shape, ref.dtype.base_dtype)
        return assign(ref, values, name=scope)
