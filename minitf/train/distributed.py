"""What TensorFlow has for several machines: here there is one, and this says so."""
from minitf.core import config as _  # noqa: F401  ConfigProto, a field
from minitf.core import errors
from minitf.core.proto.message import Message
from minitf.runtime.target import jobs
from minitf.train.cluster import ClusterSpec


def _unimplemented(what, instead):
    return errors.UnimplementedError(None, None, f"{what}: there is one process. {instead}")


class ServerDef(Message):
    """A server: its cluster, and which task of that it is."""

    PROTO = """
        ClusterDef cluster = 1;
        string job_name = 2;
        int32 task_index = 3;
        ConfigProto default_session_config = 4;
        string protocol = 5;
    """


class Server:
    """A server of one task, in this process: its `target` is that of a local session.

    UnimplementedError for a cluster with other tasks.
    """

    def __init__(self, server_or_cluster_def, job_name=None, task_index=None, protocol=None,
                 config=None, start=True):
        given = server_or_cluster_def
        if isinstance(given, ServerDef):
            job_name, task_index = job_name or given.job_name, task_index or given.task_index
            given = given.cluster
        cluster = ClusterSpec(given)
        tasks = sum(len(cluster.task_indices(job)) for job in cluster.jobs)
        if tasks != 1:
            raise _unimplemented(
                f"tf.train.Server of a cluster of {tasks} tasks",
                "Train without a cluster, or start one program each by yourself.")
        (job,) = cluster.jobs
        self._server_def = ServerDef(
            cluster=cluster.as_cluster_def(), job_name=job_name or job,
            task_index=task_index or 0, protocol=protocol or "grpc",
            default_session_config=config,
        )  # fmt: skip
        jobs.add(self._server_def.job_name)  # its devices are those of this process

    server_def = property(lambda self: self._server_def, doc="What it is, as a message.")
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
