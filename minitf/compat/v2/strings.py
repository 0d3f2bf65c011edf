"""`tf.compat.v2.strings`: Strings."""
from minitf.compat.v2.later import later, rest
from minitf.core.dtypes import float32


@later
def length(input, unit="BYTE", name=None): ...


@later
def reduce_join(inputs, axis=None, keepdims=False, separator="", name=None): ...


@later(result_type="RaggedTensor")
def split(input, sep=None, maxsplit=-1, name=None): ...


@later
def substr(input, pos, len, unit="BYTE", name=None): ...


@later
def to_hash_bucket(input, num_buckets, name=None): ...


@later
def to_number(input, out_type=float32, name=None): ...


__getattr__ = rest(__name__)
