"""What Slurm says, in its environment variables and by `scontrol`."""
import os
import subprocess

from minitf.distribute.cluster_resolver.cluster_resolver import TaskResolver
from minitf.train.cluster import ClusterSpec


class SlurmClusterResolver(TaskResolver):
    """The tasks of `jobs`, {name: how many}, on the nodes that Slurm has given: on each node as
    many as it runs there, with ports from `port_base` on and `gpus_per_task` GPUs each.

    RuntimeError where these are more GPUs or other tasks than there are.
    """

    def __init__(self, jobs, port_base=8888, gpus_per_node=1, gpus_per_task=1, tasks_per_node=None,
                 auto_set_gpu=True, rpc_layer="grpc"):  # fmt: skip
        rank, count = (("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE")
                       if "OMPI_COMM_WORLD_RANK" in os.environ  # started by mpirun
                       else ("SLURM_PROCID", "SLURM_NTASKS"))  # fmt: skip
        self._rank, num_tasks = int(os.environ[rank]), int(os.environ[count])
        if tasks_per_node is None:
            if "SLURM_NTASKS_PER_NODE" not in os.environ:
                raise RuntimeError("Neither `tasks_per_node` or SLURM_NTASKS_PER_NODE is set.")
            tasks_per_node = int(os.environ["SLURM_NTASKS_PER_NODE"])
        if tasks_per_node * gpus_per_task > gpus_per_node:
            raise RuntimeError("Requested more GPUs per node then available.")
        if sum(jobs.values()) != num_tasks:
            raise RuntimeError("Requested more tasks then assigned tasks.")
        self._jobs, self._port_base, self._tasks_per_node = jobs, port_base, tasks_per_node
        self._gpus_per_node, self._gpus_per_task = gpus_per_node, gpus_per_task
        self._auto_set_gpu, self.rpc_layer = auto_set_gpu, rpc_layer

    def _resolve_hostnames(self):
        """The names of the nodes."""
        found = subprocess.check_output(["scontrol", "show", "hostname"])
        return found.decode().strip().split("\n")

    def cluster_spec(self):
        """The ClusterSpec. From now on it is known which task this is; and this process sees only
        its GPUs, unless `auto_set_gpu` is False."""
        starts = range(0, self._gpus_per_node, self._gpus_per_task)
        places = list(zip(range(self._tasks_per_node), starts))
        addresses = [f"{host}:{self._port_base + number}" for host in self._resolve_hostnames()
                     for number, _ in places]  # fmt: skip
        cluster, first = {}, 0
        for job, count in sorted(self._jobs.items()):
            cluster[job] = addresses[first : first + count]
            if first <= self._rank < first + count:
                self.task_type, self.task_id = job, self._rank - first
            first += count
        if self._auto_set_gpu is True:
            start = places[self._rank % len(places)][1]
            gpus = range(start, start + self._gpus_per_task)
            os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(map(str, gpus))
        return ClusterSpec(cluster)

    def get_task_info(self):
        """(Job, number) of this process, None before the cluster was asked for."""
        return self.task_type, self.task_id

    def num_accelerators(self, task_type=None, task_id=None, config_proto=None):
        """The GPUs of a node."""
        return {"GPU": self._gpus_per_node}
