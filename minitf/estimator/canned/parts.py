"""What ready-made models share."""
from minitf.losses.weighted import Reduction
from minitf.nn.normal import zero_fraction
from minitf.ops.state.partitioners import min_max_variable_partitioner
from minitf.summary.numeric import histogram, scalar

# What models of classes, or of numbers, take for their heads.
OF_CLASSES = {"n_classes": 2, "weight_column": None, "label_vocabulary": None}
OF_NUMBERS = {"label_dimension": 1, "weight_column": None}
OF_LOSS = {"loss_reduction": Reduction.SUM}


def check_features(features):
    """ValueError unless they are a dict."""
    if not isinstance(features, dict):
        raise ValueError("features should be a dictionary of `Tensor`s. Given type: "
                         f"{type(features)}")  # fmt: skip


def partitioner(config, min_slice_size=256 << 10):
    """What cuts large variables into parts for parameter servers, of which there may be none."""
    servers = config.num_ps_replicas if config else 0
    return min_max_variable_partitioner(max_partitions=servers, min_slice_size=min_slice_size)


def add_summaries(value, tag):
    """How many of a layer's values are zero, and which there are."""
    scalar(f"{tag}/fraction_of_zero_values", zero_fraction(value))
    histogram(f"{tag}/activation", value)
