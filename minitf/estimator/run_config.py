"""tf.estimator.RunConfig: how an Estimator runs, beside its model."""
import copy
import json
import os

from minitf import logging
from minitf.core.config import ConfigProto, GraphOptions, RewriterConfig
from minitf.core.errors import UnimplementedError
from minitf.core.file_errors import path_text
from minitf.distribute.strategy import Strategy
from minitf.estimator.functions import fn_args
from minitf.train.cluster import ClusterSpec

_UNSET = object()
_BOTH = "`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set."


class TaskType:
    """What a program of a cluster does."""

    MASTER = "master"
    PS = "ps"
    WORKER = "worker"
    CHIEF = "chief"
    EVALUATOR = "evaluator"


def get_default_session_config():
    """The ConfigProto that is used where there is none."""
    rewrite = RewriterConfig(meta_optimizer_iterations=RewriterConfig.ONE)
    graph = GraphOptions(rewrite_options=rewrite)
    return ConfigProto(allow_soft_placement=True, graph_options=graph)


def _at_least(least):
    return f">= {least}", lambda value: value >= least


_POSITIVE = "> 0", lambda value: value > 0
# What a property has to be, when it is given.
_WANTED = {
    "save_summary_steps": _at_least(0),
    "save_checkpoints_steps": _at_least(0),
    "save_checkpoints_secs": _at_least(0),
    "keep_checkpoint_max": _at_least(0),
    "keep_checkpoint_every_n_hours": _POSITIVE,
    "log_step_count_steps": _POSITIVE,
    "session_creation_timeout_secs": _POSITIVE,
}
_OTHERS = {
    "model_dir": ("model_dir should be non-empty", bool),
    "session_config": ("session_config must be instance of ConfigProto",
                       lambda value: isinstance(value, ConfigProto)),
    "tf_random_seed": ("tf_random_seed must be integer.", lambda value: isinstance(value, int)),
    "experimental_max_worker_delay_secs": (
        "experimental_max_worker_delay_secs must be an integer if set.",
        lambda value: isinstance(value, int)),
    "device_fn": ('device_fn must be callable with exactly one argument "op".',
                  lambda value: callable(value) and set(fn_args(value)) == {"op"}),
    "protocol": ("protocol should be grpc or grpc+verbs",
                 lambda value: value in ("grpc", "grpc+verbs")),
}  # fmt: skip
_STRATEGIES = ("train_distribute", "eval_distribute")
_REPLACEABLE = [
    "model_dir", "tf_random_seed", "save_summary_steps", "save_checkpoints_steps",
    "save_checkpoints_secs", "session_config", "keep_checkpoint_max",
    "keep_checkpoint_every_n_hours", "log_step_count_steps", "train_distribute", "device_fn",
    "protocol", "eval_distribute", "experimental_distribute",
    "experimental_max_worker_delay_secs", "session_creation_timeout_secs",
]  # fmt: skip


