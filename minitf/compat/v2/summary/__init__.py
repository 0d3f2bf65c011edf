"""`tf.compat.v2.summary`: summaries that are written where they are computed, with a step."""
from minitf.compat.v2.later import public
from minitf.compat.v2.summary import experimental  # noqa: F401
from minitf.compat.v2.summary.buckets import buckets_of
from minitf.compat.v2.summary.experimental import summary_scope, write
from minitf.summary.messages import SummaryMetadata
from minitf.summary.to_files import NoopSummaryWriter, SummaryWriter, record_if  # noqa: F401

WAV = b"\x10\x0b"  # what TensorBoard's plugin of sounds is told of their encoding


def create_file_writer(
    logdir, max_queue=None, flush_millis=None, filename_suffix=None, name=None
):
    """A writer of a new event file in `logdir`; `init` opens it. ValueError without a folder.

    Events go to the disk when `max_queue` of them wait (10), after `flush_millis` milliseconds
    (120,000), and when the writer is flushed. `filename_suffix` ends the name of the file (".v2").
    """
    if logdir is None:
        raise ValueError("logdir cannot be None")
    with public("name_scope")(name, "create_file_writer") as scope:
        make = public("contrib.summary.create_file_writer")
        return make(logdir, max_queue, flush_millis, filename_suffix, scope.rstrip("/"))


def create_noop_writer():
    """A writer that writes nothing."""
    return NoopSummaryWriter()


def flush(writer=None, name=None):
    """An operation that sees to it that all a writer has is on the disk."""
    return public("contrib.summary.flush")(writer, name)


def scalar(name, data, step=None, description=None):
    """Writes a number: true when it has been written."""
    with summary_scope(name, "scalar_summary", [data, step]) as (tag, _):
        public("debugging.assert_scalar")(data)
        data = public("cast")(data, "float32")
        return write(tag, data, step, _metadata("scalars", description))


def text(name, data, step=None, description=None):
    """As `scalar`: strings. TypeError for a tensor of another type."""
    with summary_scope(name, "text_summary", [data, step]) as (tag, _):
        public("debugging.assert_type")(data, public("string"))
        return write(tag, data, step, _metadata("text", description))


def histogram(name, data, step=None, buckets=None, description=None):
    """As `scalar`: how many values are in which of `buckets` (30) of equal width."""
    with summary_scope(name, "histogram_summary", [data, buckets, step]) as (tag, _):
        data = buckets_of(data, 30 if buckets is None else buckets)
        return write(tag, data, step, _metadata("histograms", description))


def image(name, data, step=None, max_outputs=3, description=None):
    """As `scalar`: the first pictures of a batch [batch, height, width, channels], as PNG."""
    tf = public("compat.v1")
    with summary_scope(name, "image_summary", [data, max_outputs, step]) as (tag, _):
        tf.debugging.assert_rank(data, 4)
        tf.debugging.assert_non_negative(max_outputs)
        images = tf.image.convert_image_dtype(data, tf.uint8, saturate=True)
        encoded = tf.map_fn(tf.image.encode_png, images[:max_outputs], tf.string)
        height, width = tf.unstack(tf.shape(images)[1:3])
        size = tf.stack([tf.as_string(width), tf.as_string(height)])
        data = tf.concat([size, encoded], 0)
        return write(tag, data, step, _metadata("images", description))


def audio(
    name, data, sample_rate, step=None, max_outputs=3, encoding=None, description=None
):
    """As `scalar`: the first recordings of a batch [batch, frames, channels], as WAV.

    ValueError for another `encoding` than "wav".
    """
    tf = public("compat.v1")
    if encoding not in (None, "wav"):
        raise ValueError(f"Unknown encoding: {encoding!r}")
    with summary_scope(name, "audio_summary", [data, sample_rate, max_outputs, step]) as (tag, _):
        tf.debugging.assert_rank(data, 3)
        tf.debugging.assert_non_negative(max_outputs)
        encoded = tf.map_fn(
            lambda one: tf.audio.encode_wav(one, sample_rate), data[:max_outputs], tf.string
        )
        data = tf.stack([encoded, tf.fill(tf.shape(encoded), "")], 1)
        return write(tag, data, step, _metadata("audio", description, WAV))


def _metadata(plugin, description, content=b""):
    data = SummaryMetadata.PluginData(plugin_name=plugin, content=content)
    return SummaryMetadata(plugin_data=data, summary_description=description or "")


def trace_on(graph=True, profiler=False):
    """NotImplementedError: `tf.RunMetadata` tells how long operations of a run took."""
    raise NotImplementedError("tf.compat.v2.summary.trace_on is not there: "
                              "session.run(..., run_metadata=) tells times")  # fmt: skip


trace_off = trace_export = trace_on
