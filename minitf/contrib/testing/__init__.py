"""`tf.contrib.testing`: what tests say about summaries; names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.testing.fake_summary_writer import FakeSummaryWriter
from minitf.contrib.testing.summaries import (
    assert_summary,
    latest_event_file,
    latest_events,
    latest_summaries,
    simple_values_from_events,
    to_summary_proto,
)
