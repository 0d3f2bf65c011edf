"""How files of records are compressed: `tf.python_io.TFRecordOptions`."""
import contextlib
import gzip
import zlib


class TFRecordCompressionType:
    """How a file is compressed."""

    NONE, ZLIB, GZIP = 0, 1, 2


class TFRecordOptions:
    """How a file of records is compressed: "GZIP", "ZLIB", "" or a `TFRecordCompressionType`.

    The rest tunes zlib; `flush_mode` and the sizes of buffers change nothing of what a file has.
    ValueError for another compression.
    """

    compression_type_map = {  # noqa: RUF012  as in TensorFlow
        TFRecordCompressionType.ZLIB: "ZLIB",
        TFRecordCompressionType.GZIP: "GZIP",
        TFRecordCompressionType.NONE: "",
    }

    def __init__(
        self,
        compression_type=None,
        flush_mode=None,
        input_buffer_size=None,
        output_buffer_size=None,
        window_bits=None,
        compression_level=None,
        compression_method=None,
        mem_level=None,
        compression_strategy=None,
    ):
        self.get_compression_type_string(compression_type)
        self.compression_type = compression_type
        self.flush_mode = flush_mode
        self.input_buffer_size, self.output_buffer_size = input_buffer_size, output_buffer_size
        self.window_bits, self.compression_level = window_bits, compression_level
        self.compression_method, self.mem_level = compression_method, mem_level
        self.compression_strategy = compression_strategy

    @classmethod
    def get_compression_type_string(cls, options):
        """"GZIP", "ZLIB" or "", of options, of a `TFRecordCompressionType`, or of such a text."""
        if isinstance(options, TFRecordOptions):
            return cls.get_compression_type_string(options.compression_type)
        options = options or ""
        if options in cls.compression_type_map:
            return cls.compression_type_map[options]
        if options in cls.compression_type_map.values():
            return options
        raise ValueError(f'Not a valid compression_type: "{options}"')


def compressor(options):
    """What compresses as the options say; None for no compression."""
    kind = TFRecordOptions.get_compression_type_string(options)
    if not kind:
        return None
    window = options.window_bits or zlib.MAX_WBITS
    return zlib.compressobj(
        -1 if options.compression_level is None else options.compression_level,
        options.compression_method or zlib.DEFLATED,
        window + 16 if kind == "GZIP" else window,
        options.mem_level or 9,
        options.compression_strategy or zlib.Z_DEFAULT_STRATEGY,
    )


@contextlib.contextmanager
def opened(path, options):
    """A file that is read as it was before it was compressed."""
    kind = TFRecordOptions.get_compression_type_string(options)
    with open(path, "rb") as file:
        if kind == "GZIP":
            with gzip.open(file) as plain:
                yield plain
        else:
            yield _Inflated(file) if kind else file


class _Inflated:
    """A file in zlib's format, read as it was before."""

    def __init__(self, file):
        self.file, self.engine, self.ready = file, zlib.decompressobj(), b""

    def read(self, size=-1):
        while len(self.ready) < size or size < 0:
            more = self.file.read(1 << 16)
            if not more:
                break
            self.ready += self.engine.decompress(more)
        size = len(self.ready) if size < 0 else size
        found, self.ready = self.ready[:size], self.ready[size:]
        return found
