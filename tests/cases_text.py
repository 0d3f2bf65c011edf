"""The rows of tests/cases.py for the ops on strings and files. Strings are compared in scenes."""
import os
import tempfile
import zlib

import numpy as np
import pytest
from cases import scene

import minitf as tf


def says(op, build, want):
    """A row for an op that gives strings: `build()` gives `want`."""

    def play(run):
        got = run(build())
        return [(np.shape(got), np.shape(want)), (np.array_equal(got, want), True)]

    scene(op)(play)


TEXTS = [b"Some text", "\u00e9t\u00e9".encode(), b""]
says("Substr", lambda: tf.substr(TEXTS[:2], [1, 2], [3, 9]), [b"ome", "t\u00e9".encode()])
says("StringLength", lambda: tf.strings.length(TEXTS), [9, 5, 0])
says("StringLower", lambda: tf.strings.lower(TEXTS[0]), b"some text")
says("StringUpper", lambda: tf.strings.upper(TEXTS[0]), b"SOME TEXT")
says("StringStrip", lambda: tf.strings.strip([b" a b\n"]), [b"a b"])
says("StringJoin", lambda: tf.strings.join([["a", "b"], "c"], "-"), [b"a-c", b"b-c"])
says("AsString", lambda: tf.as_string([1.5, -2.0], 2), [b"1.50", b"-2.00"])
says("StringToNumber", lambda: tf.string_to_number(["1.5", " -2 "]), [1.5, -2])
says("StringFormat", lambda: tf.strings.format("{}!", tf.constant([[1, 2], [3, 4]])),
     b"[[1 2]\n [3 4]]!")  # fmt: skip
says("StringToHashBucketFast",
     lambda: tf.string_to_hash_bucket_fast(["Hello", "TensorFlow", "2.x"], 3),
     [0, 2, 2])  # fmt: skip
says("StringToHashBucketStrong",
     lambda: tf.string_to_hash_bucket_strong(["Hello", "TF"], 3, [1, 2]), [2, 0])  # fmt: skip
says("StringToHashBucket", lambda: tf.string_to_hash_bucket(TEXTS[:1], 1), [0])
says("StaticRegexReplace", lambda: tf.regex_replace("a1b22", r"\d+", r"<\0>"), b"a<1>b<22>")
says("RegexReplace", lambda: tf.regex_replace("a1b22", tf.constant("[ab]"), "-"), b"-1-22")
says("StaticRegexFullMatch", lambda: tf.strings.regex_full_match(["ab", "abc"], "a."),
     [True, False])  # fmt: skip
says("RegexFullMatch", lambda: tf.strings.regex_full_match(["ab", "b"], tf.constant("a.")),
     [True, False])  # fmt: skip
GRID = [["a", "b"], ["c", "d"]]
says("ReduceJoin", lambda: tf.reduce_join(GRID, 0, separator="-"), [b"a-c", b"b-d"])
says("UnsortedSegmentJoin", lambda: tf.strings.unsorted_segment_join(["a", "b", "c"], [1, 0, 1], 2),
     [b"b", b"ac"])  # fmt: skip
says("StringNGrams", lambda: tf.strings.ngrams(GRID, 2), [[b"a b"], [b"c d"]])
says("SdcaFprint", lambda: tf.train.sdca_fprint(["a"]),
     [[7969074168056553668, 5955762262185338209]])  # fmt: skip
says("Fingerprint", lambda: tf.fingerprint(["abc"]), [[105, 243, 231, 116, 160, 179, 165, 36]])
says("StringSplit", lambda: tf.string_split(["a b", " c"]).values, [b"a", b"b", b"c"])
says("StringSplitV2", lambda: tf.strings.split(["a::b", "::c"], "::").values,
     [b"a", b"b", b"", b"c"])  # fmt: skip
says("UnicodeDecode", lambda: tf.strings.unicode_decode(TEXTS[1], "UTF-8"), [233, 116, 233])
says("UnicodeDecodeWithOffsets",
     lambda: tf.strings.unicode_decode_with_offsets(TEXTS[1], "UTF-8")[1], [0, 2, 3])  # fmt: skip
says("UnicodeEncode", lambda: tf.strings.unicode_encode([233, 116, 233], "UTF-8"), TEXTS[1])
says("UnicodeTranscode", lambda: tf.strings.unicode_transcode(b"\xe9t\xe9", "latin1", "UTF-8"),
     TEXTS[1])  # fmt: skip

# -- bytes and files ------------------------------------------------------------------------------

says("DecodeRaw", lambda: tf.decode_raw(["\x01\x00", "\x00\x02"], tf.int16), [[1], [512]])
says("DecodeCSV", lambda: tf.decode_csv(["1,a", ",b"], [[7], [""]])[0], [1, 7])
TWO = b"\x08\x03\x12\x04\x12\x02\x08\x02\"\x08\x01\x00\x00\x00\x02\x00\x00\x00"
says("SerializeTensor", lambda: tf.serialize_tensor(tf.constant([1, 2])), TWO)
says("ParseTensor", lambda: tf.parse_tensor(TWO, tf.int32), [1, 2])
says("DecodeJSONExample", lambda: tf.io.decode_json_example(["{}"]), [b""])
says("DecodeProtoV2", lambda: tf.io.decode_proto(
    [b"\n\2\3\4", b""], "tensorflow.Int64List", ["value"], [tf.int64])[1][0], [[3, 4], [0, 0]])
says("EncodeProto", lambda: tf.io.encode_proto(
    [[2], [0]], [tf.constant([[3, 4], [5, 6]], tf.int64)], ["value"], "tensorflow.Int64List"),
    [b"\n\2\3\4", b""])  # fmt: skip
says("EncodeBase64", lambda: tf.encode_base64([b"\xff\xfe"]), [b"__4"])
says("DecodeBase64", lambda: tf.decode_base64(["__4", "__4="]), [b"\xff\xfe"] * 2)
says("DecodeCompressed", lambda: tf.decode_compressed([zlib.compress(b"abc")], "ZLIB"), [b"abc"])


def in_a_folder(play):
    def within(run):
        with tempfile.TemporaryDirectory() as folder:
            return play(run, os.path.join(folder, "new", "file.txt"))

    return within


@scene("WriteFile")
@in_a_folder
def write_file(run, path):
    run(tf.write_file(path, "text"))
    with open(path) as file:
        return [(file.read() == "text", True)]


@scene("ReadFile")
@in_a_folder
def read_file(run, path):
    run(tf.write_file(path, b"\x00text"))
    with pytest.raises(tf.errors.NotFoundError, match="No such file"):
        run(tf.read_file(path + "not"))
    return [(run(tf.read_file(path)) == b"\x00text", True)]


@scene("MatchingFiles")
@in_a_folder
def matching_files(run, path):
    run(tf.write_file(path, ""))
    return [(run(tf.matching_files(path[:-3] + "*")).tolist() == [path.encode()], True)]
