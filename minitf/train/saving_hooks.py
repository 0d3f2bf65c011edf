"""Hooks that write files: `tf.train.CheckpointSaverHook`, `tf.train.SummarySaverHook`, ..."""
import os

from minitf import gfile, logging
from minitf.core.config import RunOptions
from minitf.core.graph import get_collection, get_default_graph
from minitf.core.graph_keys import GraphKeys
from minitf.graph_util.graph_io import write_graph
from minitf.graph_util.meta_graph import create_meta_graph_def
from minitf.lib.timeline import Timeline
from minitf.summary.messages import SessionLog, Summary
from minitf.summary.writer import FileWriterCache
from minitf.train.hook_timer import SecondOrStepTimer, read_step_for
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook


class CheckpointSaverListener:
    """What is called by a CheckpointSaverHook: has those of these methods that it needs."""

    def begin(self):
        """Called once, before the session is made."""

    def before_save(self, session, global_step_value):
        """Called before a checkpoint is written."""

    def after_save(self, session, global_step_value):
        """Called after that; returns True to let the training stop."""

    def end(self, session, global_step_value):
        """Called at the end."""


class CheckpointSaverHook(SessionRunHook):
    """Saves checkpoints into a folder, every `save_secs` seconds or `save_steps` steps.

    It uses `saver`, or that of `scaffold`, or the one in the collection of savers, and writes the
    graph, too. One checkpoint is written at the beginning, and one at the end. ValueError for both
    a saver and a scaffold.
    """

    def __init__(self, checkpoint_dir, save_secs=None, save_steps=None, saver=None,
                 checkpoint_basename="model.ckpt", scaffold=None, listeners=None):
        logging.info("Create CheckpointSaverHook.")
        if saver is not None and scaffold is not None:
            raise ValueError("You cannot provide both saver and scaffold.")
        self._saver, self._scaffold, self._checkpoint_dir = saver, scaffold, checkpoint_dir
        self._save_path = os.path.join(checkpoint_dir, checkpoint_basename)
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)
        self._listeners = listeners or []

    def begin(self):
        """RuntimeError without a global step."""
        self._summary_writer = FileWriterCache.get(self._checkpoint_dir)
        self._step = read_step_for(self)
        for listener in self._listeners:
            listener.begin()

    def after_create_session(self, session, coord):
        """Write the graph and the first checkpoint."""
        step, graph = session.run(self._step), get_default_graph()
        write_graph(graph.as_graph_def(add_shapes=True), self._checkpoint_dir, "graph.pbtxt")
        meta_graph = create_meta_graph_def(saver_def=self._found_saver().saver_def)
        self._summary_writer.add_graph(graph)
        self._summary_writer.add_meta_graph(meta_graph)
        self._save(session, step)
        self._timer.update_last_triggered_step(step)

    def before_run(self, run_context):
        """Ask for the step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        """Save when it is time."""
        if not self._timer.should_trigger_for_step(run_values.results + 1):
            return
        step = run_context.session.run(self._step)
        if self._timer.should_trigger_for_step(step):
            self._timer.update_last_triggered_step(step)
            if self._save(run_context.session, step):
                run_context.request_stop()

    def end(self, session):
        """Save the last step."""
        step = session.run(self._step)
        if step != self._timer.last_triggered_step():
            self._save(session, step)
        for listener in self._listeners:
            listener.end(session, step)

    def _save(self, session, step):
        """Whether a listener wants to stop."""
        logging.info("Saving checkpoints for %d into %s.", step, self._save_path)
        for listener in self._listeners:
            listener.before_save(session, step)
        self._found_saver().save(session, self._save_path, global_step=step)
        log = SessionLog(status=SessionLog.CHECKPOINT, checkpoint_path=self._save_path)
        self._summary_writer.add_session_log(log, step)
        return any([listener.after_save(session, step) for listener in self._listeners])

    def _found_saver(self):
        if self._saver is None and self._scaffold is not None:
            return self._scaffold.saver
        if self._saver is None:
            savers = get_collection(GraphKeys.SAVERS)
            if len(savers) != 1:
                raise RuntimeError(
                    f"{len(savers) or 'No'} items in collection {GraphKeys.SAVERS}. Please provide "
                    "a saver or a scaffold."
                )
            self._saver = savers[0]
        return self._saver


class StepCounterHook(SessionRunHook):
    """Logs, and writes as a summary, how many steps are made in a second.

    ValueError unless one of `every_n_steps` and `every_n_secs` is given.
    """

    def __init__(self, every_n_steps=100, every_n_secs=None, output_dir=None, summary_writer=None):
        if (every_n_steps is None) == (every_n_secs is None):
            raise ValueError("exactly one of every_n_steps and every_n_secs should be provided.")
        self._timer = SecondOrStepTimer(every_steps=every_n_steps, every_secs=every_n_secs)
        self._summary_writer, self._output_dir = summary_writer, output_dir
        self._last = None

    def begin(self):
        """RuntimeError without a global step."""
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = FileWriterCache.get(self._output_dir)
        self._step = read_step_for(self)
        self._tag = f"{self._step.op.name.rpartition('/')[0]}/sec"

    def before_run(self, run_context):
        """Ask for the step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        """Count, when it is time."""
        stale = run_values.results
        if self._timer.should_trigger_for_step(stale + 1):
            step = run_context.session.run(self._step)
            if self._timer.should_trigger_for_step(step):
                seconds, steps = self._timer.update_last_triggered_step(step)
                if seconds is not None:
                    self._log_and_record(steps, seconds, step)
        if stale == self._last:
            logging.log_first_n(
                logging.WARN, "It seems that global step (tf.train.get_global_step) has not been "
                "increased. Current value (could be stable): %s vs previous value: %s. You could "
                "increase the global step by passing tf.train.get_global_step() to "
                "Optimizer.apply_gradients or Optimizer.minimize.", 5, stale, self._last,
            )  # fmt: skip
        self._last = stale

    def _log_and_record(self, elapsed_steps, elapsed_time, global_step):
        rate = elapsed_steps / elapsed_time
        if self._summary_writer is not None:
            summary = Summary(value=[Summary.Value(tag=self._tag, simple_value=rate)])
            self._summary_writer.add_summary(summary, global_step)
        logging.info("%s: %g", self._tag, rate)


