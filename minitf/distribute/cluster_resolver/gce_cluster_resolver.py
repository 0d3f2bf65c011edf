"""What the Google Compute Engine says, by googleapiclient."""
from minitf.distribute.cluster_resolver.cluster_resolver import TaskResolver
from minitf.train.cluster import ClusterSpec


class GCEClusterResolver(TaskResolver):
    """The running instances of a group, as tasks of one job. ImportError without googleapiclient,
    unless a `service` is given that stands for it."""

    task_type = property(lambda self: self._task_type)

    def __init__(self, project, zone, instance_group, port, task_type="worker", task_id=0,
                 rpc_layer="grpc", credentials="default", service=None):  # fmt: skip
        self._project, self._zone, self._instance_group = project, zone, instance_group
        self._port, self._task_type, self.task_id = port, task_type, task_id
        self.rpc_layer, self._credentials = rpc_layer, credentials
        self._service = self._built() if service is None else service

    @task_type.setter
    def task_type(self, task_type):
        raise RuntimeError("You cannot reset the task_type of the GCEClusterResolver after it has "
                           "been created.")  # fmt: skip

    def _built(self):
        try:
            from googleapiclient import discovery
            from oauth2client.client import GoogleCredentials
        except ImportError as error:
            raise ImportError("googleapiclient must be installed before using the GCE cluster "
                              "resolver") from error  # fmt: skip
        if self._credentials == "default":
            self._credentials = GoogleCredentials.get_application_default()
        return discovery.build("compute", "v1", credentials=self._credentials)

    def cluster_spec(self):
        """The ClusterSpec: the addresses of the instances that run now, sorted."""
        groups, found = self._service.instanceGroups(), []
        request = groups.listInstances(
            project=self._project, zone=self._zone, instanceGroups=self._instance_group,
            body={"instanceState": "RUNNING"}, orderBy="name",
        )  # fmt: skip
        while request is not None:
            response = request.execute()
            found += [self._address(item["instance"].split("/")[-1]) for item in response["items"]]
            request = groups.listInstances_next(previous_request=request,
                                                previous_response=response)  # fmt: skip
        return ClusterSpec({self._task_type: sorted(found)})

    def _address(self, instance):
        request = self._service.instances().get(project=self._project, zone=self._zone,
                                                instance=instance)  # fmt: skip
        return f"{request.execute()['networkInterfaces'][0]['networkIP']}:{self._port}"
