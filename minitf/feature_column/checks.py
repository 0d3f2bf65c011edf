"""What the functions that make columns refuse."""
from minitf.core.dtypes import as_dtype, string
from minitf.core.nest import flatten, is_sequence


def checked_shape(shape, key):
    """The shape as a tuple. TypeError or ValueError for what is no size."""
    shape = tuple(shape) if is_sequence(shape) else (shape,)
    for size in shape:
        if not isinstance(size, int):
            raise TypeError(f"shape dimensions must be integer. shape: {shape}, key: {key}")
        if size < 1:
            raise ValueError(
                f"shape dimensions must be greater than 0. shape: {shape}, key: {key}"
            )
    return shape


def checked_default(shape, value, dtype, key):
    """The default as nested tuples of this shape. ValueError for another shape, TypeError for
    another type."""
    if value is None:
        return None
    if isinstance(value, int) or (isinstance(value, float) and dtype.is_floating):
        return _repeated(shape, value)
    if callable(getattr(value, "tolist", None)):
        value = value.tolist()
    if is_sequence(value):
        if not _fits(value, shape):
            raise ValueError(
                "The shape of default_value must be equal to given shape. default_value: "
                f"{value}, shape: {shape}, key: {key}"
            )
        kinds = {type(each) for each in flatten(value)}
        if kinds <= {int, bool} or (float in kinds and dtype.is_floating):
            return _as_tuple(value)
    raise TypeError(
        f"default_value must be compatible with dtype. default_value: {value}, dtype: {dtype}, "
        f"key: {key}"
    )


def _repeated(shape, value):
    return tuple(_repeated(shape[1:], value) for _ in range(shape[0])) if shape else value


def _as_tuple(value):
    return tuple(map(_as_tuple, value)) if is_sequence(value) else value


def _fits(value, shape):
    if is_sequence(value) != bool(shape):
        return False
    return not shape or (
        len(value) == shape[0] and all(_fits(each, shape[1:]) for each in value)
    )


def check_key(key):
    if not isinstance(key, str):
        raise ValueError(f"key must be a string. Got: type {type(key)}. Given key: {key}.")


def checked_number_type(dtype, key):
    """The type. ValueError for one that is no number's."""
    dtype = as_dtype(dtype)
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype must be convertible to float. dtype: {dtype}, key: {key}")
    return dtype


def check_string_or_integer(dtype, prefix):
    if dtype != string and not dtype.is_integer:
        raise ValueError(f"{prefix} dtype must be string or integer. dtype: {dtype}.")


def check_buckets(num_oov_buckets, has_default, key):
    """ValueError for a negative number of buckets, or for buckets and a default value."""
    if not num_oov_buckets:
        return
    if has_default:
        raise ValueError(f"Can't specify both num_oov_buckets and default_value in {key}.")
    if num_oov_buckets < 0:
        raise ValueError(f"Invalid num_oov_buckets {num_oov_buckets} in {key}.")


def check_like(column_dtype, tensor, key):
    """ValueError unless both are integers or both are not, or for another type."""
    if column_dtype.is_integer != tensor.dtype.is_integer:
        raise ValueError(
            f"Column dtype and SparseTensors dtype must be compatible. key: {key}, column dtype: "
            f"{column_dtype}, tensor dtype: {tensor.dtype}"
        )
    check_string_or_integer(tensor.dtype, prefix=f"column_name: {key} input_tensor")


def check_normalizer(normalizer_fn):
    if normalizer_fn is not None and not callable(normalizer_fn):
        raise TypeError(f"normalizer_fn must be a callable. Given: {normalizer_fn}")
