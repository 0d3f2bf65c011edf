"""`tf.contrib.cluster_resolver`: none of its names is here. Programs import it at their head, and
ask it where TPUs are when they are told to use some."""
from minitf import missing

missing.explain(missing.sys.modules[__name__])
