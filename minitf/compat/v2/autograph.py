"""`tf.compat.v2.autograph`: functions in Python as graphs."""
from minitf.compat.v2.later import later, rest


@later
def to_code(entity, recursive=True, experimental_optional_features=None): ...


@later
def to_graph(entity, recursive=True, experimental_optional_features=None): ...


__getattr__ = rest(__name__)
