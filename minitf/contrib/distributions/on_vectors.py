"""Matrices, as LinearOperators, that distributions of vectors are scaled by."""
from minitf.contrib.distributions.util import optional_tensor, rotate_transpose, size_of
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import dimension_value
from minitf.ops.array.basics import broadcast_dynamic_shape, rank, reshape, shape, zeros
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.check import assert_none_equal, assert_positive
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.linalg.bands import matrix_band_part
from minitf.ops.linalg.diagonal import matrix_diag_part, matrix_set_diag
from minitf.ops.linalg.linear_operator_identity import (
    LinearOperatorIdentity,
    LinearOperatorScaledIdentity,
)
from minitf.ops.linalg.linear_operators import LinearOperatorDiag, LinearOperatorLowerTriangular


def diag_scale(loc, diag, multiplier, hint=None, validate_args=False, assert_positive_diag=False):
    """diag(diag) + multiplier I, of what is given; as wide as `loc`, or `hint`, where that is not
    told by `diag`. ValueError when none does."""
    with name_scope("make_diag_scale", values=[loc, diag, multiplier]):
        loc, diag = optional_tensor(loc, "loc"), optional_tensor(diag, "scale_diag")
        multiplier = optional_tensor(multiplier, "scale_identity_multiplier")
        if diag is not None:
            diag = diag if multiplier is None else diag + multiplier[..., None]
            return LinearOperatorDiag(
                _checked(diag, validate_args, assert_positive_diag), is_non_singular=True,
                is_self_adjoint=True, is_positive_definite=assert_positive_diag,
            )  # fmt: skip
        if loc is None and hint is None:
            raise ValueError("Cannot infer `event_shape` unless `loc` or `shape_hint` is "
                             "specified.")  # fmt: skip
        hint = size_of(loc, -1) if hint is None else hint
        if multiplier is None:
            return LinearOperatorIdentity(hint, dtype=loc.dtype.base_dtype, is_self_adjoint=True,
                                          is_positive_definite=True,
                                          assert_proper_shapes=validate_args)  # fmt: skip
        return LinearOperatorScaledIdentity(
            hint, _checked(multiplier, validate_args, assert_positive_diag), is_non_singular=True,
            is_self_adjoint=True, is_positive_definite=assert_positive_diag,
            assert_proper_shapes=validate_args,
        )  # fmt: skip


def tril_scale(loc, tril, diag, multiplier, hint=None, validate_args=False):
    """As `diag_scale`, with the lower triangle of `tril` added."""
    if tril is None:
        return diag_scale(loc, diag, multiplier, hint, validate_args)
    tril = matrix_band_part(tril, -1, 0)
    on_diag = matrix_diag_part(tril)
    on_diag = on_diag if diag is None else on_diag + diag
    on_diag = on_diag if multiplier is None else on_diag + multiplier[..., None]
    tril = matrix_set_diag(tril, _checked(on_diag, validate_args, False))
    return LinearOperatorLowerTriangular(tril, is_non_singular=True, is_self_adjoint=False,
                                         is_positive_definite=False)  # fmt: skip


def _checked(diag, validate_args, positive):
    """With `validate_args`, once the diagonal is known to be positive, or not to have zeros."""
    if not validate_args:
        return diag
    if positive:
        check = assert_positive(diag, message="diagonal part must be positive")
    else:
        said = "diagonal part must be non-zero"
        check = assert_none_equal(diag, zeros([], diag.dtype), message=said)
    return with_dependencies([check], diag)


def on_vectors(operator, function, x):
    """`operator.matmul`, or `operator.solve`, of each vector of x: [samples, batch, event].

    All samples of a batch are the columns of one matrix.
    """
    ndims = operator.tensor_rank_tensor() - 1
    sizes = shape(x)
    lead = rank(x) - ndims
    samples, rest = sizes[:lead], sizes[lead:]
    columns = rotate_transpose(reshape(x, concat([[-1], rest], 0)), -1)
    found = rotate_transpose(function(columns), 1)
    return reshape(found, concat([samples, shape(found)[1:]], 0))


def non_singular_checks(operator):
    """The assertion that it can be inverted, where the operator has one."""
    try:
        return [operator.assert_non_singular()]
    except NotImplementedError:
        return []


def is_diagonal(operator):
    """Whether it is known to be 0 off the diagonal."""
    return isinstance(
        operator, LinearOperatorIdentity | LinearOperatorScaledIdentity | LinearOperatorDiag
    )


def shapes_of(loc, scale):
    """(batch, event) of `loc` and the LinearOperator `scale` together, each a vector.

    ValueError when `loc` has another size than the operator.
    """
    with name_scope("shapes_from_loc_and_scale", values=[loc, *scale.graph_parents]):
        event_size, batch = scale.range_dimension_tensor(), scale.batch_shape_tensor()
        if loc is None:
            return batch, event_size[None]
        of_loc, known = dimension_value(loc.shape[-1]), constant_value(event_size)
        if known is not None and of_loc not in (None, 1, known):
            raise ValueError(f"Event size of 'scale' ({known}) could not be broadcast up to that "
                             f"of 'loc' ({of_loc}).")  # fmt: skip
        return broadcast_dynamic_shape(batch, shape(loc)[:-1]), event_size[None]
