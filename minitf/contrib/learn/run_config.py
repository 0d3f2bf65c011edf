"""`tf.contrib.learn.RunConfig`: how an Estimator trains."""

from minitf.core.config import ConfigProto
from minitf.core.errors import UnimplementedError
from minitf.estimator.run_config import RunConfig as Config


class TaskType:
    """What a process of a cluster is for."""

    MASTER, PS, WORKER = "master", "ps", "worker"


class RunConfig(Config):
    """How often to save and to log, where, and how sessions are made: see tf.estimator.RunConfig.

    `save_checkpoints_secs` 0 means every ten minutes, unless `save_checkpoints_steps` is given.
    `num_cores`, `log_device_placement` and `gpu_memory_fraction` go into the ConfigProto
    `tf_config`, `session_config` takes its place. UnimplementedError for a `master`.
    """

    def __init__(
        self, master=None, num_cores=0, log_device_placement=False, gpu_memory_fraction=1,
        tf_random_seed=None, save_summary_steps=100, save_checkpoints_secs=0,
        save_checkpoints_steps=None, keep_checkpoint_max=5, keep_checkpoint_every_n_hours=10000,
        log_step_count_steps=100, protocol=None, evaluation_master="", model_dir=None,
        session_config=None, session_creation_timeout_secs=7200,
    ):  # fmt: skip
        if master or evaluation_master:
            raise UnimplementedError(None, None, "tf.contrib.learn.RunConfig: there are no remote "
                                     f"sessions in minitf, but master is {master!r}.")  # fmt: skip
        self.tf_config = ConfigProto(
            log_device_placement=log_device_placement, inter_op_parallelism_threads=num_cores,
            intra_op_parallelism_threads=num_cores,
        )  # fmt: skip
        self.tf_config.gpu_options.per_process_gpu_memory_fraction = gpu_memory_fraction
        if save_checkpoints_secs == 0:
            save_checkpoints_secs = 600 if save_checkpoints_steps is None else None
        super().__init__(
            model_dir, tf_random_seed, save_summary_steps, save_checkpoints_steps,
            save_checkpoints_secs, session_config or self.tf_config, keep_checkpoint_max,
            keep_checkpoint_every_n_hours, log_step_count_steps, protocol=protocol,
            session_creation_timeout_secs=session_creation_timeout_secs,
        )  # fmt: skip
