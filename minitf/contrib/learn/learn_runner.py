"""`tf.contrib.learn.learn_runner.run`: makes an Experiment and runs it."""
from minitf.contrib.learn.experiment import Experiment


def run(experiment_fn, output_dir=None, schedule=None, run_config=None, hparams=None):
    """What the method `schedule` of an Experiment gives, "train_and_evaluate" by default.

    `experiment_fn(output_dir)` makes it, or `experiment_fn(run_config, hparams)` where a
    `run_config` is given. ValueError for both or neither, and for an unknown schedule; TypeError
    for what is no function, or makes no Experiment.
    """
    if output_dir is not None and run_config is not None:
        raise ValueError("Cannot provide both `output_dir` and `run_config`")
    if output_dir is None and run_config is None:
        raise ValueError("Must set value for `output_dir` or `run_config`")
    if not callable(experiment_fn):
        raise TypeError(f'Experiment builder "{experiment_fn}" is not callable.')
    experiment = _made(experiment_fn, output_dir, run_config, hparams)
    if not isinstance(experiment, Experiment):
        raise TypeError("Experiment builder did not return an Experiment instance, got "
                        f"{type(experiment)} instead.")  # fmt: skip
    schedule = schedule or "train_and_evaluate"
    if not hasattr(experiment, schedule):
        raise ValueError(f"Schedule references non-existent task {schedule}")
    task = getattr(experiment, schedule)
    if not callable(task):
        raise TypeError(f"Schedule references non-callable member {schedule}")
    return task()


def _made(experiment_fn, output_dir, run_config, hparams):
    if run_config is not None:
        if not run_config.model_dir:
            raise ValueError("Must specify a model directory `model_dir` in `run_config`.")
        return experiment_fn(run_config=run_config, hparams=hparams)
    if not output_dir:
        raise ValueError("Must specify an output directory")
    if hparams is not None:
        raise ValueError("Must set `hparams` as None for `experiment_fn` with `output_dir`.")
    return experiment_fn(output_dir=output_dir)
