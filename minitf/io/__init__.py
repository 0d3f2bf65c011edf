"""`tf.io`: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.graph_util.graph_io import write_graph
from minitf.image.codec import (
    decode_and_crop_jpeg,
    decode_bmp,
    decode_gif,
    decode_image,
    decode_jpeg,
    decode_png,
    encode_jpeg,
    extract_jpeg_shape,
    is_jpeg,
)
from minitf.io import file_io, gfile
from minitf.ops.io.examples import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    SparseFeature,
    VarLenFeature,
    parse_example,
    parse_single_example,
)
from minitf.ops.io.files import match_filenames_once, matching_files, read_file, write_file
from minitf.ops.io.parsing import (
    decode_base64,
    decode_compressed,
    decode_csv,
    decode_raw,
    encode_base64,
)
from minitf.ops.io.proto_ops import decode_proto, encode_proto
from minitf.ops.io.record_input import RecordInput as _RecordInput  # for tf.raw_ops
from minitf.ops.io.sequence_examples import parse_sequence_example, parse_single_sequence_example
from minitf.ops.io.serialized import decode_json_example, parse_tensor, serialize_tensor
from minitf.ops.queues.queue import (
    PaddingFIFOQueue,
    PriorityQueue,
    QueueBase,
    RandomShuffleQueue,
)
from minitf.ops.sparse.serialize import (
    deserialize_many_sparse,
    serialize_many_sparse,
    serialize_sparse,
)
from minitf.python_io import (
    TFRecordCompressionType,
    TFRecordOptions,
    TFRecordWriter,
    tf_record_iterator,
)

# isort: split
