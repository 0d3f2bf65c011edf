"""minitf: TensorFlow 1 that you can read. This file is the `tf` namespace: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.core import dtypes, errors
from minitf.core.config import (
    ConfigProto,
    GPUOptions,
    GraphOptions,
    OptimizerOptions,
    RunMetadata,
    RunOptions,
)
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor, register_tensor_conversion_function
from minitf.core.device import DeviceSpec
from minitf.core.dtypes import (
    DType,
    as_dtype,
    complex64,
    complex128,
    double,
    float16,
    float32,
    float64,
    half,
    int8,
    int16,
    int32,
    int64,
    string,
    uint8,
    uint16,
    uint32,
    uint64,
)
from minitf.core.dtypes import bool_ as bool  # noqa: A004  TensorFlow's own name
from minitf.core.errors import OpError
from minitf.core.graph import (
    Graph,
    add_to_collection,
    add_to_collections,
    colocate_with,
    container,
    control_dependencies,
    device,
    get_collection,
    get_collection_ref,
    get_default_graph,
    get_default_session,
    name_scope,
    op_scope,
    reset_default_graph,
    set_random_seed,
)
from minitf.core.graph_keys import GraphKeys
from minitf.core.indexed_slices import IndexedSlices, IndexedSlicesValue
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import Dimension, TensorShape

# isort: split
from minitf.autodiff import AggregationMethod, UnconnectedGradients, gradients
from minitf.session import InteractiveSession, Session

__version__ = VERSION = "1.15.5"  # the TensorFlow whose programs this runs
