"""`tf.distribute.cluster_resolver`: which tasks there are, from what manages the machines; names
only. TPUs are not asked for."""
# ruff: noqa: F401  every import here is a public name

from minitf.distribute.cluster_resolver.cluster_resolver import (
    ClusterResolver,
    SimpleClusterResolver,
)
from minitf.distribute.cluster_resolver.gce_cluster_resolver import GCEClusterResolver
from minitf.distribute.cluster_resolver.kubernetes_cluster_resolver import (
    KubernetesClusterResolver,
)
from minitf.distribute.cluster_resolver.slurm_cluster_resolver import SlurmClusterResolver
from minitf.distribute.cluster_resolver.tfconfig_cluster_resolver import TFConfigClusterResolver
from minitf.distribute.cluster_resolver.union_cluster_resolver import (
    UnionClusterResolver as UnionResolver,
)
