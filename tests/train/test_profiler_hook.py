"""tf.train.ProfilerHook: timelines of a monitored training, for Chrome and for TensorBoard."""
import json

import pytest

import minitf as tf


def trained(folder, steps=5, **options):
    with tf.Graph().as_default():
        step = tf.train.get_or_create_global_step()
        v = tf.get_variable("v", [3])
        train = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(v * v), step)
        hook = tf.train.ProfilerHook(output_dir=str(folder), **options)
        with tf.train.SingularMonitoredSession([hook]) as sess:
            for _ in range(steps):
                sess.run(train)


def test_a_timeline_every_two_steps(tmp_path):
    trained(tmp_path, save_steps=2)
    names = sorted(path.name for path in tmp_path.glob("timeline-*"))
    assert names == ["timeline-2.json", "timeline-4.json"]
    events = json.loads((tmp_path / names[0]).read_text())["traceEvents"]
    assert "v" in str([event["args"] for event in events if event["ph"] == "X"])


@pytest.mark.usefixtures("cpu")
def test_the_event_file_has_the_times(tmp_path):
    trained(tmp_path, save_steps=2)
    tf.summary.FileWriterCache.clear()
    (path,) = tmp_path.glob("events*")
    tagged = [e.tagged_run_metadata for e in tf.train.summary_iterator(str(path))]
    found = [each for each in tagged if each.tag]
    assert [each.tag for each in found] == ["step_2", "step_4"]
    metadata = tf.RunMetadata.FromString(found[0].run_metadata)
    (device,) = metadata.step_stats.dev_stats
    assert device.device.endswith("CPU:0") and len(device.node_stats) > 1


def test_memory_is_shown_when_asked_for(tmp_path):
    trained(tmp_path, save_steps=1, show_memory=True, show_dataflow=False)
    events = json.loads((tmp_path / "timeline-2.json").read_text())["traceEvents"]
    kinds = {event["ph"] for event in events}
    assert {"O", "C"} <= kinds and "s" not in kinds


def test_it_needs_to_know_when(tmp_path):
    with pytest.raises(ValueError):
        tf.train.ProfilerHook(output_dir=str(tmp_path))
