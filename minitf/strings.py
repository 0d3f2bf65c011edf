"""`tf.strings`: names only."""
# ruff: noqa: F401  every import here is a public name
import importlib

from minitf.ops.strings.hashing import string_to_hash_bucket as to_hash_bucket
from minitf.ops.strings.hashing import string_to_hash_bucket_fast as to_hash_bucket_fast
from minitf.ops.strings.hashing import string_to_hash_bucket_strong as to_hash_bucket_strong
from minitf.ops.strings.joins import ngrams, reduce_join, unsorted_segment_join
from minitf.ops.strings.numbers import as_string
from minitf.ops.strings.numbers import string_format as format
from minitf.ops.strings.numbers import string_to_number as to_number
from minitf.ops.strings.regex import regex_full_match, regex_replace
from minitf.ops.strings.text import string_join as join
from minitf.ops.strings.text import string_length as length
from minitf.ops.strings.text import string_lower as lower
from minitf.ops.strings.text import string_strip as strip
from minitf.ops.strings.text import string_upper as upper
from minitf.ops.strings.text import substr
from minitf.ops.strings.unicode import unicode_encode, unicode_transcode

# What gives ragged tensors is imported when it is asked for.
_RAGGED = {name: name for name in ("bytes_split", "unicode_decode", "unicode_decode_with_offsets",
                                   "unicode_split", "unicode_split_with_offsets")}  # fmt: skip
_RAGGED["split"] = "strings_split"


def __getattr__(name):
    if name not in _RAGGED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return getattr(importlib.import_module("minitf.ragged.splitting"), _RAGGED[name])


def __dir__():
    return sorted({*globals(), *_RAGGED})