class RunConfig:
    """How an Estimator runs: where it saves, how often, with which seed and session.

    The environment variable TF_CONFIG says what this program does in a cluster: minitf knows those
    of one trainer, beside which another program may evaluate. UnimplementedError for other
    clusters; ValueError for numbers that cannot be, TypeError for strategies that are none.
    """

    def __init__(
        self, model_dir=None, tf_random_seed=None, save_summary_steps=100,
        save_checkpoints_steps=_UNSET, save_checkpoints_secs=_UNSET, session_config=None,
        keep_checkpoint_max=5, keep_checkpoint_every_n_hours=10000, log_step_count_steps=100,
        train_distribute=None, device_fn=None, protocol=None, eval_distribute=None,
        experimental_distribute=None, experimental_max_worker_delay_secs=None,
        session_creation_timeout_secs=7200,
    ):  # fmt: skip
        steps, seconds = _when(save_checkpoints_steps, save_checkpoints_secs)
        environment = json.loads(os.environ.get("TF_CONFIG", "{}"))
        if environment:
            logging.info("TF_CONFIG environment variable: %s", environment)
        self._set({
            "model_dir": _model_dir(environment, model_dir), "tf_random_seed": tf_random_seed,
            "save_summary_steps": save_summary_steps, "save_checkpoints_steps": steps,
            "save_checkpoints_secs": seconds, "session_config": session_config,
            "keep_checkpoint_max": keep_checkpoint_max,
            "keep_checkpoint_every_n_hours": keep_checkpoint_every_n_hours,
            "log_step_count_steps": log_step_count_steps, "train_distribute": train_distribute,
            "device_fn": device_fn, "protocol": protocol, "eval_distribute": eval_distribute,
            "experimental_distribute": experimental_distribute,
            "experimental_max_worker_delay_secs": experimental_max_worker_delay_secs,
            "session_creation_timeout_secs": session_creation_timeout_secs,
        })  # fmt: skip
        self._take_strategies(experimental_distribute)
        self._take_part(environment)

    def _set(self, given):
        """Set properties, and check them: the two that say when to save exclude each other."""
        for name, value in given.items():
            if name not in _REPLACEABLE:
                raise ValueError(f"Replacing {name} is not supported. Allowed properties are "
                                 f"{_REPLACEABLE}.")  # fmt: skip
            setattr(self, f"_{name}", value)
        pair = "save_checkpoints_steps", "save_checkpoints_secs"
        known = [name for name in pair if given.get(name) is not None]
        if len(known) == 2:
            raise ValueError(_BOTH)
        if known and not all(name in given for name in pair):
            (other,) = set(pair) - set(known)
            setattr(self, f"_{other}", None)
        self._check()

    def _check(self):
        wanted = {name: (f"{name} should be {text}", holds)
                  for name, (text, holds) in _WANTED.items()}  # fmt: skip
        for name, (message, holds) in {**wanted, **_OTHERS}.items():
            value = getattr(self, f"_{name}")
            if value is not None and not holds(value):
                raise ValueError(message)
        for name in _STRATEGIES:
            if not isinstance(getattr(self, f"_{name}"), (Strategy, type(None))):
                raise TypeError(f"{name} must be a tf.distribute.Strategy, got "
                                f"{getattr(self, f'_{name}')!r}")  # fmt: skip

    def _take_strategies(self, given):
        """Those that a DistributeConfig names are as if they had been given by themselves."""
        if given is None:
            return
        if given.remote_cluster:
            raise NotImplementedError("tf.estimator.RunConfig: a DistributeConfig with a "
                                      "remote_cluster: minitf trains in this process.")
        for name in _STRATEGIES:
            strategy = getattr(given, name)
            if strategy is not None and getattr(self, f"_{name}") is not None:
                raise ValueError(f"Either `{name}` or `experimental_distribute.{name}` can be set.")
            if strategy is not None:
                setattr(self, f"_{name}", strategy)
        self._check()

    def replace(self, **kwargs):
        """A copy with other values. ValueError for properties that cannot be replaced."""
        made = copy.deepcopy(self)
        made._set(kwargs)
        return made

    # -- the cluster -----------------------------------------------------------------------------

    def _take_part(self, environment):
        self._service = environment.get("service")
        if self._service is not None and not isinstance(self._service, dict):
            raise TypeError('If "service" is set in TF_CONFIG, it must be a dict. Given '
                            f"{type(self._service)}")  # fmt: skip
        cluster = ClusterSpec(environment.get("cluster", {}))
        task = environment.get("task", {})
        self._cluster_spec = cluster
        self._master = environment.get("session_master", "")
        self._evaluation_master = environment.get("eval_session_master", "")
        self._num_ps_replicas, self._num_worker_replicas = 0, 1
        self._global_id_in_cluster, self._is_chief = 0, True
        if not cluster:
            self._task_type = task.get("type", TaskType.WORKER)
            self._task_id = int(task.get("index", 0))
            if self._task_type != TaskType.WORKER:
                raise ValueError('If "cluster" is not set in TF_CONFIG, task type must be WORKER.')
            if self._task_id != 0:
                raise ValueError('If "cluster" is not set in TF_CONFIG, task index must be 0.')
            return
        self._task_type, self._task_id = _checked_task(cluster, task)
        if self._task_type == TaskType.EVALUATOR:
            self._cluster_spec = ClusterSpec({})
            self._num_worker_replicas, self._global_id_in_cluster = 0, None
            self._is_chief = False

    cluster_spec = property(lambda self: self._cluster_spec)
    device_fn = property(lambda self: self._device_fn)
    evaluation_master = property(lambda self: self._evaluation_master)
    is_chief = property(lambda self: self._is_chief)
    master = property(lambda self: self._master)
    num_ps_replicas = property(lambda self: self._num_ps_replicas)
    num_worker_replicas = property(lambda self: self._num_worker_replicas)
    task_id = property(lambda self: self._task_id)
    task_type = property(lambda self: self._task_type)
    global_id_in_cluster = property(lambda self: self._global_id_in_cluster)
    experimental_max_worker_delay_secs = property(
        lambda self: self._experimental_max_worker_delay_secs
    )
    tf_random_seed = property(lambda self: self._tf_random_seed)
    save_summary_steps = property(lambda self: self._save_summary_steps)
    save_checkpoints_secs = property(lambda self: self._save_checkpoints_secs)
    save_checkpoints_steps = property(lambda self: self._save_checkpoints_steps)
    session_config = property(lambda self: self._session_config)
    keep_checkpoint_max = property(lambda self: self._keep_checkpoint_max)
    keep_checkpoint_every_n_hours = property(lambda self: self._keep_checkpoint_every_n_hours)
    session_creation_timeout_secs = property(lambda self: self._session_creation_timeout_secs)
    log_step_count_steps = property(lambda self: self._log_step_count_steps)
    model_dir = property(lambda self: self._model_dir)
    service = property(lambda self: self._service)
    train_distribute = property(lambda self: self._train_distribute)
    eval_distribute = property(lambda self: self._eval_distribute)
    protocol = property(lambda self: self._protocol)


