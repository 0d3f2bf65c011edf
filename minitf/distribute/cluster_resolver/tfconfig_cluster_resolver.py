"""What the environment variable TF_CONFIG says."""
import json
import os

from minitf.distribute.cluster_resolver.cluster_resolver import ClusterResolver, format_master_url
from minitf.train.cluster import ClusterSpec


def _config():
    return json.loads(os.environ.get("TF_CONFIG", "{}"))


class TFConfigClusterResolver(ClusterResolver):
    """The cluster and the task that the environment variable TF_CONFIG names, but for what is given
    here."""

    def __init__(self, task_type=None, task_id=None, rpc_layer=None, environment=None):
        self._task_type, self._task_id, self._rpc_layer = task_type, task_id, rpc_layer
        self._environment = environment

    @property
    def task_type(self):
        """The job that this program is of."""
        if self._task_type is not None:
            return str(self._task_type)
        task = _config().get("task", {})
        return str(task["type"]) if "type" in task else None

    @task_type.setter
    def task_type(self, task_type):
        self._task_type = task_type

    @property
    def task_id(self):
        """Its number there: as in TensorFlow, the one given if a type is given, too."""
        if self._task_type is not None:
            return int(self._task_id)
        task = _config().get("task", {})
        return int(task["index"]) if "index" in task else None

    @task_id.setter
    def task_id(self, task_id):
        self._task_id = task_id

    @property
    def environment(self):
        """As it was given."""
        return self._environment

    @property
    def rpc_layer(self):
        """The protocol that tasks talk by."""
        return _config().get("rpc_layer") if self._rpc_layer is None else self._rpc_layer

    @rpc_layer.setter
    def rpc_layer(self, rpc_layer):
        self._rpc_layer = rpc_layer

    def num_accelerators(self, task_type=None, task_id=None, config_proto=None):
        """{type: how many} of the devices of this task, or of another one."""
        task_type = self.task_type if task_type is None else task_type
        task_id = self.task_id if task_id is None else task_id
        return super().num_accelerators(task_type, task_id, config_proto)

    def cluster_spec(self):
        """The ClusterSpec that TF_CONFIG has, an empty one without."""
        return ClusterSpec(_config().get("cluster", {}))

    def master(self, task_type=None, task_id=None, rpc_layer=None):
        """The `session_master` of TF_CONFIG, or the address of the task; "" where there is one task
        or none."""
        given = _config().get("session_master")
        if given is not None:
            return given
        cluster = self.cluster_spec()
        if sum(len(cluster.job_tasks(job)) for job in cluster.jobs) <= 1:
            return ""
        task_type = self.task_type if task_type is None else task_type
        task_id = self.task_id if task_id is None else task_id
        return format_master_url(cluster.task_address(task_type, task_id), self.rpc_layer)
