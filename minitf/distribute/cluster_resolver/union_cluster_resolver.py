"""Several resolvers in one."""
from minitf.distribute.cluster_resolver.cluster_resolver import ClusterResolver, format_master_url
from minitf.train.cluster import ClusterSpec


class UnionClusterResolver(ClusterResolver):
    """The tasks of several resolvers; all else is what the first of them says, but for the
    `rpc_layer`, `task_type` and `task_id` that are given by keyword.

    ValueError without a resolver, TypeError for what is none.
    """

    def __init__(self, *args, **kwargs):
        self._own = {key: kwargs.pop(key, None) for key in ("rpc_layer", "task_type", "task_id")}
        if kwargs:
            raise ValueError(f"Unexpected kwargs provided {kwargs!r}")
        if not args:
            raise ValueError("At least one ClusterResolver is required.")
        if not all(isinstance(each, ClusterResolver) for each in args):
            raise TypeError("All arguments must be a sub-class of `ClusterResolver.`")
        self._cluster_resolvers = args

    def cluster_spec(self):
        """A ClusterSpec of all tasks: those of a job are listed one after another, or, if one of
        the resolvers numbers them, under their numbers. KeyError for a number that is there twice.
        """
        clusters = [each.cluster_spec().as_dict() for each in self._cluster_resolvers]
        jobs = dict.fromkeys(job for cluster in clusters for job in cluster)
        return ClusterSpec({
            job: _merged([cluster[job] for cluster in clusters if job in cluster]) for job in jobs
        })  # fmt: skip

    def master(self, task_type=None, task_id=None, rpc_layer=None):
        """The address of a task, or the master of the first resolver."""
        if task_type is None or task_id is None:
            return self._cluster_resolvers[0].master(rpc_layer=rpc_layer)
        address = self.cluster_spec().task_address(task_type, task_id)
        return format_master_url(address, rpc_layer or self._own["rpc_layer"])

    def num_accelerators(self, task_type=None, task_id=None, config_proto=None):
        """What the first resolver says."""
        return self._cluster_resolvers[0].num_accelerators(task_type, task_id, config_proto)

    @property
    def environment(self):
        """What the first resolver says."""
        return self._cluster_resolvers[0].environment

    def _get(name):
        return property(
            lambda self: self._own[name] or getattr(self._cluster_resolvers[0], name),
            lambda self, value: self._own.update({name: value}),
        )

    task_type, task_id, rpc_layer = _get("task_type"), _get("task_id"), _get("rpc_layer")
    del _get


def _merged(parts):
    if all(isinstance(tasks, list) for tasks in parts):
        return [task for tasks in parts for task in tasks]
    found = {}
    for tasks in parts:
        tasks = dict(enumerate(tasks)) if isinstance(tasks, list) else tasks
        twice = set(tasks) & set(found)
        if twice:
            raise KeyError(f"Duplicate keys detected when merging two ClusterSpecs: {twice!r}")
        found.update(tasks)
    return found