class SummarySaverHook(SessionRunHook):
    """Writes summaries, every `save_steps` steps or `save_secs` seconds.

    They are those of `summary_op`, or of `scaffold`: ValueError unless one of both is given.
    """

    def __init__(self, save_steps=None, save_secs=None, output_dir=None, summary_writer=None,
                 scaffold=None, summary_op=None):
        if (scaffold is None) == (summary_op is None):
            raise ValueError("Exactly one of scaffold or summary_op must be provided.")
        self._summary_op, self._scaffold = summary_op, scaffold
        self._summary_writer, self._output_dir = summary_writer, output_dir
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)

    def begin(self):
        """RuntimeError without a global step."""
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = FileWriterCache.get(self._output_dir)
        self._next_step = None
        self._step = read_step_for(self)

    def before_run(self, run_context):
        """Ask for the step, and for the summaries when it is time."""
        self._due = self._next_step is None or self._timer.should_trigger_for_step(self._next_step)
        wanted, summaries = {"global_step": self._step}, self._summaries()
        if self._due and summaries is not None:
            wanted["summary"] = summaries
        return SessionRunArgs(wanted)

    def after_run(self, run_context, run_values):
        """Write them."""
        if self._summary_writer is None:
            return
        step = run_values.results["global_step"] + 1
        if self._due:
            step = run_context.session.run(self._step)
        if self._next_step is None:
            self._summary_writer.add_session_log(SessionLog(status=SessionLog.START), step)
        if self._due:
            self._timer.update_last_triggered_step(step)
            for summary in run_values.results.get("summary", ()):
                self._summary_writer.add_summary(summary, step)
        self._next_step = step + 1

    def end(self, session=None):
        """See to it that all is on the disk."""
        if self._summary_writer is not None:
            self._summary_writer.flush()

    def _summaries(self):
        found = self._summary_op if self._scaffold is None else self._scaffold.summary_op
        return [found] if found is not None and not isinstance(found, list) else found


class ProfilerHook(SessionRunHook):
    """Writes every `save_steps` steps or `save_secs` seconds how long the parts of a run took: into
    a file `timeline-<step>.json` of `output_dir`, which chrome://tracing shows, and into the event
    file there, for TensorBoard. ValueError unless one of the two is given.
    """

    def __init__(self, save_steps=None, save_secs=None, output_dir="", show_dataflow=True,
                 show_memory=False):
        self._path = os.path.join(output_dir, "timeline-{}.json")
        self._writer = FileWriterCache.get(output_dir)
        self._shown = {"show_dataflow": show_dataflow, "show_memory": show_memory}
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)

    def begin(self):
        """RuntimeError without a global step."""
        self._next_step = None
        self._step = read_step_for(self)

    def before_run(self, run_context):
        """Ask for the step, and for the times when they are due."""
        step = self._next_step
        self._due = step is not None and self._timer.should_trigger_for_step(step)
        options = RunOptions(trace_level=RunOptions.FULL_TRACE) if self._due else None
        return SessionRunArgs({"global_step": self._step}, options=options)

    def after_run(self, run_context, run_values):
        """Write them."""
        before = run_values.results["global_step"]
        if self._next_step is None:
            self._timer.update_last_triggered_step(before)
        step = before + 1
        if self._due:
            step = run_context.session.run(self._step)
            self._timer.update_last_triggered_step(step)
            self._save(step, run_values.run_metadata)
        self._next_step = step + 1

    def _save(self, step, metadata):
        path = self._path.format(step)
        logging.info("Saving timeline for %d into '%s'.", step, path)
        with gfile.GFile(path, "w") as file:
            trace = Timeline(metadata.step_stats)
            file.write(trace.generate_chrome_trace_format(**self._shown))
        self._writer.add_run_metadata(metadata, f"step_{step}")
