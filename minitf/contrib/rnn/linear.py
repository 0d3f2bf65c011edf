"""What cells of `tf.contrib.rnn` share: products with weights that the call makes."""
from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.nn.bias import bias_add
from minitf.ops.array.joining import concat
from minitf.ops.linalg.products import matmul
from minitf.ops.state.initializers import Constant
from minitf.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope


class Linear:
    """[args] * kernel + bias, the variables being made, or found, in the current scope.

    `args` are a matrix, or a list of them that are put side by side. ValueError for none, and for
    what is no matrix or has an unknown number of columns.
    """

    def __init__(
        self, args, output_size, build_bias, bias_initializer=None, kernel_initializer=None
    ):
        self._build_bias, self._is_list = build_bias, nest.is_nested(args)
        rows = _columns(args)
        dtype = (args[0] if self._is_list else args).dtype
        with variable_scope(get_variable_scope()) as outer:
            self._weights = get_variable("kernel", [rows, output_size], dtype, kernel_initializer)
            if build_bias:
                self._biases = _bias(outer, output_size, dtype, bias_initializer)

    def __call__(self, args):
        args = args if self._is_list else [args]
        if len(args) == 1:
            result = matmul(args[0], self._weights)
        else:
            axis = constant(1, int32)
            result = matmul(concat(args, axis), self._weights)
        return bias_add(result, self._biases) if self._build_bias else result


def linear(args, output_size, bias, bias_initializer=None, kernel_initializer=None):
    """[args] * kernel, plus a bias where `bias` says so: see `Linear`."""
    rows = _columns(args)
    args = args if nest.is_nested(args) else [args]
    with variable_scope(get_variable_scope()) as outer:
        weights = get_variable("kernel", [rows, output_size], args[0].dtype, kernel_initializer)
        result = matmul(args[0] if len(args) == 1 else concat(args, 1), weights)
        if not bias:
            return result
        biases = _bias(outer, output_size, args[0].dtype, bias_initializer)
        return bias_add(result, biases)


def _columns(args):
    """How many columns the matrices have together."""
    if args is None or (nest.is_nested(args) and not args):
        raise ValueError("`args` must be specified")
    shapes = [each.shape for each in (args if nest.is_nested(args) else [args])]
    for shape in shapes:
        if shape.ndims != 2:
            raise ValueError(f"linear is expecting 2D arguments: {shapes}")
        if shape[1].value is None:
            raise ValueError(
                f"linear expects shape[1] to be provided for shape {shape}, but saw {shape[1]}"
            )
    return sum(shape[1].value for shape in shapes)


def _bias(scope, size, dtype, initializer):
    with variable_scope(scope) as inner:
        inner.set_partitioner(None)
        initializer = Constant(0.0, dtype=dtype) if initializer is None else initializer
        return get_variable("bias", [size], dtype, initializer)


def sharded(name, shape, dtype, shards):
    """The variable `name`, joined of `shards` parts of its rows. ValueError for more than rows."""
    if shards > shape[0]:
        raise ValueError(f"Too many shards: shape={shape}, num_shards={shards}")
    least, more = divmod(shape[0], shards)
    parts = [get_variable(f"{name}_{i}", [least + (i < more), *shape[1:]], dtype)
             for i in range(shards)]  # fmt: skip
    return parts[0] if shards == 1 else concat(parts, 0, name=f"{name}/concat")
