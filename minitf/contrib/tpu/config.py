"""How a TPUEstimator runs: what is said of TPUs is checked and kept, and decides nothing."""
import json
import os
import re
from collections import namedtuple

from minitf.core.errors import UnimplementedError
from minitf.estimator import run_config

_LOOP = re.compile(r"([1-9]\d*)([smh]?)")
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_CORES = (1, 2, 4, 8, 16, 32, 64, 128)


class InputPipelineConfig:
    """Where an input function would be called: for each shard, or for each host."""

    PER_SHARD_V1 = 1
    PER_HOST_V1 = 2
    PER_HOST_V2 = 3
    BROADCAST = 4
    SLICED = 5


def check_positive_integer(value, name):
    """TypeError for what is no integer, ValueError for what is not above zero."""
    if not isinstance(value, int):
        raise TypeError(f"{name} must be int, got {type(value)}")
    if value <= 0:
        raise ValueError(f"{name} must be positive, got {value}")


def parse_iterations_per_loop(iterations_per_loop):
    """(number, "count" or "seconds") of an integer, or of "30s", "2m", "1h". Else ValueError."""
    found = _LOOP.fullmatch(str(iterations_per_loop))
    if found is None:
        raise ValueError(
            "Invalid TPUConfig `iterations_per_loop` value. Value must be positive integer value "
            "or time-based value `<N><s|m|h>` where <N> is anypositive integer and `s`, `m`, `h` "
            "are unit of time in seconds, minutes, hours respectively. Examples of valid values: "
            "`3600s`, `60m`, `1h`."
        )
    number, unit = int(found[1]), found[2]
    return (number * _SECONDS[unit], "seconds") if unit else (number, "count")


class TPUConfig(namedtuple("TPUConfig", [
    "iterations_per_loop", "num_shards", "num_cores_per_replica", "per_host_input_for_training",
    "tpu_job_name", "initial_infeed_sleep_secs", "input_partition_dims",
    "eval_training_input_configuration", "experimental_host_call_every_n_steps",
])):  # fmt: skip
    """What a TPU would be told. Without one `iterations_per_loop` says how often to log.

    ValueError, or TypeError, for what could not be.
    """

    __slots__ = ()

    def __new__(cls, iterations_per_loop=2, num_shards=None, num_cores_per_replica=None,
                per_host_input_for_training=True, tpu_job_name=None,
                initial_infeed_sleep_secs=None, input_partition_dims=None,
                eval_training_input_configuration=InputPipelineConfig.PER_HOST_V1,
                experimental_host_call_every_n_steps=1):
        parse_iterations_per_loop(iterations_per_loop)
        if num_shards is not None:
            check_positive_integer(num_shards, "TPUConfig num_shards")
        if input_partition_dims is not None:
            _check_partition(input_partition_dims, per_host_input_for_training,
                             num_cores_per_replica)  # fmt: skip
        if num_cores_per_replica is not None and num_cores_per_replica not in _CORES:
            raise ValueError("num_cores_per_replica must be 1, 2, 4, 8, 16, 32, 64, 128; got "
                             f"{num_cores_per_replica}")  # fmt: skip
        if eval_training_input_configuration not in (
            InputPipelineConfig.PER_HOST_V1, InputPipelineConfig.SLICED
        ):  # fmt: skip
            raise ValueError("eval_training_input_configuration must be PER_HOST_V1 or SLICED; "
                             f"got {eval_training_input_configuration}")  # fmt: skip
        if initial_infeed_sleep_secs:
            check_positive_integer(initial_infeed_sleep_secs,
                                   "TPUConfig initial_infeed_sleep_secs")  # fmt: skip
        if isinstance(per_host_input_for_training, bool):
            per_host_input_for_training = 1 + per_host_input_for_training
        environment = json.loads(os.environ.get("TF_CONFIG", "{}"))
        job = tpu_job_name or environment.get("service", {}).get("tpu_worker_job_name")
        return super().__new__(
            cls, iterations_per_loop, num_shards, num_cores_per_replica,
            per_host_input_for_training, job, initial_infeed_sleep_secs, input_partition_dims,
            eval_training_input_configuration, experimental_host_call_every_n_steps,
        )  # fmt: skip


def _check_partition(dims, per_host, cores):
    if len(dims) not in (1, 2):
        raise ValueError("input_partition_dims must be a list/tuple with one or two elements.")
    if per_host is not InputPipelineConfig.PER_HOST_V2:
        raise ValueError("input_partition_dims is only supported in PER_HOST_V2 mode.")
    if cores is None:
        raise ValueError("input_partition_dims requires setting num_cores_per_replica.")


class RunConfig(run_config.RunConfig):
    """A `tf.estimator.RunConfig` with a TPUConfig.

    Further arguments are those of the class. UnimplementedError for `cluster`: minitf knows none.
    """

    def __init__(self, tpu_config=None, evaluation_master=None, master=None, cluster=None,
                 **kwargs):
        super().__init__(**kwargs)
        if cluster is not None:
            raise UnimplementedError(
                None, None, "tf.contrib.tpu.RunConfig(cluster=...): minitf knows no clusters of "
                "TPUs. Leave the argument out.",
            )  # fmt: skip
        self._tpu_config, self._cluster = tpu_config or TPUConfig(), None
        if master is not None:
            self._master = master
        if evaluation_master is not None:
            self._evaluation_master = evaluation_master
        elif not self._evaluation_master and self.task_type != run_config.TaskType.EVALUATOR:
            self._evaluation_master = self._master

    tpu_config = property(lambda self: self._tpu_config)
    cluster = property(lambda self: self._cluster)

    def replace(self, **kwargs):
        """A copy with other values. ValueError for properties that cannot be replaced."""
        tpu_config = kwargs.pop("tpu_config", self._tpu_config)
        made = super().replace(**kwargs)
        made._tpu_config = tpu_config
        return made
