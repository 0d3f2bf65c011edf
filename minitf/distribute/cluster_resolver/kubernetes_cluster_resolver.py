"""What Kubernetes says, by its client for Python."""
import importlib.util

from minitf.distribute.cluster_resolver.cluster_resolver import TaskResolver
from minitf.train.cluster import ClusterSpec


class KubernetesClusterResolver(TaskResolver):
    """The running pods that have the labels that `job_to_label_mapping` lists for each job.
    ImportError without the client, unless an `override_client` is given that stands for it."""

    def __init__(self, job_to_label_mapping=None, tf_server_port=8470, rpc_layer="grpc",
                 override_client=None):  # fmt: skip
        if importlib.util.find_spec("kubernetes") is not None:
            from kubernetes import config

            config.load_kube_config()
        elif not override_client:
            raise ImportError(
                "The Kubernetes Python client must be installed before using the Kubernetes "
                "Cluster Resolver: `pip install kubernetes`"
            )
        self._job_to_label_mapping = job_to_label_mapping or {"worker": ["job-name=tensorflow"]}
        self._tf_server_port, self._override_client = tf_server_port, override_client
        self.rpc_layer = rpc_layer

    def cluster_spec(self):
        """The ClusterSpec of the pods that there are now. RuntimeError for one that does not run.
        """
        client = self._override_client or self._client()
        return ClusterSpec({
            job: [address for label in labels for address in self._addresses(client, label)]
            for job, labels in self._job_to_label_mapping.items()
        })  # fmt: skip

    def _client(self):
        from kubernetes import client, config

        config.load_kube_config()
        return client.CoreV1Api()

    def _addresses(self, client, label):
        pods = client.list_pod_for_all_namespaces(label_selector=label).items
        for pod in sorted(pods, key=lambda pod: pod.metadata.name):
            if pod.status.phase != "Running":
                raise RuntimeError(f'Pod "{pod.metadata.name}" is not running; phase: '
                                   f'"{pod.status.phase}"')  # fmt: skip
            yield f"{pod.status.host_ip}:{self._tf_server_port}"
