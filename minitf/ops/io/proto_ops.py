"""`tf.io.decode_proto`, `tf.io.encode_proto`: messages as tensors of their fields."""
import collections
import struct

import numpy as np

from minitf.core.dtypes import as_dtype, int32, string
from minitf.core.errors import DataLossError, InvalidArgumentError
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.proto.text_parse import ParseError, merge
from minitf.core.proto.wire import parts, read_varint, varint
from minitf.core.schema import Attr, TypeAttr
from minitf.core.tensor_shape import printed
from minitf.ops.io.described import KINDS, TEXTS, fields_of, local

_VARINT, _FIXED64, _SIZED, _FIXED32 = 0, 1, 2, 5
_FIXED = {"double": (_FIXED64, "<d"), "fixed64": (_FIXED64, "<Q"), "sfixed64": (_FIXED64, "<q"),
          "float": (_FIXED32, "<f"), "fixed32": (_FIXED32, "<I"), "sfixed32": (_FIXED32, "<i",
)}  # fmt: skip
DecodedProto = collections.namedtuple("DecodeProtoV2", ["sizes", "values"])


def _chosen(message_type, field_names, types, source, of):
    """The fields of these names. InvalidArgumentError for one that is not there, or has no tensors
    of its type."""
    known = fields_of(message_type, source)
    for name, dtype in zip(field_names, types):
        if name not in known:
            raise InvalidArgumentError(
                None, None, f"Unknown field: {name} in message type {message_type}"
            )
        if dtype not in KINDS[known[name].kind]:
            raise InvalidArgumentError(None, None, of(name, known[name].kind, dtype))
    return [known[name] for name in field_names]


# -- reading --------------------------------------------------------------------------------------


def _decoded_shapes(bytes, *, output_types, field_names, **_):
    if bytes is None:
        return [None] * (1 + len(output_types))
    return [(*bytes, len(field_names)), *[(*bytes, None)] * len(output_types)]


@op("DecodeProtoV2", shape=_decoded_shapes, grad=NOT_DIFFERENTIABLE, host=True)
def decode_proto_op(
    xp, bytes: string, *, message_type, field_names, output_types, descriptor_source="local://",
    message_format="binary", sanitize=False,
) -> [int32, Attr("output_types")]:  # fmt: skip
    """How many values each field has in each message, and these, filled up with the default."""
    if len(field_names) != len(output_types):
        raise InvalidArgumentError(
            None, None, "field_names and output_types attributes must have the same length"
        )
    fields = _chosen(message_type, field_names, output_types, descriptor_source,
                     lambda name, kind, dtype: f"Unexpected output type for {message_type}.{name}: "
                     f"{dtype.name} for a field of {kind}")  # fmt: skip
    rows = [_read(_binary(each, message_type, descriptor_source, message_format), fields)
            for each in bytes.reshape(-1).tolist()]  # fmt: skip
    sizes = np.array([[len(found) for found in row] for row in rows], np.int32)
    columns = zip(*rows) if rows else [()] * len(fields)
    return [sizes.reshape(*bytes.shape, len(fields)), *[
        _column(column, field, dtype, bytes.shape)
        for column, field, dtype in zip(columns, fields, output_types)
    ]]  # fmt: skip


def _binary(message, message_type, source, message_format):
    if message_format == "binary":
        return message
    if message_format != "text":
        raise InvalidArgumentError(
            None, None, f"format must be one of binary or text, got: {message_format}"
        )
    if source != "local://":
        raise NotImplementedError('decode_proto reads messages as text for descriptor_source="'
                                  'local://" only')  # fmt: skip
    made = local(message_type)()
    try:
        merge(message.decode(), made)
    except (ParseError, UnicodeDecodeError) as error:
        raise DataLossError(None, None, f"Unable to parse text Message: {error}") from error
    return made.SerializeToString()


def _read(message, fields):
    """The values of each field in a message: of one that does not repeat the last."""
    found = {field.number: [] for field in fields}
    by_number = {field.number: field for field in fields}
    try:
        for number, wire, content in parts(message):
            if number in found:
                found[number] += _values(by_number[number], wire, content)
    except (LookupError, struct.error) as error:
        raise DataLossError(None, None, "Unable to parse a message: it is none") from error
    return [found[field.number] if field.repeated else found[field.number][-1:]
            for field in fields]  # fmt: skip


def _values(field, wire, content):
    """One, or those of numbers that are packed; none where it is written as another kind is."""
    if field.kind in TEXTS:
        return [content] if wire == _SIZED else []
    own, layout = _FIXED.get(field.kind, (_VARINT, None))
    if wire not in (own, _SIZED):
        return []
    if layout is not None:
        return [value for value, in struct.iter_unpack(layout, content)]
    numbers, at = [content] if wire == _VARINT else [], 0
    while wire == _SIZED and at < len(content):
        number, at = read_varint(content, at)
        numbers.append(number)
    return [_of_varint(field.kind, number) for number in numbers]


