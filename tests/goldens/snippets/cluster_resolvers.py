"""tf.distribute.cluster_resolver: what each says of tasks and addresses, and what is refused."""

import contextlib
import json
import os
import types
from unittest import mock

from goldens.kit import attempt, error

CLUSTER = {"worker": ["w0:1", "w1:1"], "ps": {2: "p2:1"}}


def _told(resolver):
    """What a resolver says of the cluster, of this task, and of others."""
    cluster = sorted(resolver.cluster_spec().as_dict().items())
    return [repr(cluster), resolver.task_type, resolver.task_id, resolver.rpc_layer,
            resolver.environment, attempt(resolver.master),
            attempt(lambda: resolver.master("worker", 1)),
            attempt(lambda: resolver.master("worker", 0, "other")),
            error(lambda: resolver.master("worker", 9))]  # fmt: skip


@contextlib.contextmanager
def _environment(**variables):
    kept = dict(os.environ)
    try:
        os.environ.update(variables)
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def simple(tf, np):
    of, cluster = tf.distribute.cluster_resolver, tf.train.ClusterSpec(CLUSTER)
    first = of.SimpleClusterResolver(cluster)
    second = of.SimpleClusterResolver(cluster, "m", "worker", 1, "google", {"GPU": 8}, "grpc")
    found = [_told(first), _told(second), first.num_accelerators(), second.num_accelerators()]
    second.task_type, second.task_id, second.rpc_layer = "ps", 2, None
    return [*found, _told(second), error(lambda: of.SimpleClusterResolver(CLUSTER)),
            error(lambda: of.SimpleClusterResolver(cluster, 3)), error(of.ClusterResolver),
            tf.contrib.cluster_resolver.UnionClusterResolver is of.UnionResolver]  # fmt: skip


def united(tf, np):
    of, spec = tf.distribute.cluster_resolver, tf.train.ClusterSpec
    simple = of.SimpleClusterResolver
    first = simple(spec(CLUSTER), "m", "worker", 1, "google", {"GPU": 8}, "grpc")
    second = simple(spec({"worker": ["w2:1"], "chief": ["c:1"]}), "n", "chief", 3)
    third = simple(spec({"worker": {5: "w5:1"}, "ps": ["p0:1", "p1:1"]}))
    clash = simple(spec({"worker": {1: "w5:1"}}))
    both, all_of = of.UnionResolver(first, second), of.UnionResolver(first, third)
    own = of.UnionResolver(second, first, rpc_layer="own", task_type="ps", task_id=2)
    found = [_told(both), _told(all_of), _told(own), both.num_accelerators()]
    both.task_type, both.task_id, both.rpc_layer = "chief", 7, "later"
    return [*found, _told(both), error(of.UnionResolver(first, clash).cluster_spec),
            error(of.UnionResolver), error(lambda: of.UnionResolver(first, spec(CLUSTER))),
            error(lambda: of.UnionResolver(first, none=3))]  # fmt: skip


def configured(tf, np):
    of = tf.distribute.cluster_resolver.TFConfigClusterResolver
    config = {"cluster": CLUSTER, "task": {"type": "worker", "index": "1"}, "rpc_layer": "grpc"}
    alone = {"cluster": {"worker": ["w0:1"]}, "task": {"type": "worker", "index": 0}}
    config["cluster"] = {"worker": CLUSTER["worker"], "ps": ["p0:1"]}
    found = []
    for each in (config, alone, {}, {**config, "session_master": "there"},
                 {"cluster": config["cluster"]}):  # fmt: skip
        with _environment(TF_CONFIG=json.dumps(each)):
            found.append(attempt(lambda: _told(of())))
    with _environment(TF_CONFIG=json.dumps(config)):
        given = of("ps", "0", "other", "google")
        found += [_told(given), error(lambda: of("ps").task_id), of(task_id=5).task_id]
        given.task_type, given.task_id, given.rpc_layer = "worker", 0, None
        found += [_told(given)]
    with _environment(TF_CONFIG=json.dumps(alone)):
        found.append(dict(of().num_accelerators("ps")))
    return found


