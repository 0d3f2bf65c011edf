"""What tests say about summaries, and read of files of events."""
import glob
import os

import numpy as np

from minitf.summary.messages import Summary
from minitf.train.summary_iterator import summary_iterator


def assert_summary(expected_tags, expected_simple_values, summary_proto):
    """ValueError unless a Summary has these tags, AssertionError unless these values, to two
    digits."""
    tags = {value.tag for value in summary_proto.value}
    for value in summary_proto.value:
        if value.tag in expected_simple_values:
            np.testing.assert_almost_equal(value.simple_value, expected_simple_values[value.tag],
                                           decimal=2, err_msg=value.tag)  # fmt: skip
    if set(expected_tags) != tags:
        raise ValueError(f"Expected tags {set(expected_tags)}, got {tags}.")


def to_summary_proto(summary_str):
    """The Summary of a string."""
    return Summary.FromString(summary_str)


def latest_event_file(base_dir):
    """The newest file of events in a folder, or None."""
    return max(glob.glob(os.path.join(base_dir, "events.*")), default=None)


def latest_events(base_dir):
    """Its events."""
    path = latest_event_file(base_dir)
    return summary_iterator(path) if path else []


def latest_summaries(base_dir):
    """Those of its events that have a summary."""
    return [event for event in latest_events(base_dir) if event.HasField("summary")]


def simple_values_from_events(events, tags):
    """The newest value of each tag, by tag. ValueError for one that is no number."""
    newest = {}
    for event in events:
        for value in event.summary.value if event.HasField("summary") else ():
            if value.tag not in tags:
                continue
            if not value.HasField("simple_value"):
                raise ValueError(f"Summary for {value.tag} is not a simple_value.")
            if value.tag not in newest or event.step > newest[value.tag][0]:
                newest[value.tag] = event.step, value.simple_value
    return {tag: value for tag, (_, value) in newest.items()}
