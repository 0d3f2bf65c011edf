"""What TensorFlow has for several machines: here there is one, and this says so."""
from minitf.core import errors
from minitf.train.cluster import ClusterSpec
from minitf.train.optimizer import Optimizer


def _unimplemented(what, instead):
    return errors.UnimplementedError(None, None, f"{what}: there is one process. {instead}")


class Server:
    """A server of one task, in this process: its `target` is that of a local session.

    UnimplementedError for a cluster with other tasks.
    """

    def __init__(self, server_or_cluster_def, job_name=None, task_index=None, protocol=None,
                 config=None, start=True):
        cluster = ClusterSpec(server_or_cluster_def)
        tasks = sum(len(cluster.task_indices(job)) for job in cluster.jobs)
        if tasks != 1:
            raise _unimplemented(
                f"tf.train.Server of a cluster of {tasks} tasks",
                "Train without a cluster, or start one program each by yourself.")
        self._cluster = cluster

    target = property(lambda self: "", doc="What tf.Session takes to use it.")

    def start(self):
        """Nothing to do: sessions are in this process."""

    def join(self):
        """UnimplementedError: nobody else could use it, however long it waits."""
        raise _unimplemented("tf.train.Server.join", "No other program can reach its sessions.")

    @staticmethod
    def create_local_server(config=None, start=True):
        """A server of one task, of which only this process knows."""
        return Server({"local": ["localhost:0"]}, protocol="grpc", config=config, start=start)


class SyncReplicasOptimizer(Optimizer):
    """UnimplementedError: there are no replicas to wait for."""

    def __init__(self, opt, replicas_to_aggregate, total_num_replicas=None,
                 variable_averages=None, variables_to_average=None, use_locking=False,
                 name="sync_replicas"):
        raise _unimplemented("tf.train.SyncReplicasOptimizer", "Use the optimizer that it wraps.")
