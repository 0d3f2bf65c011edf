"""tf.io.decode_proto, encode_proto: fields of messages that are described, or TensorFlow's own."""

from goldens.kit import attempt, error, run

KINDS = ("double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string",
         "message", "bytes", "uint32", "enum", "sfixed32", "sfixed64", "sint32", "sint64",
)  # fmt: skip
# A FileDescriptorSet: message pk.M has a field of each kind, then one each that repeats, those
# below, and fields with defaults; pk.M.N has x; the enum pk.M.E begins with A = 0.
NUMBERS = {kind: number for number, kind in enumerate(
    ("double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "group",
     "message", "bytes", "uint32", "enum", "sfixed32", "sfixed64", "sint32", "sint64"), 1,
    )}  # fmt: skip


def _sized(number, content):
    content = content.encode() if isinstance(content, str) else content
    return bytes([number << 3 | 2, len(content)]) + content if len(content) < 128 else (
        bytes([number << 3 | 2, len(content) & 127 | 128, len(content) >> 7]) + content
    )  # fmt: skip


def _field(name, number, kind, repeated=False, default=None, packed=False):
    named = {"message": ".pk.M.N", "enum": ".pk.M.E"}.get(kind)
    return _sized(2, b"".join([
        _sized(1, name), bytes([3 << 3, number]), bytes([4 << 3, 3 if repeated else 1]),
        bytes([5 << 3, NUMBERS[kind]]), _sized(6, named) if named else b"",
        b"" if default is None else _sized(7, default), _sized(8, b"\x10\1") if packed else b"",
    ]))  # fmt: skip


def _described():
    fields = [_field(kind, NUMBERS[kind], kind) for kind in KINDS]
    fields += [_field(f"r_{kind}", NUMBERS[kind] + 50, kind, True) for kind in KINDS]
    fields += [_field("d_int", 101, "int32", default="7"), _field("d_str", 102, "string",
               default="seven"), _field("d_bool", 103, "bool", default="true"),
               _field("d_float", 104, "float", default="1.5"),
               _field("p_int", 105, "int32", True, packed=True)]  # fmt: skip
    enum = _sized(4, _sized(1, "E") + _sized(2, _sized(1, "A") + b"\x10\0"))
    nested = _sized(3, _sized(1, "N") + _field("x", 1, "int32"))
    message = _sized(4, _sized(1, "M") + b"".join(fields) + nested + enum)
    return _sized(1, _sized(1, "t.proto") + _sized(2, "pk") + message)


SOURCE = b"bytes://" + _described()


def _decoded(tf, messages, names, types, **given):
    given = {"message_type": "pk.M", "descriptor_source": SOURCE, **given}
    found = run(tf, tf.io.decode_proto(messages, field_names=names, output_types=types, **given))
    return [found.values, found.sizes]


def _message(tf):
    values = {"double": 1.5, "float": 2.5, "int64": -3, "uint64": 2**63 + 1, "int32": -7,
              "fixed64": 2**63 + 5, "fixed32": 2**31 + 5, "bool": True, "string": "txt",
              "message": b"\x08\4", "bytes": b"by", "uint32": 2**31 + 9, "enum": 5, "sfixed32": -5,
              "sfixed64": -6, "sint32": -8, "sint64": -9}  # fmt: skip
    types = {"double": tf.float64, "float": tf.float32, "int64": tf.int64, "uint64": tf.uint64,
             "fixed64": tf.uint64, "fixed32": tf.uint32, "bool": tf.bool, "string": tf.string,
             "message": tf.string, "bytes": tf.string, "uint32": tf.uint32, "sfixed64": tf.int64,
             "sint64": tf.int64}  # fmt: skip
    chosen = {kind: types.get(kind, tf.int32) for kind in KINDS}
    tensors = [tf.constant([[values[kind]] * 2], chosen[kind]) for kind in KINDS]
    return chosen, tensors


def every_kind(tf, np):
    chosen, tensors = _message(tf)
    names = [*chosen, *(f"r_{kind}" for kind in chosen)]
    sizes = [[1] * len(KINDS) + [2] * len(KINDS)]
    written = tf.io.encode_proto(sizes, tensors * 2, names, "pk.M", SOURCE)
    message = run(tf, written)[0]
    return [message, _decoded(tf, [message], names, list(chosen.values()) * 2),
            _decoded(tf, message, ["int32", "r_sint32"], [tf.int64, tf.int64]),
            _decoded(tf, [[message, b""]], ["r_string", "float"], [tf.string, tf.float64,
    ])]  # fmt: skip


