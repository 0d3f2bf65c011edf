"""minitf: TensorFlow 1 that you can read. This file is the `tf` namespace: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.compat.behavior import (
    control_flow_v2_enabled,
    disable_control_flow_v2,
    disable_resource_variables,
    disable_tensor_equality,
    disable_v2_behavior,
    disable_v2_tensorshape,
    enable_control_flow_v2,
    enable_resource_variables,
    enable_tensor_equality,
    enable_v2_behavior,
    enable_v2_tensorshape,
    resource_variables_enabled,
)
from minitf.core import errors, nest
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
from minitf.core.dtypes import QUANTIZED as QUANTIZED_DTYPES
from minitf.core.dtypes import (
    DType,
    as_dtype,
    bfloat16,
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
    qint8,
    qint16,
    qint32,
    quint8,
    quint16,
    resource,
    string,
    uint8,
    uint16,
    uint32,
    uint64,
    variant,
)
from minitf.core.dtypes import bool_ as bool
from minitf.core.eager import (
    disable_eager_execution,
    enable_eager_execution,
    executing_eagerly,
)
from minitf.core.errors import OpError
from minitf.core.gradient_registry import RegisterGradient, no_gradient
from minitf.core.gradient_registry import no_gradient as NoGradient
from minitf.core.gradient_registry import no_gradient as NotDifferentiable
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
from minitf.core.indexed_slices import (
    IndexedSlices,
    IndexedSlicesValue,
    convert_to_tensor_or_indexed_slices,
)
from minitf.core.operation import Operation
from minitf.core.proto.graph_def import AttrValue, GraphDef, NameAttrList, NodeDef
from minitf.core.proto.meta_graph import MetaGraphDef
from minitf.core.proto.tensor import make_ndarray, make_tensor_proto
from minitf.core.sparse_tensor import (
    SparseTensor,
    SparseTensorValue,
    convert_to_tensor_or_sparse_tensor,
)
from minitf.core.static import constant_value as get_static_value
from minitf.core.tensor import Tensor, is_tensor
from minitf.core.tensor_shape import (
    Dimension,
    TensorShape,
    dimension_at_index,
    dimension_value,
)
from minitf.core.tensor_spec import SparseTensorSpec, TensorSpec, TypeSpec

# isort: split
from minitf.eager.backprop import GradientTape
from minitf.eager.function import function
from minitf.eager.py_function import py_function
from minitf.eager.recompute import recompute_grad
from minitf.nn.activation import log_sigmoid, sigmoid
from minitf.nn.sorting import argsort, searchsorted, sort
from minitf.ops.array.basics import (
    broadcast_dynamic_shape,
    broadcast_static_shape,
    broadcast_to,
    ensure_shape,
    fill,
    identity,
    ones,
    ones_like,
    rank,
    reshape,
    shape,
    size,
    stop_gradient,
    zeros,
    zeros_like,
)
from minitf.ops.array.edit_distance import edit_distance
from minitf.ops.array.indexing import (
    batch_gather,
    gather,
    gather_nd,
    scatter_nd,
    unsorted_segment_sum,
)
from minitf.ops.array.joining import concat, parallel_stack, split, stack, unstack
from minitf.ops.array.masks import boolean_mask, sequence_mask, where
from minitf.ops.array.neighbours import cross
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.padding import pad, tile
from minitf.ops.array.partition import dynamic_partition, dynamic_stitch
from minitf.ops.array.patches import extract_image_patches, extract_volume_patches
from minitf.ops.array.rearrange import (
    bitcast,
    guarantee_const,
    repeat,
    reverse_sequence,
    shape_n,
    unravel_index,
    where_v2,
)
from minitf.ops.array.sequences import invert_permutation, linspace, meshgrid, range
from minitf.ops.array.sequences import linspace as lin_space
from minitf.ops.array.slice_assign import batch_scatter_update, strided_slice
from minitf.ops.array.slicing import slice_ as slice
from minitf.ops.array.space import (
    batch_to_space,
    batch_to_space_nd,
    depth_to_space,
    required_space_to_batch_paddings,
    space_to_batch,
    space_to_batch_nd,
    space_to_depth,
)
from minitf.ops.array.tensor_scatter import (
    tensor_scatter_add,
    tensor_scatter_sub,
    tensor_scatter_update,
)
from minitf.ops.array.tensor_scatter import tensor_scatter_add as tensor_scatter_nd_add
from minitf.ops.array.tensor_scatter import tensor_scatter_sub as tensor_scatter_nd_sub
from minitf.ops.array.tensor_scatter import tensor_scatter_update as tensor_scatter_nd_update
from minitf.ops.array.unique import setdiff1d, unique, unique_with_counts
from minitf.ops.control_flow.branches import case, cond, switch_case
from minitf.ops.control_flow.check import (
    assert_equal,
    assert_greater,
    assert_greater_equal,
    assert_less,
    assert_less_equal,
    assert_near,
    assert_negative,
    assert_non_negative,
    assert_non_positive,
    assert_none_equal,
    assert_positive,
)
from minitf.ops.control_flow.check_static import (
    assert_integer,
    assert_proper_iterable,
    assert_rank,
    assert_rank_at_least,
    assert_rank_in,
    assert_same_float_dtype,
    assert_scalar,
    assert_type,
    is_numeric_tensor,
)
from minitf.ops.control_flow.control import (
    Assert,
    Print,
    add_check_numerics_ops,
    check_numerics,
    group,
    identity_n,
    no_op,
    numpy_function,
    py_func,
    verify_tensor_all_finite,
)
from minitf.ops.control_flow.control import tuple_ as tuple
from minitf.ops.control_flow.critical_section import CriticalSection
from minitf.ops.control_flow.custom_gradient import custom_gradient, grad_pass_through
from minitf.ops.control_flow.functional import foldl, foldr, map_fn, scan
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.vectorized import vectorized_map
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.io.clock import timestamp
from minitf.ops.io.files import matching_files, read_file, write_file
from minitf.ops.io.parsing import (
    decode_base64,
    decode_compressed,
    decode_csv,
    decode_raw,
    encode_base64,
)
from minitf.ops.io.readers import (
    FixedLengthRecordReader,
    IdentityReader,
    ReaderBase,
    TextLineReader,
    TFRecordReader,
    WholeFileReader,
)
from minitf.ops.linalg.bands import matrix_band_part
from minitf.ops.linalg.contraction import tensordot
from minitf.ops.linalg.diagonal import (
    diag,
    diag_part,
    eye,
    matrix_diag,
    matrix_set_diag,
)
from minitf.ops.linalg.eigen import self_adjoint_eig, self_adjoint_eigvals, svd
from minitf.ops.linalg.einsum import einsum
from minitf.ops.linalg.factorise import qr
from minitf.ops.linalg.least_squares import matrix_solve_ls
from minitf.ops.linalg.matrix_functions import matrix_square_root
from minitf.ops.linalg.of_operators import (
    cholesky,
    matmul,
    matrix_determinant,
    matrix_diag_part,
    matrix_inverse,
    matrix_solve,
    trace,
)
from minitf.ops.linalg.solve import cholesky_solve, matrix_triangular_solve
from minitf.ops.math.beta import betainc, lbeta
from minitf.ops.math.clip import (
    clip_by_average_norm,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
)
from minitf.ops.math.complex_numbers import angle, complex, imag, real
from minitf.ops.math.elementwise import (
    acos,
    asin,
    atan,
    atan2,
    cast,
    ceil,
    conj,
    cos,
    cosh,
    equal,
    exp,
    expm1,
    floor,
    floor_div,
    greater,
    greater_equal,
    is_finite,
    is_inf,
    is_nan,
    less,
    less_equal,
    log,
    log1p,
    logical_and,
    logical_not,
    logical_or,
    maximum,
    minimum,
    not_equal,
    reciprocal,
    rint,
    rsqrt,
    sign,
    sin,
    sinh,
    sqrt,
    square,
    squared_difference,
    tan,
    tanh,
)
from minitf.ops.math.elementwise import add_op as add
from minitf.ops.math.elementwise import ceil as ceiling
from minitf.ops.math.elementwise import floor_mod as floormod
from minitf.ops.math.elementwise import floor_mod as mod
from minitf.ops.math.elementwise import mul as multiply
from minitf.ops.math.elementwise import neg as negative
from minitf.ops.math.elementwise import sub as subtract
from minitf.ops.math.fake_quant import (
    fake_quant_with_min_max_args,
    fake_quant_with_min_max_args_gradient,
    fake_quant_with_min_max_vars,
    fake_quant_with_min_max_vars_gradient,
    fake_quant_with_min_max_vars_per_channel,
    fake_quant_with_min_max_vars_per_channel_gradient,
)
from minitf.ops.math.fourier import (
    fft,
    fft2d,
    fft3d,
    ifft,
    ifft2d,
    ifft3d,
)
from minitf.ops.math.gamma import igamma, igammac, polygamma, zeta
from minitf.ops.math.hyperbolic import acosh, asinh, atanh
from minitf.ops.math.operators import (
    abs,
    div,
    div_no_nan,
    divide,
    floordiv,
    logical_xor,
    pow,
    realdiv,
    round,
    saturate_cast,
    scalar_mul,
    to_bfloat16,
    to_complex64,
    to_complex128,
    to_double,
    to_float,
    to_int32,
    to_int64,
    truediv,
    truncatediv,
    truncatemod,
)
from minitf.ops.math.polynomials import is_non_decreasing, is_strictly_increasing
from minitf.ops.math.quantize import dequantize, quantize, quantize_v2, quantized_concat
from minitf.ops.math.special import digamma, erf, erfc, lgamma
from minitf.ops.queues.accumulator import (
    ConditionalAccumulator,
    ConditionalAccumulatorBase,
    SparseConditionalAccumulator,
)
from minitf.ops.queues.queue import (
    FIFOQueue,
    PaddingFIFOQueue,
    PriorityQueue,
    QueueBase,
    RandomShuffleQueue,
)
from minitf.ops.random.draws import (
    get_seed,
    random_crop,
    random_normal,
    random_shuffle,
    random_uniform,
    truncated_normal,
)
from minitf.ops.random.sampling import multinomial, random_gamma, random_poisson
from minitf.ops.reduction.axes import (
    expand_dims,
    matrix_transpose,
    reverse,
    roll,
    squeeze,
    transpose,
)
from minitf.ops.reduction.axes import reverse as reverse_v2
from minitf.ops.reduction.confusion import confusion_matrix
from minitf.ops.reduction.counting import (
    bincount,
    histogram_fixed_width,
    histogram_fixed_width_bins,
)
from minitf.ops.reduction.extremes import arg_max, arg_min, argmax, argmin
from minitf.ops.reduction.norms import global_norm, norm
from minitf.ops.reduction.reduce import (
    count_nonzero,
    reduce_all,
    reduce_any,
    reduce_logsumexp,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
)
from minitf.ops.reduction.scan import accumulate_n, add_n, cumprod, cumsum
from minitf.ops.reduction.segments import (
    segment_max,
    segment_mean,
    segment_min,
    segment_prod,
    segment_sum,
    unsorted_segment_mean,
    unsorted_segment_sqrt_n,
)
from minitf.ops.reduction.sparse_segments import (
    sparse_segment_mean,
    sparse_segment_sqrt_n,
    sparse_segment_sum,
)
from minitf.ops.reduction.unsorted_segments import (
    unsorted_segment_max,
    unsorted_segment_min,
    unsorted_segment_prod,
)
from minitf.ops.sparse.layout import (
    sparse_concat,
    sparse_fill_empty_rows,
    sparse_reshape,
    sparse_slice,
    sparse_split,
)
from minitf.ops.sparse.math import (
    sparse_matmul,
    sparse_maximum,
    sparse_minimum,
    sparse_softmax,
    sparse_tensor_dense_matmul,
)
from minitf.ops.sparse.reduce import (
    sparse_reduce_max,
    sparse_reduce_max_sparse,
    sparse_reduce_sum,
    sparse_reduce_sum_sparse,
)
from minitf.ops.sparse.serialize import (
    deserialize_many_sparse,
    serialize_many_sparse,
    serialize_sparse,
)
from minitf.ops.sparse.sums import sparse_add
from minitf.ops.sparse.tensors import (
    sparse_mask,
    sparse_merge,
    sparse_placeholder,
    sparse_reorder,
    sparse_reset_shape,
    sparse_retain,
    sparse_tensor_to_dense,
    sparse_to_dense,
    sparse_to_indicator,
    sparse_transpose,
)
from minitf.ops.state.assign import (
    assign,
    assign_add,
    assign_sub,
    count_up_to,
    scatter_add,
    scatter_div,
    scatter_max,
    scatter_min,
    scatter_mul,
    scatter_nd_add,
    scatter_nd_sub,
    scatter_nd_update,
    scatter_sub,
    scatter_update,
)
from minitf.ops.state.copies import VariableAggregation, VariableSynchronization
from minitf.ops.state.creators import variable_creator_scope
from minitf.ops.state.cut import create_partitioned_variables
from minitf.ops.state.initializers import (
    constant_initializer,
    glorot_normal_initializer,
    glorot_uniform_initializer,
    ones_initializer,
    orthogonal_initializer,
    random_normal_initializer,
    random_uniform_initializer,
    truncated_normal_initializer,
    uniform_unit_scaling_initializer,
    variance_scaling_initializer,
    zeros_initializer,
)
from minitf.ops.state.partitioned import PartitionedVariable
from minitf.ops.state.partitioners import (
    fixed_size_partitioner,
    min_max_variable_partitioner,
    variable_axis_size_partitioner,
)
from minitf.ops.state.placeholder import placeholder, placeholder_with_default
from minitf.ops.state.session_handles import (
    delete_session_tensor,
    get_session_handle,
    get_session_tensor,
)
from minitf.ops.state.template import make_template
from minitf.ops.state.variable_lists import (
    assert_variables_initialized,
    global_variables,
    global_variables_initializer,
    is_variable_initialized,
    local_variables,
    local_variables_initializer,
    model_variables,
    moving_average_variables,
    report_uninitialized_variables,
    trainable_variables,
    variables_initializer,
)
from minitf.ops.state.variable_scope import (
    VariableScope,
    get_local_variable,
    get_variable,
    get_variable_scope,
    no_regularizer,
    variable_op_scope,
    variable_scope,
)
from minitf.ops.state.variable_store import AUTO_REUSE
from minitf.ops.state.variables import Variable, init_scope
from minitf.ops.strings.hashing import (
    fingerprint,
    string_to_hash_bucket,
    string_to_hash_bucket_fast,
    string_to_hash_bucket_strong,
)
from minitf.ops.strings.joins import reduce_join
from minitf.ops.strings.numbers import as_string, string_to_number
from minitf.ops.strings.printing import print_v2 as print
from minitf.ops.strings.regex import regex_replace
from minitf.ops.strings.text import string_join, string_strip, substr
from minitf.ops.tables.initializers import tables_initializer

# isort: split
from minitf import nn
from minitf.autodiff import AggregationMethod, UnconnectedGradients, gradients, hessians
from minitf.module import Module
from minitf.session import InteractiveSession, Session

# isort: split
from minitf import (
    app,
    audio,
    bitwise,
    compat,
    config,
    debugging,
    dtypes,
    flags,
    gfile,
    graph_util,
    image,
    initializers,
    io,
    layers,
    linalg,
    logging,
    lookup,
    losses,
    manip,
    math,
    missing,
    python_io,
    quantization,
    queue,
    random,
    resource_loader,
    sets,
    signal,
    sparse,
    spectral,
    strings,
    summary,
    sysconfig,
    test,
    train,
    version,
)
from minitf.graph_util.importer import import_graph_def
from minitf.logging import get_logger
from minitf.ops.io.examples import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    SparseFeature,
    VarLenFeature,
    parse_example,
    parse_single_example,
)
from minitf.ops.io.sequence_examples import parse_single_sequence_example
from minitf.ops.io.serialized import decode_json_example, parse_tensor, serialize_tensor
from minitf.summary.messages import (
    Event,
    HistogramProto,
    LogMessage,
    SessionLog,
    Summary,
    SummaryMetadata,
)
from minitf.sysconfig import CXX11_ABI_FLAG, MONOLITHIC_BUILD
from minitf.version import (
    COMPILER_VERSION,
    GIT_VERSION,
    GRAPH_DEF_VERSION,
    GRAPH_DEF_VERSION_MIN_CONSUMER,
    GRAPH_DEF_VERSION_MIN_PRODUCER,
    VERSION,
)

# Large, and not needed by most programs: imported when they are asked for.
_ON_DEMAND = (
    "autograph", "contrib", "data", "distribute", "distributions", "estimator", "feature_column",
    "keras", "metrics", "profiler", "ragged", "raw_ops", "saved_model",
)  # fmt: skip
_PARTS_OF = {
    "OptionalSpec": "data.optional", "RaggedTensor": "ragged.tensor",
    "RaggedTensorSpec": "ragged.spec", "string_split": "ragged.splitting",
}  # fmt: skip


def __getattr__(name):
    if name in _ON_DEMAND:
        return missing.importlib.import_module(f"minitf.{name}")
    if name in _PARTS_OF:
        return getattr(missing.importlib.import_module(f"minitf.{_PARTS_OF[name]}"), name)
    raise AttributeError(f"module 'minitf' has no attribute {name!r}", name=name)


def __dir__():
    return sorted({*globals(), *_ON_DEMAND, *_PARTS_OF})


def _drawing(graph):
    """What a notebook shows of a graph."""
    return missing.importlib.import_module("minitf.explain").graph(graph)._repr_svg_()


Graph._repr_svg_ = _drawing
newaxis = None
__version__, __git_version__, __compiler_version__ = VERSION, GIT_VERSION, COMPILER_VERSION
missing.explain(missing.sys.modules[__name__])
