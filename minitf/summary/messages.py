"""The protocol messages of event files: `tf.Summary`, `tf.Event`, `tf.HistogramProto`, ..."""
from minitf.core.proto.graph_def import TensorProto  # noqa: F401  a field of Summary.Value
from minitf.core.proto.message import Message


class HistogramProto(Message):
    """Numbers counted: `bucket[i]` of them lie below `bucket_limit[i]` and not below the one
    before."""

    PROTO = """
        double min = 1;
        double max = 2;
        double num = 3;
        double sum = 4;
        double sum_squares = 5;
        repeated double bucket_limit = 6;
        repeated double bucket = 7;
    """


class SummaryMetadata(Message):
    """How a value is to be shown: which plugin of TensorBoard shows it, under which name."""

    PROTO = """
        SummaryMetadata.PluginData plugin_data = 1;
        string display_name = 2;
        string summary_description = 3;
    """

    class PluginData(Message):
        PROTO = "string plugin_name = 1; bytes content = 2;"


class SummaryDescription(Message):
    PROTO = "string type_hint = 1;"


class Summary(Message):
    """Values with tags: numbers, histograms, pictures, sound, tensors."""

    PROTO = "repeated Summary.Value value = 1;"

    class Image(Message):
        PROTO = """
            int32 height = 1;
            int32 width = 2;
            int32 colorspace = 3;
            bytes encoded_image_string = 4;
        """

    class Audio(Message):
        PROTO = """
            float sample_rate = 1;
            int64 num_channels = 2;
            int64 length_frames = 3;
            bytes encoded_audio_string = 4;
            string content_type = 5;
        """

    class Value(Message):
        PROTO = """
            string tag = 1;
            oneof value {
                float simple_value = 2;
                bytes obsolete_old_style_histogram = 3;
                Summary.Image image = 4;
                HistogramProto histo = 5;
                Summary.Audio audio = 6;
                TensorProto tensor = 8;
            }
            string node_name = 7;
            SummaryMetadata metadata = 9;
        """


class LogMessage(Message):
    PROTO = """
        enum Level {
            UNKNOWN = 0; DEBUGGING = 10; INFO = 20; WARN = 30; ERROR = 40; FATAL = 50;
        }
        Level level = 1;
        string message = 2;
    """


class SessionLog(Message):
    """The state of a session: that it started, stopped, or wrote a checkpoint."""

    PROTO = """
        enum SessionStatus { STATUS_UNSPECIFIED = 0; START = 1; STOP = 2; CHECKPOINT = 3; }
        SessionStatus status = 1;
        string checkpoint_path = 2;
        string msg = 3;
    """


class TaggedRunMetadata(Message):
    PROTO = "string tag = 1; bytes run_metadata = 2;"


class Event(Message):
    """What stands in an event file: when, in seconds since 1970, at which step, and what."""

    PROTO = """
        double wall_time = 1;
        int64 step = 2;
        oneof what {
            string file_version = 3;
            bytes graph_def = 4;
            Summary summary = 5;
            LogMessage log_message = 6;
            SessionLog session_log = 7;
            TaggedRunMetadata tagged_run_metadata = 8;
            bytes meta_graph_def = 9;
        }
    """
