"""`tf.compat.v2.io`: Reading and writing."""
from minitf.compat.v2.later import later, public, rest
from minitf.core.dtypes import string


@later
def decode_csv(
    records, record_defaults, field_delim=",", use_quote_delim=True, na_value="",
    select_cols=None, name=None,
): ...


@later
def parse_example(serialized, features, example_names=None, name=None): ...


@later
def parse_single_example(serialized, features, example_names=None, name=None): ...


@later
def serialize_many_sparse(sp_input, out_type=string, name=None): ...


@later
def serialize_sparse(sp_input, out_type=string, name=None): ...


def decode_raw(input_bytes, out_type, little_endian=True, fixed_length=None, name=None):
    """Strings as the numbers whose bytes they are. NotImplementedError with a `fixed_length`."""
    if fixed_length is not None:
        raise NotImplementedError("tf.compat.v2.io.decode_raw: fixed_length is not there")
    return public("io.decode_raw")(input_bytes, out_type, little_endian, name)


__getattr__ = rest(__name__)
