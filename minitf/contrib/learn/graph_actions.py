"""`tf.contrib.learn.run_n`, `run_feeds` and `infer`: runs of a graph in a session of their own."""
import itertools

from minitf.contrib.framework.graphs import get_graph_from_inputs
from minitf.contrib.learn.graph_training import (  # noqa: F401  public here
    clear_summary_writers,
    evaluate,
    get_summary_writer,
    train,
)
from minitf.ops.state.variable_lists import (
    global_variables_initializer,
    local_variables_initializer,
)
from minitf.ops.tables.initializers import tables_initializer
from minitf.session import Session
from minitf.train.coordinator import Coordinator
from minitf.train.queue_runner import start_queue_runners
from minitf.train.saver import Saver


def run_feeds_iter(output_dict, feed_dicts, restore_checkpoint_path=None):
    """{name: value} of the tensors {name: tensor} for each of some feeds, as they are asked for.

    Variables come from a checkpoint, if its path is given, or are initialized. ValueError for
    nothing to run or to feed.
    """
    if not output_dict:
        raise ValueError(f"output_dict is invalid: {output_dict}.")
    if not feed_dicts:
        raise ValueError(f"feed_dicts is invalid: {feed_dicts}.")
    graph = get_graph_from_inputs(output_dict.values())
    with graph.as_default(), Session("") as session:
        if restore_checkpoint_path:
            Saver().restore(session, restore_checkpoint_path)
        else:
            session.run(global_variables_initializer())
        session.run(local_variables_initializer())
        session.run(tables_initializer())
        coord, threads = Coordinator(), None
        try:
            threads = start_queue_runners(session, coord=coord)
            for feed in feed_dicts:
                yield session.run(output_dict, feed)
        finally:
            coord.request_stop()
            if threads:
                coord.join(threads, stop_grace_period_secs=120)


def run_feeds(*args, **kwargs):
    """The same, all at once."""
    return list(run_feeds_iter(*args, **kwargs))


def infer(restore_checkpoint_path, output_dict, feed_dict=None):
    """{name: value} of the tensors {name: tensor} for one feed."""
    return run_feeds(output_dict, [feed_dict], restore_checkpoint_path)[0]


def run_n(output_dict, feed_dict=None, restore_checkpoint_path=None, n=1):
    """`run_feeds` of the same feed, n times."""
    return run_feeds(output_dict, itertools.repeat(feed_dict, n), restore_checkpoint_path)