def _of_varint(kind, number):
    if kind == "bool":
        return bool(number)
    if kind.startswith("sint"):  # 0, -1, 1, -2, ... are written as 0, 1, 2, 3
        return ~(number >> 1) if number & 1 else number >> 1
    bits = 64 if kind.endswith("64") else 32
    number &= (1 << bits) - 1
    return number if kind.startswith("u") or not number >> bits - 1 else number - (1 << bits)


def _column(lists, field, dtype, shape):
    width = max([1, *map(len, lists)])
    kind = object if dtype == string else dtype.as_numpy_dtype
    found = np.full((len(lists), width), field.default, kind)
    for row, values in zip(found, lists):
        row[: len(values)] = values
    return found.reshape(*shape, width)


def decode_proto(bytes, message_type, field_names, output_types, descriptor_source="local://",
                 message_format="binary", sanitize=False, name=None):  # fmt: skip
    """(sizes, values) of fields of serialized messages, whatever the shape of `bytes` is: sizes
    [..., fields] is how many values there are, values has for each field [..., most values], filled
    up with what the field is by default. Messages in messages are strings.

    `message_type` is a message of TensorFlow, as "tensorflow.Example", or one that is described by
    a FileDescriptorSet: `descriptor_source` is a file of one, or b"bytes://" and then its bytes. In
    a run InvalidArgumentError for what is not described or is of another type, DataLossError for
    bytes that are no message. `sanitize` changes nothing.
    """
    sizes, *values = decode_proto_op(
        bytes, message_type=message_type, field_names=tuple(field_names),
        output_types=tuple(map(as_dtype, output_types)), descriptor_source=descriptor_source,
        message_format=message_format, sanitize=sanitize, name=name,
    )  # fmt: skip
    return DecodedProto(sizes, values)


# -- writing --------------------------------------------------------------------------------------


def _encoded_shape(sizes, *values, **_):
    if sizes is not None and len(sizes) < 2:
        raise ValueError(f"Shape must be at least rank 2 but is rank {len(sizes)}: sizes is "
                         f"{printed(sizes)}")  # fmt: skip
    return None if sizes is None else tuple(sizes[:-1])


@op("EncodeProto", shape=_encoded_shape, grad=NOT_DIFFERENTIABLE, host=True)
def encode_proto_op(
    xp, sizes: int32, *values: TypeAttr("Tinput_types", each=True), field_names, message_type,
    descriptor_source="local://",
) -> string:  # fmt: skip
    """Messages of so many of the values for each field, fields by their numbers."""
    types = [as_dtype(value.dtype) for value in values]
    fields = _chosen(message_type, field_names, types, descriptor_source,
                     lambda name, kind, dtype: f"Incompatible type for field {name}.  Saw dtype: "
                     f"{dtype.name} but field type is: {kind}")  # fmt: skip
    batch = values[0].shape[:-1] if values else sizes.shape[:-1]
    if sizes.shape != (*batch, len(fields)):
        raise InvalidArgumentError(
            None, None, "sizes should be batch_size + [len(field_names)].  Saw: "
            f"{list(sizes.shape)} but expected: {[*batch, len(fields)]}",
        )  # fmt: skip
    counts = sizes.reshape(-1, len(fields)).tolist()
    found = np.full(len(counts), b"", object)
    for place, field in sorted(enumerate(fields), key=lambda each: each[1].number):
        rows = values[place].reshape(len(counts), values[place].shape[-1])
        for message, row in enumerate(rows):
            count = counts[message][place]
            if count > len(row):
                raise InvalidArgumentError(
                    None, None, "Size to write must not be larger than value tensor; but saw: "
                    f"{count} > {len(row)} at message {message} field {place}",
                )  # fmt: skip
            found[message] += _written(field, row[:count].tolist())
    return found.reshape(batch)


def _written(field, values):
    if field.kind in TEXTS:
        tag = varint(field.number << 3 | _SIZED)
        return b"".join(tag + varint(len(each)) + each for each in values)
    own, layout = _FIXED.get(field.kind, (_VARINT, None))
    contents = [struct.pack(layout, each) if layout else varint(_as_varint(field.kind, each))
                for each in values]  # fmt: skip
    if field.repeated and field.packed and values:
        whole = b"".join(contents)
        return varint(field.number << 3 | _SIZED) + varint(len(whole)) + whole
    return b"".join(varint(field.number << 3 | own) + each for each in contents)


def _as_varint(kind, value):
    if kind.startswith("sint"):
        return value << 1 if value >= 0 else ~(value << 1)
    return int(value) & (1 << 64) - 1


def encode_proto(sizes, values, field_names, message_type, descriptor_source="local://", name=None):
    """Serialized messages [...] of the `values` of fields, for each [..., most values], of which
    the first `sizes` [..., fields] are taken. Messages and their fields are as in `decode_proto`.
    """
    return encode_proto_op(sizes, *values, field_names=tuple(field_names),
                           message_type=message_type, descriptor_source=descriptor_source,
                           name=name)  # fmt: skip
