"""`tf.strings`: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.ops.strings.hashing import string_to_hash_bucket as to_hash_bucket
from minitf.ops.strings.hashing import string_to_hash_bucket_fast as to_hash_bucket_fast
from minitf.ops.strings.hashing import string_to_hash_bucket_strong as to_hash_bucket_strong
from minitf.ops.strings.joins import ngrams, reduce_join, unsorted_segment_join
from minitf.ops.strings.numbers import as_string
from minitf.ops.strings.numbers import string_format as format
from minitf.ops.strings.numbers import string_to_number as to_number
from minitf.ops.strings.regex import regex_full_match, regex_replace
from minitf.ops.strings.split import bytes_split
from minitf.ops.strings.split import strings_split as split
from minitf.ops.strings.text import string_join as join
from minitf.ops.strings.text import string_length as length
from minitf.ops.strings.text import string_lower as lower
from minitf.ops.strings.text import string_strip as strip
from minitf.ops.strings.text import string_upper as upper
from minitf.ops.strings.text import substr
from minitf.ops.strings.unicode import (
    unicode_decode,
    unicode_decode_with_offsets,
    unicode_encode,
    unicode_split,
    unicode_split_with_offsets,
    unicode_transcode,
)
