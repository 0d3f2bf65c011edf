"""`slim.learning`: a training step from a loss, and the loop that runs it."""
import os
import sys
import time

from minitf import logging
from minitf.contrib.training import training as steps
from minitf.contrib.training.training import clip_gradient_norms, multiply_gradients
from minitf.core import errors
from minitf.core.arguments import takes
from minitf.core.config import RunMetadata, RunOptions
from minitf.core.constant import constant
from minitf.core.graph import get_default_graph, name_scope
from minitf.gfile import GFile
from minitf.lib.timeline import Timeline
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import equal, floor_mod, greater_equal
from minitf.ops.state.variable_lists import (
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from minitf.ops.tables.initializers import tables_initializer
from minitf.summary.merge import merge_all
from minitf.train.global_step import get_or_create_global_step
from minitf.train.global_step import global_step as step_of
from minitf.train.saver import Saver
from minitf.train.supervisor import Supervisor

_USE_DEFAULT = 0


def add_gradients_summaries(grads_and_vars):
    """A histogram and the norm of each gradient."""
    return steps.gradients_summaries(grads_and_vars, "/")


@takes(
    steps.create_train_op,
    without=["transform_grads_fn"],
    before={
        "summarize_gradients": {"clip_gradient_norm": 0},
        "check_numerics": {"gradient_multipliers": None},
    },
)
def create_train_op(clip_gradient_norm, gradient_multipliers, **given):
    """The loss, as a tensor whose run also makes a training step; in the collection "train_op".

    The update_ops (those of the collection "update_ops" by default) run before the gradients, which
    are multiplied (`gradient_multipliers`, a dictionary by variables or their names), then each
    made no longer than `clip_gradient_norm` if that is above 0. `global_step` is the graph's by
    default, none for None. `check_numerics` raises InvalidArgumentError for a loss that is infinite
    or nan.
    """

    def changed(gradients):
        if gradient_multipliers:
            with name_scope("multiply_grads"):
                gradients = multiply_gradients(gradients, gradient_multipliers)
        if clip_gradient_norm > 0:
            with name_scope("clip_grads"):
                gradients = clip_gradient_norms(gradients, clip_gradient_norm)
        return gradients

    return steps.create_train_op(transform_grads_fn=changed, **given)


# -- the loop -------------------------------------------------------------------------------------


def train_step(sess, train_op, global_step, train_step_kwargs):
    """Run the training step; (loss, whether to stop).

    `train_step_kwargs` may have the tensors "should_log", whether to log the loss, "should_stop"
    and "should_trace", whether to write a timeline of the step to the folder "logdir" (ValueError
    without one) and, where there is a "summary_writer", to the summaries.
    """
    started = time.time()
    options = metadata = None
    if "should_trace" in train_step_kwargs:
        if "logdir" not in train_step_kwargs:
            raise ValueError(
                "logdir must be present in train_step_kwargs when should_trace is present"
            )
        if sess.run(train_step_kwargs["should_trace"]):
            options, metadata = RunOptions(trace_level=RunOptions.FULL_TRACE), RunMetadata()
    loss, step = sess.run([train_op, global_step], options=options, run_metadata=metadata)
    elapsed = time.time() - started
    if metadata is not None:
        _write_trace(metadata, step, train_step_kwargs)
    if "should_log" in train_step_kwargs and sess.run(train_step_kwargs["should_log"]):
        logging.info("global step %d: loss = %.4f (%.3f sec/step)", step, loss, elapsed)
    stop = train_step_kwargs.get("should_stop")
    return loss, False if stop is None else sess.run(stop)


def _write_trace(metadata, step, train_step_kwargs):
    path = os.path.join(train_step_kwargs["logdir"], f"tf_trace-{step}.json")
    logging.info("Writing trace to %s", path)
    with GFile(path, "w") as file:
        file.write(Timeline(metadata.step_stats).generate_chrome_trace_format())
    if "summary_writer" in train_step_kwargs:
        train_step_kwargs["summary_writer"].add_run_metadata(metadata, f"run_metadata-{step}")


def train(
    train_op, logdir, train_step_fn=train_step, train_step_kwargs=_USE_DEFAULT, log_every_n_steps=1,
    graph=None, master="", is_chief=True, global_step=None, number_of_steps=None,
    init_op=_USE_DEFAULT, init_feed_dict=None, local_init_op=_USE_DEFAULT, init_fn=None,
    ready_op=_USE_DEFAULT, summary_op=_USE_DEFAULT, save_summaries_secs=600,
    summary_writer=_USE_DEFAULT, startup_delay_steps=0, saver=None, save_interval_secs=600,
    sync_optimizer=None, session_config=None, session_wrapper=None, trace_every_n_steps=None,
    ignore_live_threads=False,
):  # fmt: skip
    """Run `train_op` until the global step is `number_of_steps`, or the data is at its end; returns
    the last loss.

    The session is a `tf.train.Supervisor`'s: restored from the newest checkpoint in `logdir`, or
    initialized, `init_fn(session)` then called; checkpoints and summaries are written there. With
    None for logdir nothing is. `train_step_fn(session, train_op, global_step, train_step_kwargs)`
    is one step: (loss, whether to stop). Every `trace_every_n_steps` a timeline is written there,
    as Chrome shows it. ValueError for what does not go together; NotImplementedError for a
    `sync_optimizer`.
    """
    _check_train(train_op, logdir, summary_op, saver, trace_every_n_steps, number_of_steps,
                 sync_optimizer)  # fmt: skip
    graph = graph or get_default_graph()
    with graph.as_default():
        if global_step is None:
            global_step = get_or_create_global_step()
        saver = saver or Saver()
        with name_scope("init_ops"):
            init_op = _or(init_op, global_variables_initializer)
            ready_op = _or(ready_op, report_uninitialized_variables)
            local_init_op = _or(local_init_op, _local_init)
        summary_op = _or(summary_op, merge_all)
        if _is_default(train_step_kwargs):
            train_step_kwargs = _step_arguments(global_step, number_of_steps, log_every_n_steps)
            if is_chief and trace_every_n_steps is not None:
                should = equal(floor_mod(global_step, trace_every_n_steps), 0)
                train_step_kwargs |= {"should_trace": should, "logdir": logdir}
    supervisor = Supervisor(
        graph=graph,
        is_chief=is_chief,
        logdir=logdir,
        init_op=init_op,
        init_feed_dict=init_feed_dict,
        local_init_op=local_init_op,
        ready_for_local_init_op=None,
        ready_op=ready_op,
        summary_op=summary_op,
        summary_writer=summary_writer,
        global_step=global_step,
        saver=saver,
        save_summaries_secs=save_summaries_secs,
        save_model_secs=save_interval_secs,
        init_fn=init_fn,
    )
    if summary_writer is not None:
        train_step_kwargs["summary_writer"] = supervisor.summary_writer
    delay = 0 if is_chief else min(startup_delay_steps, number_of_steps or sys.maxsize)

    def run():
        with supervisor.managed_session(
            master, config=session_config, start_standard_services=False
        ) as sess:
            logging.info("Starting Session.")
            sess = sess if session_wrapper is None else session_wrapper(sess)
            _wait_for_step(sess, global_step, delay)
            step = (sess, train_op, global_step, train_step_kwargs)
            return _loop(supervisor, train_step_fn, step, bool(logdir), ignore_live_threads)

    return _retried(run)


def _retried(run):
    """`run()`, again where the session is lost."""
    while True:
        try:
            return run()
        except errors.AbortedError:  # noqa: PERF203  that is what the loop is for
            logging.info("Retrying training!")


def _loop(supervisor, train_step_fn, step, writes, ignore_live_threads):
    """The steps, the last checkpoint; the last loss."""
    sess = step[0]
    if supervisor.is_chief and writes:
        supervisor.start_standard_services(sess)
    threads, loss = supervisor.start_queue_runners(sess), None
    logging.info("Starting Queues.")
    try:
        while not supervisor.should_stop():
            loss, stop = train_step_fn(*step)
            if stop:
                logging.info("Stopping Training.")
                supervisor.request_stop()
                break
    except errors.OutOfRangeError as error:
        logging.info("Caught OutOfRangeError. Stopping Training. %s", error)
    if writes and supervisor.is_chief:
        logging.info("Finished training! Saving model to disk.")
        supervisor.saver.save(sess, supervisor.save_path, global_step=supervisor.global_step)
        supervisor.stop(threads, close_summary_writer=True,
                        ignore_live_threads=ignore_live_threads)  # fmt: skip
    return loss


def _check_train(train_op, logdir, summary_op, saver, trace_every_n_steps, number_of_steps,
                 sync_optimizer):  # fmt: skip
    if train_op is None:
        raise ValueError("train_op cannot be None.")
    if logdir is None:
        given = {"summary_op": not _is_default(summary_op), "saver": saver is not None,
                 "trace_every_n_steps": trace_every_n_steps is not None}  # fmt: skip
        for name, is_given in given.items():
            if is_given:
                raise ValueError(f"Cannot provide {name} because logdir=None")
    if number_of_steps is not None and number_of_steps <= 0:
        raise ValueError("`number_of_steps` must be either None or a positive number.")
    if sync_optimizer is not None:
        raise NotImplementedError("slim.learning.train: several workers cannot wait for each other "
                                  "(sync_optimizer).")  # fmt: skip


def _is_default(value):
    return isinstance(value, int) and value == _USE_DEFAULT


def _or(value, make):
    return make() if _is_default(value) else value


def _local_init():
    return group(local_variables_initializer(), tables_initializer())


def _step_arguments(global_step, number_of_steps, log_every_n_steps):
    with name_scope("train_step"):
        stop = greater_equal(global_step, number_of_steps) if number_of_steps else constant(False)
        arguments = {"should_stop": stop}
        if log_every_n_steps > 0:
            arguments["should_log"] = equal(floor_mod(global_step, log_every_n_steps), 0)
        return arguments


def _wait_for_step(sess, global_step, step):
    while step and step_of(sess, global_step) < step:
        time.sleep(1.0)
