"""Where summaries go: `tf.contrib.summary.create_file_writer`."""
import functools
import os

from minitf import logging
from minitf.core.constant import constant
from minitf.core.graph import device
from minitf.summary.to_files import (
    NoopSummaryWriter,
    ResourceSummaryWriter,
    create_summary_file_writer_op,
)


def create_file_writer(
    logdir, max_queue=None, flush_millis=None, filename_suffix=None, name=None
):
    """A writer of a new event file in `logdir`, which `initialize` opens; of None one that writes
    nothing.

    Events go to the disk when `max_queue` of them wait (10), after `flush_millis` milliseconds
    (120,000), and when the writer is flushed. `filename_suffix` ends the name of the file (".v2").
    Writers of one `name`, by default that of the folder, share a file in a session.
    """
    if logdir is None:
        return NoopSummaryWriter()
    logdir = str(logdir)
    with device("cpu:0"):
        max_queue = constant(10) if max_queue is None else max_queue
        flush_millis = constant(2 * 60 * 1000) if flush_millis is None else flush_millis
        suffix = constant(".v2") if filename_suffix is None else filename_suffix
        opened = functools.partial(
            create_summary_file_writer_op, logdir=logdir, max_queue=max_queue,
            flush_millis=flush_millis, filename_suffix=suffix,
        )  # fmt: skip
        return ResourceSummaryWriter(f"logdir:{logdir}" if name is None else name, opened)


def create_summary_file_writer(*args, **kwargs):
    """The former name of `create_file_writer`."""
    logging.warning("Deprecation Warning: create_summary_file_writer was renamed to "
                    "create_file_writer")  # fmt: skip
    return create_file_writer(*args, **kwargs)


def create_db_writer(db_uri, experiment_name=None, run_name=None, user_name=None, name=None):
    """NotImplementedError: summaries go into event files here."""
    raise NotImplementedError("tf.contrib.summary.create_db_writer: there are no databases of "
                              "summaries here; create_file_writer writes event files.")  # fmt: skip


def eval_dir(model_dir, name=None):
    """The folder for the summaries of an evaluation."""
    return os.path.join(model_dir, f"eval_{name}" if name else "eval")