def _when(steps, seconds):
    """(steps, seconds) between checkpoints, of which one is None unless both are given."""
    if steps is _UNSET and seconds is _UNSET:
        return None, 600
    return (None if steps is _UNSET else steps), (None if seconds is _UNSET else seconds)


def _model_dir(environment, given):
    given = None if given is None else path_text(given)
    there = environment.get("model_dir")
    if given == "":
        raise ValueError("model_dir should be non-empty.")
    if there == "":
        raise ValueError("model_dir in TF_CONFIG should be non-empty.")
    if there and given and there != given:
        raise ValueError(
            "`model_dir` provided in RunConfig construct, if set, must have the same value as the "
            f"model_dir in TF_CONFIG. model_dir: {given}\nTF_CONFIG[\"model_dir\"]: {there}.\n"
        )
    if there:
        logging.info("Using model_dir in TF_CONFIG: %s", there)
    return given or there


def _checked_task(cluster, task):
    """(type, index) of this program's task in a cluster of one trainer."""
    chief = TaskType.MASTER if TaskType.MASTER in cluster.jobs else TaskType.CHIEF
    if chief == TaskType.MASTER and TaskType.CHIEF in cluster.jobs:
        raise ValueError("If `master` node exists in `cluster`, job `chief` is not supported.")
    if chief not in cluster.jobs:
        raise ValueError(f'If "cluster" is set in TF_CONFIG, it must have one "{chief}" node.')
    if len(cluster.job_tasks(chief)) > 1:
        raise ValueError(f'The "cluster" in TF_CONFIG must have only one "{chief}" node.')
    kind, index = task.get("type"), task.get("index")
    if not kind:
        raise ValueError('If "cluster" is set in TF_CONFIG, task type must be set.')
    if index is None:
        raise ValueError('If "cluster" is set in TF_CONFIG, task index must be set.')
    if int(index) < 0:
        raise ValueError("Task index must be non-negative number.")
    if kind == TaskType.EVALUATOR and chief == TaskType.MASTER:
        raise ValueError("If `master` node exists in `cluster`, task_type `evaluator` is not "
                         "supported.")  # fmt: skip
    if kind != TaskType.EVALUATOR:
        _check_alone(cluster, kind)
    return kind, int(index)


def _check_alone(cluster, kind):
    if kind not in cluster.jobs:
        raise ValueError(
            f"{kind} is not a valid task_type in the cluster_spec:\n{cluster}\n\nNote that these "
            "values may be coming from the TF_CONFIG environment variable."
        )
    if sum(len(cluster.job_tasks(job)) for job in cluster.jobs) > 1:
        raise UnimplementedError(
            None, None, f"tf.estimator.RunConfig: TF_CONFIG has a cluster of jobs {cluster.jobs}; "
            "minitf trains in one process, beside which another may evaluate. Leave `cluster` and "
            "`task` out of TF_CONFIG.",
        )  # fmt: skip
