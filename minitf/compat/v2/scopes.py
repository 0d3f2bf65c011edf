"""`tf.compat.v2.name_scope` and `tf.compat.v2.device`."""
from minitf.compat.v2.later import public
from minitf.core import graph


class name_scope(graph.name_scope):
    """A context in which operations are named `name/...`; its value is that prefix.

    ValueError for a name that is no string.
    """

    def __init__(self, name):
        if not isinstance(name, str):
            raise ValueError("name for name_scope must be a string.")
        super().__init__(name)


def device(device_name):
    """A context in which operations run on that device. RuntimeError for a function."""
    if callable(device_name):
        raise RuntimeError("tf.device does not support functions.")
    return public("device")(device_name)
