"""`tf.summary`: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.summary.media import audio, image
from minitf.summary.merge import merge, merge_all
from minitf.summary.messages import (
    Event,
    SessionLog,
    Summary,
    SummaryDescription,
    TaggedRunMetadata,
)
from minitf.summary.numeric import histogram, scalar
from minitf.summary.tensor import tensor_summary, text
from minitf.summary.to_files import all_v2_summary_ops, initialize
from minitf.summary.writer import FileWriter, FileWriterCache
