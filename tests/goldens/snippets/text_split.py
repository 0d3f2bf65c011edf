"""Strings cut into parts."""

from goldens.kit import error, run, shape


def _parts(sparse):
    return [sparse.indices, sparse.values, sparse.dense_shape]


LINES = ["hello world", "a  b c", "", " lead", "a,b;c d"]


def split(tf, np):
    found = [
        tf.string_split(LINES),
        tf.string_split(LINES, ",;"),
        tf.string_split(LINES, "", skip_empty=False),
        tf.string_split(LINES, skip_empty=False),
        tf.string_split(LINES, delimiter=", "),
        tf.string_split([""], ",", skip_empty=False),
        tf.string_split(tf.constant([], tf.string)),
    ]
    shapes = [shape(part) for part in _parts(found[0])]
    return [*shapes, *run(tf, [_parts(each) for each in found])]


def split_as_python_does(tf, np):
    found = [
        tf.strings.split(LINES),
        tf.strings.split(LINES, " "),
        tf.strings.split(["1<>2<><>3", "<>"], "<>"),
        tf.strings.split(LINES, maxsplit=1),
        tf.strings.split(["a b  c ", " d e f "], maxsplit=1),
        tf.strings.split(["a,b,c", ""], ",", maxsplit=1),
        tf.strings.split(source=["a b"]),
        tf.strings.split(["a b c"], maxsplit=0),
        tf.strings.split(["a,b,c"], ",", maxsplit=0),
        tf.strings.split(["", " "]),
    ]
    return run(tf, [_parts(each) for each in found])


def split_one(tf, np):
    found = [
        tf.strings.split("a b c", result_type="RaggedTensor"),
        tf.strings.split("a,b", ",", result_type="RaggedTensor"),
        tf.strings.bytes_split("h\u00e9"),
    ]
    return [*map(shape, found), *run(tf, found)]


def split_refused(tf, np):
    return [
        error(lambda: tf.string_split([LINES])),
        error(lambda: tf.string_split([1])),
        error(lambda: tf.string_split(LINES, result_type="list")),
        error(lambda: tf.strings.split(LINES, result_type="list")),
        error(lambda: tf.string_split(LINES, ",", delimiter=",")),
    ]


def split_and_dense(tf, np):
    words = tf.string_split(LINES)
    dense = tf.sparse_tensor_to_dense(words, default_value="-")
    return run(tf, [words, dense])


def orders_of_bytes(tf, np):
    """UTF-16 and UTF-32 as a mark at the beginning says, or most significant byte first."""
    def seen(text, encoding):
        numbers, starts = tf.strings.unicode_decode_with_offsets(text, encoding)
        return [numbers, starts, tf.strings.unicode_transcode(text, encoding, "UTF-8")]

    bom = {"UTF-16": "\ufeff".encode("utf-16-le"), "UTF-32": "\ufeff".encode("utf-32-le")}
    found = []
    for encoding, mark in bom.items():
        little, big = "a\u20ac".encode(f"{encoding}-le"), "a\u20ac".encode(f"{encoding}-be")
        other = mark[::-1]
        found += [seen(text, encoding) for text in (big, mark + little, other + big, big + other)]
    bad = tf.strings.unicode_decode_with_offsets(b"\xffa", "UTF-8", errors="ignore")
    return run(tf, [found, bad])
