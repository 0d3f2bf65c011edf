"""What all resolvers of clusters have, and the one that is told what the cluster is."""
import abc
import collections

from minitf.core.eager import executing_eagerly
from minitf.core.graph import Graph
from minitf.session import Session
from minitf.train.cluster import ClusterSpec


def format_master_url(master, rpc_layer=None):
    """An address with its protocol, such as grpc://host:2222."""
    return f"{rpc_layer}://{master}" if rpc_layer else master


class ClusterResolver(abc.ABC):
    """Says which tasks there are, by asking what manages the cluster each time that it is asked.

    A subclass has `cluster_spec` and `master`, and the attributes `task_type`, `task_id` (which of
    the tasks this program is) and `rpc_layer`.
    """

    @abc.abstractmethod
    def cluster_spec(self):
        """The ClusterSpec, as it is now."""
        raise NotImplementedError()

    @abc.abstractmethod
    def master(self, task_type=None, task_id=None, rpc_layer=None):
        """The address for sessions, of this task or of another one."""
        raise NotImplementedError()

    def num_accelerators(self, task_type=None, task_id=None, config_proto=None):
        """{type: how many} of the devices of a task: in a session there, those that
        `list_devices` names."""
        if executing_eagerly():
            return collections.defaultdict(int)  # what runs at once runs on the CPU
        with Graph().as_default():
            master = self.master(task_type, task_id)
            with Session(master, config=config_proto) as session:
                devices = session.list_devices()
        asked = task_type is not None and task_id is not None
        parts = (f"/job:{task_type}", f"/task:{task_id}") if asked else ()
        found = collections.defaultdict(int)
        for device in devices:
            if all(part in device.name for part in parts):
                found[device.device_type] += 1
        return found

    @property
    def environment(self):
        """Where TensorFlow runs: "" but for Google's own machines."""
        return ""


class TaskResolver(ClusterResolver):
    """A resolver that knows which task this program is: its sessions are at the address of it."""

    task_type = task_id = rpc_layer = None

    def master(self, task_type=None, task_id=None, rpc_layer=None):
        """The address of the task, "" if it is not known which."""
        task_type = self.task_type if task_type is None else task_type
        task_id = self.task_id if task_id is None else task_id
        if task_type is None or task_id is None:
            return ""
        address = self.cluster_spec().task_address(task_type, task_id)
        return format_master_url(address, rpc_layer or self.rpc_layer)


class SimpleClusterResolver(ClusterResolver):
    """The cluster that it is given, a ClusterSpec. TypeError for another thing."""

    def __init__(self, cluster_spec, master="", task_type=None, task_id=None, environment="",
                 num_accelerators=None, rpc_layer=None):  # fmt: skip
        if not isinstance(cluster_spec, ClusterSpec):
            raise TypeError("cluster_spec must be a ClusterSpec.")
        if not isinstance(master, str):
            raise TypeError("master must be a string.")
        self._cluster_spec, self._master, self._environment = cluster_spec, master, environment
        self.task_type, self.task_id, self.rpc_layer = task_type, task_id, rpc_layer
        self._num_accelerators = num_accelerators

    def cluster_spec(self):
        """The ClusterSpec."""
        return self._cluster_spec

    def master(self, task_type=None, task_id=None, rpc_layer=None):
        """The address of a task, or the master that was given."""
        master = self._master
        if task_type is not None and task_id is not None:
            master = self.cluster_spec().task_address(task_type, task_id)
        return format_master_url(master, rpc_layer or self.rpc_layer)

    @property
    def environment(self):
        """As it was given."""
        return self._environment

    def num_accelerators(self, task_type=None, task_id=None, config_proto=None):
        """As it was given."""
        return {} if self._num_accelerators is None else self._num_accelerators
