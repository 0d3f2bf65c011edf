"""`tf.contrib.cluster_resolver`: the names of tf.distribute.cluster_resolver. Programs import it at
their head, and ask it where TPUs are when they are told to use some: that it does not know."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.distribute.cluster_resolver import (
    ClusterResolver,
    GCEClusterResolver,
    KubernetesClusterResolver,
    SimpleClusterResolver,
    SlurmClusterResolver,
    TFConfigClusterResolver,
)
from minitf.distribute.cluster_resolver import UnionResolver as UnionClusterResolver

missing.explain(missing.sys.modules[__name__])
