"""`tf.train.replica_device_setter`: variables on parameter servers, the rest on a worker."""
import itertools

from minitf.core.device import DeviceSpec
from minitf.train.cluster import ClusterSpec

PS_OPS = ("Variable", "VariableV2", "AutoReloadVariable", "MutableHashTable", "MutableHashTableV2",
          "MutableHashTableOfTensors", "MutableHashTableOfTensorsV2", "MutableDenseHashTable",
          "MutableDenseHashTableV2", "VarHandleOp")  # fmt: skip


def replica_device_setter(
    ps_tasks=0,
    ps_device="/job:ps",
    worker_device="/job:worker",
    merge_devices=True,
    cluster=None,
    ps_ops=None,
    ps_strategy=None,
):
    """A function for `tf.device`, which puts variables on the tasks of `ps_device` in turn.

    cluster: a ClusterSpec, or what makes one; else ps_tasks says how many tasks there are. Without
    any the result is None, which `tf.device` takes as well. ps_ops: the types of the nodes to put
    there, those of variables by default. ps_strategy: a function of the node that gives the
    number of its task. merge_devices: nodes with a device of their own get what it leaves open.
    TypeError for a cluster or a ps_strategy that is none.
    """
    if cluster is not None:
        jobs = ClusterSpec(cluster)
        job = DeviceSpec.from_string(ps_device).job
        ps_tasks = jobs.num_tasks(job) if job in jobs.jobs else 0
    if ps_tasks == 0:
        return None
    strategy = in_turn(ps_tasks) if ps_strategy is None else ps_strategy
    if not callable(strategy):
        raise TypeError("ps_strategy must be callable")
    types = PS_OPS if ps_ops is None else ps_ops

    def device(op):
        if op.device and not merge_devices:
            return op.device
        own = DeviceSpec.from_string(op.device)
        if not ps_device or op.type not in types:
            return DeviceSpec.from_string(worker_device or "").make_merged_spec(own).to_string()
        place = DeviceSpec.from_string(ps_device)
        if place.job and own.job in (None, place.job):
            place.task = strategy(op)
        return place.make_merged_spec(own).to_string()

    return device


def in_turn(tasks):
    """A strategy that goes round the tasks."""
    numbers = itertools.cycle(range(tasks))
    return lambda op: next(numbers)
