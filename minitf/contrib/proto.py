"""`tf.contrib.proto`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.ops.io.proto_ops import decode_proto, encode_proto