def types_of_kinds(tf, np):
    """Which tensors each kind may become."""
    types = (tf.float64, tf.float32, tf.int64, tf.uint64, tf.int32, tf.bool, tf.string, tf.uint32,
             tf.int16, tf.uint8)  # fmt: skip
    return [[error(lambda k=kind, t=t: _decoded(tf, [b""], [k], [t])) == "no error" for t in types]
            for kind in KINDS]  # fmt: skip


def defaults(tf, np):
    names = ["d_int", "d_str", "d_bool", "d_float", "p_int", "r_string"]
    types = [tf.int32, tf.string, tf.bool, tf.float32, tf.int32, tf.string]
    packed = run(tf, tf.io.encode_proto([[3], [1]], [tf.constant([[1, 2, 300], [4, 5, 6]])],
                                        ["p_int"], "pk.M", SOURCE))  # fmt: skip
    return [_decoded(tf, [b"", b""], names, types), packed.tolist(),
            _decoded(tf, packed, ["p_int", "d_int"], [tf.int32, tf.int32])]  # fmt: skip


def of_tensorflow(tf, np):
    config = tf.ConfigProto(intra_op_parallelism_threads=3, device_count={"CPU": 2})
    lists = tf.io.encode_proto([[[1], [0]], [[2], [1]]], [tf.constant(
        [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], tf.int64)], ["value"], "tensorflow.Int64List",
    )  # fmt: skip
    text = {"message_type": "tensorflow.Int64List", "descriptor_source": "local://",
            "message_format": "text"}  # fmt: skip
    names = ["intra_op_parallelism_threads", "device_count", "allow_soft_placement", "gpu_options"]
    return [
        lists.name, str(lists.shape), run(tf, lists),
        _decoded(tf, [config.SerializeToString()], names, [tf.int32, tf.string, tf.bool, tf.string],
                 message_type="tensorflow.ConfigProto", descriptor_source="local://"),
        _decoded(tf, ["value: 3 value: 4", ""], ["value"], [tf.int64], **text),
        error(lambda: _decoded(tf, ["value: ]"], ["value"], [tf.int64], **text)),
    ]  # fmt: skip


def refused(tf, np):
    names, types, encode = ["int32"], [tf.int32], tf.io.encode_proto
    numbers = tf.constant([[1, 2]])
    tries = [
        ([b"\xff"], names, types, {}), ([b""], ["none"], types, {}), ([b""], names, types * 2, {}),
        ([b""], names, types, {"message_type": "pk.None"}),
        ([b""], names, types, {"message_type": "none", "descriptor_source": "local://"}),
        ([b""], names, types, {"message_format": "none"}),
        ([b""], names, types, {"descriptor_source": "/no/such/file"}),
    ]  # fmt: skip
    sizes = ([[3]], [[2, 1]], [[2], [1]])
    return [
        [error(lambda m=m, n=n, t=t, g=g: _decoded(tf, m, n, t, **g)) for m, n, t, g in tries],
        [error(lambda s=s: run(tf, encode(s, [numbers], ["r_int32"], "pk.M", SOURCE)))
         for s in sizes],
        error(lambda: encode([2], [numbers[0]], ["r_int32"], "pk.M", SOURCE)),
        error(lambda: run(tf, encode([[2]], [numbers], ["none"], "pk.M", SOURCE))),
        error(lambda: run(tf, encode([[2]], [numbers], ["r_float"], "pk.M", SOURCE))),
        attempt(lambda: run(tf, encode(np.zeros([0, 1], np.int32), [tf.zeros([0, 2], tf.int32)],
                                       ["r_int32"], "pk.M", SOURCE)).tolist()),
    ]  # fmt: skip


def shapes_known(tf, np):
    made = [tf.io.decode_proto(tf.placeholder(tf.string, shape), "pk.M", ["int32", "r_int32"],
                               [tf.int32, tf.int32], SOURCE)
            for shape in (None, [], [3, None])]  # fmt: skip
    return [[str(each.sizes.shape), *[str(value.shape) for value in each.values]] for each in made]
