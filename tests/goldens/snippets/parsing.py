"""Bytes to tensors, and files."""

import gzip
import io
import os
import tempfile
import zlib

from goldens.kit import error, run, shape, shapes


def raw_numbers(tf, np):
    values = np.arange(-3, 5)
    found = []
    for dtype in (
        "int8",
        "uint8",
        "int16",
        "uint16",
        "int32",
        "int64",
        "float16",
        "float32",
        "float64",
        "complex64",
    ):
        data = values.astype(dtype)
        found += [
            tf.decode_raw([data.tobytes(), data[::-1].tobytes()], dtype),
            tf.decode_raw(data.byteswap().tobytes(), dtype, little_endian=False),
        ]
    found += [
        tf.decode_raw("", tf.int32),
        tf.decode_raw(bytes=["ab"], out_type=tf.uint8),
        tf.io.decode_raw(b"\x00\x01", tf.bool),
    ]
    return [
        *shapes(*found[:2]),
        *run(tf, found),
        shape(tf.decode_raw(tf.placeholder(tf.string), tf.uint8)),
    ]


def raw_numbers_refused(tf, np):
    return [
        error(lambda: run(tf, tf.decode_raw(["ab", "abc"], tf.uint8))),
        error(lambda: run(tf, tf.decode_raw("abc", tf.int16))),
        error(lambda: tf.decode_raw("abc")),
        error(lambda: tf.decode_raw("abc", tf.string)),
    ]


def csv(tf, np):
    lines = ["1,2.5,word,7", '-3,,"a,""b""",8', ", 1e3 ,,9"]
    defaults = [[4], [0.5], ["none"], tf.constant([], tf.int64)]
    found = tf.decode_csv(lines, defaults)
    single = tf.decode_csv("1|x|NA", [[0.0], [""], [2.0]], field_delim="|", na_value="NA")
    plain = tf.decode_csv(['"a",b"c'], [[""], [""]], use_quote_delim=False)
    chosen = tf.io.decode_csv(lines, [[""], tf.constant([], tf.int64)], select_cols=[2, 3])
    return [*shapes(*found, *single), *run(tf, [*found, *single, *plain, *chosen])]


def csv_refused(tf, np):
    def fails(line, *defaults, **options):
        return error(lambda: run(tf, tf.decode_csv(line, list(defaults), **options)))

    return [
        fails("1,2", [0]),
        fails("1", [0], [0]),
        fails("x", [0]),
        fails(",1", tf.constant([], tf.int32), [0]),
        fails('a"b', [""]),
        fails('"ab', [""]),
        fails('"a"b', [""]),
        fails("1.5", [0]),
        fails("a\nb", [""]),
        fails("1,2,3", [0], [0], select_cols=[1, 0]),
        fails("1,2", [0], select_cols=[5]),
        fails("1", [[0, 1]]),
        fails("1,2", [0], select_cols=[0, 1]),
        fails("1", [True]),
    ]


def base64(tf, np):
    words = [b"", b"a", b"ab", b"abc", b"\xff\xfe\xfd>?", b"x" * 20]
    plain, padded = tf.encode_base64(words), tf.encode_base64(words, pad=True)
    return [
        *shapes(plain),
        *run(tf, [plain, padded, tf.decode_base64(plain), tf.decode_base64(padded)]),
        error(lambda: run(tf, tf.decode_base64("a+/b"))),
        error(lambda: run(tf, tf.decode_base64("abcde"))),
    ]


def compressed(tf, np):
    data = b"some text " * 20
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(data)
    found = [
        tf.io.decode_compressed([zlib.compress(data)] * 2, "ZLIB"),
        tf.decode_compressed(packed.getvalue(), "GZIP"),
        tf.decode_compressed(["as", "it is"]),
    ]
    return [
        *shapes(*found),
        *run(tf, found),
        error(lambda: run(tf, tf.decode_compressed("x", "BZIP"))) != "no error",
    ]


# -- files ----------------------------------------------------------------------------------------


def files(tf, np):
    with tempfile.TemporaryDirectory() as folder:
        inner = os.path.join(folder, "deep", "er")
        paths = [os.path.join(inner, name) for name in ("b.txt", "a.txt", "c.bin")]
        writes = [tf.write_file(path, path[-5:]) for path in paths]
        read, match = tf.read_file(paths[0]), tf.matching_files(os.path.join(inner, "*.txt"))
        both = tf.matching_files(
            [os.path.join(inner, "*.bin"), os.path.join(inner, "a*"), os.path.join(inner, "a*")]
        )
        with tf.Session() as sess:
            sess.run(writes)
            found = sess.run([read, match, both])
        names = [[os.path.basename(path) for path in each] for each in found[1:]]
        return [
            *shapes(read, match),
            found[0],
            names,
            error(lambda: run(tf, tf.read_file(folder + "/none"))),
            error(lambda: run(tf, tf.read_file([paths[0]]))),
            run(tf, tf.matching_files(folder + "/x*")).tolist(),
        ]


def files_matched_once(tf, np):
    with tempfile.TemporaryDirectory() as folder:
        for name in "ba":
            open(os.path.join(folder, name), "w").close()
        with tf.name_scope("x"):
            found = tf.train.match_filenames_once(os.path.join(folder, "*"))
        with tf.Session() as sess:
            sess.run(tf.local_variables_initializer())
            os.remove(os.path.join(folder, "a"))
            paths = sess.run(found)
        kept = [each.name for each in tf.local_variables()]
        return [found.name, shape(found), [os.path.basename(path) for path in paths], kept]