def of_slurm(tf, np):
    of, found = tf.distribute.cluster_resolver.SlurmClusterResolver, []
    jobs, hosts = {"worker": 3, "ps": 1}, mock.patch("subprocess.check_output",
                                                     return_value=b"n0\nn1\n")  # fmt: skip
    slurm = {"SLURM_PROCID": "2", "SLURM_NTASKS": "4", "SLURM_NTASKS_PER_NODE": "2"}
    with _environment(**slurm), hosts:
        resolver = of(jobs, gpus_per_node=4, gpus_per_task=2)
        found += [resolver.get_task_info(), resolver.master(), _told(resolver),
                  resolver.get_task_info(), os.environ["CUDA_VISIBLE_DEVICES"],
                  resolver.num_accelerators()]  # fmt: skip
        found += [error(lambda: of(jobs)), error(lambda: of({"worker": 3}, gpus_per_node=2))]
        del os.environ["SLURM_NTASKS_PER_NODE"]
        found += [error(lambda: of(jobs, gpus_per_node=2))]
        os.environ.update(OMPI_COMM_WORLD_RANK="0", OMPI_COMM_WORLD_SIZE="4")
        os.environ["CUDA_VISIBLE_DEVICES"] = "7"
        resolver = of(jobs, 99, 4, 1, 4, False, None)
        found += [_told(resolver), os.environ["CUDA_VISIBLE_DEVICES"]]
    return found


def _request(result):
    return types.SimpleNamespace(execute=lambda: result)


class _Engine:
    """Two pages of instances."""

    def instanceGroups(self):
        return self

    def instances(self):
        return self

    def listInstances(self, **asked):
        self.asked = asked
        return _request({"items": [{"instance": "zones/there/b"}, {"instance": "a"}]})

    def listInstances_next(self, previous_request, previous_response):
        last = len(previous_response["items"]) == 1
        return None if last else _request({"items": [{"instance": "c"}]})

    def get(self, project, zone, instance):
        return _request({"networkInterfaces": [{"networkIP": f"{project}.{instance}"}]})


def of_google(tf, np):
    of, engine = tf.distribute.cluster_resolver.GCEClusterResolver, _Engine()
    resolver = of("p", "z", "group", 99, service=engine)
    other = of("p", "z", "group", 99, "ps", None, None, service=engine)
    found = [_told(resolver), _told(other), engine.asked,
             error(lambda: setattr(resolver, "task_type", "ps"))]  # fmt: skip
    resolver.task_id, resolver.rpc_layer = 2, "own"
    return [*found, _told(resolver), error(lambda: of("p", "z", "group", 99))]


def of_kubernetes(tf, np):
    of = tf.distribute.cluster_resolver.KubernetesClusterResolver
    asked = []

    def listed(label_selector):
        asked.append(label_selector)
        phase = "Waiting" if label_selector == "waits" else "Running"
        return types.SimpleNamespace(items=[types.SimpleNamespace(
            metadata=types.SimpleNamespace(name=name),
            status=types.SimpleNamespace(phase=phase, host_ip=f"{label_selector}.{name}"),
        ) for name in "ba"])  # fmt: skip

    client = types.SimpleNamespace(list_pod_for_all_namespaces=listed)
    labels = {"worker": ["l0", "l1"], "ps": ["l2"]}
    resolver = of(labels, 99, override_client=client)
    found = [_told(of(override_client=client)), _told(resolver), asked[:3]]
    resolver.task_type, resolver.task_id, resolver.rpc_layer = "ps", 1, None
    return [*found, _told(resolver), error(of),
            error(of({"ps": ["waits"]}, override_client=client).cluster_spec)]  # fmt: skip
