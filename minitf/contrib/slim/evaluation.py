"""`slim.evaluation`: metrics of checkpoints."""
from minitf.contrib.training import evaluation
from minitf.contrib.training.evaluation import (
    StopAfterNEvalsHook,
    SummaryAtEndHook,
    checkpoints_iterator,  # noqa: F401  a public name
    wait_for_new_checkpoint,  # noqa: F401  a public name
)
from minitf.core.arguments import takes
from minitf.summary.merge import merge_all
from minitf.train.saver import Saver
from minitf.train.scaffold import Scaffold

_USE_DEFAULT = 0


def _hooks(logdir, num_evals, summary_op, feed_dict, more):
    if isinstance(summary_op, int) and summary_op == _USE_DEFAULT:
        summary_op = merge_all()
    hooks = [StopAfterNEvalsHook(num_evals)]
    if summary_op is not None:
        hooks.append(SummaryAtEndHook(log_dir=logdir, summary_op=summary_op, feed_dict=feed_dict))
    return [*hooks, *(more or ())]


def _saver(variables_to_restore):
    return None if variables_to_restore is None else Saver(variables_to_restore)


def _options(
    master, logdir, num_evals=1, initial_op=None, initial_op_feed_dict=None, eval_op=None,
    eval_op_feed_dict=None, final_op=None, final_op_feed_dict=None, summary_op=_USE_DEFAULT,
    summary_op_feed_dict=None, variables_to_restore=None, session_config=None, hooks=None,
    init_fn=None,
):  # fmt: skip
    """What evaluations take, as `tf.contrib.training` takes it."""
    return {
        "master": master,
        "hooks": _hooks(logdir, num_evals, summary_op, summary_op_feed_dict, hooks),
        "scaffold": Scaffold(init_op=initial_op, init_feed_dict=initial_op_feed_dict,
                             init_fn=init_fn, saver=_saver(variables_to_restore)),
        "eval_ops": eval_op,
        "feed_dict": eval_op_feed_dict,
        "final_ops": final_op,
        "final_ops_feed_dict": final_op_feed_dict,
        "config": session_config,
    }  # fmt: skip


_FIRST = ("master", "logdir")


@takes(_options, without=[*_FIRST, "init_fn"])
def evaluate_once(master, checkpoint_path, logdir, **given):
    """Run `eval_op` so many times with the variables of a checkpoint, then `final_op`, whose value
    is returned; summaries (all of the graph by default) go to `logdir`."""
    return evaluation.evaluate_once(checkpoint_path, **_options(master, logdir, **given))


@takes(
    _options,
    without=[*_FIRST, "init_fn"],
    before={
        "eval_op": {"init_fn": None},
        "session_config": {"eval_interval_secs": 60, "max_number_of_evaluations": None},
        "hooks": {"timeout": None, "timeout_fn": None},
    },
)
def evaluation_loop(
    master, checkpoint_dir, logdir, eval_interval_secs, max_number_of_evaluations, timeout,
    timeout_fn, **given,
):  # fmt: skip
    """`evaluate_once` of each new checkpoint of a folder, looked for every `eval_interval_secs`;
    the value of the last `final_op`."""
    return evaluation.evaluate_repeatedly(
        checkpoint_dir,
        **_options(master, logdir, **given),
        eval_interval_secs=eval_interval_secs,
        max_number_of_evaluations=max_number_of_evaluations,
        timeout=timeout,
        timeout_fn=timeout_fn,
    )
