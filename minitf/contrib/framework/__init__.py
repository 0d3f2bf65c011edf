"""`tf.contrib.framework`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.framework import audio_ops, nest
from minitf.contrib.framework.arg_scope import (
    add_arg_scope,
    arg_scope,
    arg_scope_func_key,
    arg_scoped_arguments,
    current_arg_scope,
    has_arg_scope,
)
from minitf.contrib.framework.bounded import BoundedTensorSpec
from minitf.contrib.framework.checkpoints import (
    assign_from_checkpoint,
    assign_from_checkpoint_fn,
    init_from_checkpoint,
    list_variables,
    load_checkpoint,
    load_variable,
)
from minitf.contrib.framework.deprecation import (
    deprecated,
    deprecated_arg_values,
    deprecated_args,
)
from minitf.contrib.framework.functions import py_func, remove_squeezable_dimensions
from minitf.contrib.framework.graphs import (
    get_graph_from_inputs,
    get_name_scope,
    get_placeholders,
    prepend_name_scope,
    strip_name_scope,
)
from minitf.contrib.framework.orthogonal import (
    ConvolutionDeltaOrthogonal as convolutional_delta_orthogonal,
)
from minitf.contrib.framework.orthogonal import (
    ConvolutionOrthogonal1D as convolutional_orthogonal_1d,
)
from minitf.contrib.framework.orthogonal import (
    ConvolutionOrthogonal2D as convolutional_orthogonal_2d,
)
from minitf.contrib.framework.orthogonal import (
    ConvolutionOrthogonal3D as convolutional_orthogonal_3d,
)
from minitf.contrib.framework.remapping import (
    load_and_remap_matrix_initializer,
    load_embedding_initializer,
    load_linear_multiclass_bias_initializer,
    load_variable_slot_initializer,
)
from minitf.contrib.framework.shapes import (
    assert_scalar_int,
    reduce_sum_n,
    with_same_shape,
    with_shape,
)
from minitf.contrib.framework.smart import smart_case, smart_cond, smart_constant_value
from minitf.contrib.framework.variables import (
    VariableDeviceChooser,
    add_model_variable,
    assert_or_get_global_step,
    assign_from_values,
    assign_from_values_fn,
    filter_variables,
    get_local_variables,
    get_model_variables,
    get_trainable_variables,
    get_unique_variable,
    get_variable_full_name,
    get_variables,
    get_variables_by_name,
    get_variables_by_suffix,
    get_variables_to_restore,
    global_variable,
    local_variable,
    model_variable,
    variable,
)
from minitf.contrib.framework.zero_initializer import zero_initializer
from minitf.core.sparse_tensor import convert_to_tensor_or_sparse_tensor
from minitf.core.tensor import is_tensor
from minitf.core.tensor_spec import TensorSpec
from minitf.nn.sorting import argsort, sort
from minitf.ops.control_flow.check_static import assert_same_float_dtype, assert_scalar
from minitf.ops.io.record_input import RecordInput
from minitf.train.global_step import (
    assert_global_step,
    create_global_step,
    get_global_step,
    get_or_create_global_step,
)
