"""`tf.contrib.distributions.bijectors.Affine`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector, init_scope
from minitf.contrib.distributions.on_vectors import non_singular_checks, on_vectors, tril_scale
from minitf.contrib.distributions.util import optional_tensor, size_of
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.graph import control_dependencies
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import shape, zeros
from minitf.ops.control_flow.check import assert_none_equal
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.linalg.linear_operator_low_rank import LinearOperatorLowRankUpdate
from minitf.ops.math.elementwise import cast, log
from minitf.ops.math.operators import abs as magnitude


class Affine(Bijector):
    """y = scale x + shift, of vectors x, with the matrix

        scale = scale_identity_multiplier I + diag(scale_diag) + scale_tril
                + scale_perturb_factor diag(scale_perturb_diag) scale_perturb_factor^T

    of what is given, I when nothing is. `validate_args` lets a scale raise in the run that is
    singular. ValueError for `scale_perturb_diag` alone; TypeError for a scale of another type than
    the shift.
    """

    def __init__(
        self,
        shift=None,
        scale_identity_multiplier=None,
        scale_diag=None,
        scale_tril=None,
        scale_perturb_factor=None,
        scale_perturb_diag=None,
        validate_args=False,
        name="affine",
    ):
        if scale_perturb_diag is not None and scale_perturb_factor is None:
            raise ValueError("When scale_perturb_diag is specified, scale_perturb_factor must be "
                             "specified.")  # fmt: skip
        parts = scale_identity_multiplier, scale_diag, scale_tril, scale_perturb_diag
        with init_scope(name, [shift, *parts, scale_perturb_factor]):
            shift = optional_tensor(shift, "shift")
            factor = optional_tensor(scale_perturb_factor, "perturb_factor")
            multiplier, diag, tril, perturb_diag = (
                optional_tensor(part, each)
                for part, each in zip(parts, ("identity_multiplier", "diag", "tril",
                                              "perturb_diag"))
            )  # fmt: skip
            if diag is None and tril is None and factor is None:
                scale = _multiplier(multiplier, shift, validate_args)
            else:
                scale = _operator(shift, multiplier, diag, tril, factor, perturb_diag,
                                  validate_args)  # fmt: skip
                _check_types(shift, scale)
        self._shift, self._scale = shift, scale
        parents = [scale] if isinstance(scale, Tensor) else scale.graph_parents
        super().__init__(graph_parents=parents + ([] if shift is None else [shift]),
                         forward_min_event_ndims=1, is_constant_jacobian=True,
                         dtype=scale.dtype.base_dtype, validate_args=validate_args,
                         name=name)  # fmt: skip

    @property
    def shift(self):
        """What is added."""
        return self._shift

    @property
    def scale(self):
        """The LinearOperator that is multiplied by; a tensor where it is a multiple of I."""
        return self._scale

    @property
    def _is_multiple(self):
        return isinstance(self.scale, Tensor)

    def _forward(self, x):
        if self._is_multiple:
            y = x * self.scale
        else:
            checks = non_singular_checks(self.scale) if self.validate_args else []
            with control_dependencies(checks):
                y = on_vectors(self.scale, self.scale.matmul, x)
        return y if self.shift is None else y + self.shift

    def _inverse(self, y):
        x = y if self.shift is None else y - self.shift
        if self._is_multiple:
            return x / self.scale
        return on_vectors(self.scale, self.scale.solve, x)

    def _forward_log_det_jacobian(self, x):
        if not self._is_multiple:
            return self.scale.log_abs_determinant()
        return log(magnitude(self.scale)) * cast(shape(x)[-1], dtype=self.scale.dtype)


def _multiplier(multiplier, shift, validate_args):
    if multiplier is None:
        dtype = float32 if shift is None else shift.dtype.base_dtype
        multiplier = convert_to_tensor(1.0, dtype=dtype)
    if not validate_args:
        return multiplier
    check = assert_none_equal(multiplier, zeros([], multiplier.dtype),
                              ["identity_multiplier should be non-zero."])  # fmt: skip
    return with_dependencies([check], multiplier)


def _operator(shift, multiplier, diag, tril, factor, perturb_diag, validate_args):
    hint = None if factor is None else size_of(factor, -2)
    scale = tril_scale(shift, tril, diag, multiplier, hint, validate_args)
    if factor is None:
        return scale
    return LinearOperatorLowRankUpdate(
        scale, u=factor, diag_update=perturb_diag, is_diag_update_positive=perturb_diag is None,
        is_non_singular=True, is_self_adjoint=True, is_positive_definite=True, is_square=True,
    )  # fmt: skip


def _check_types(shift, scale):
    if shift is not None and shift.dtype.base_dtype != scale.dtype.base_dtype:
        raise TypeError(f"shift.dtype({shift.dtype}) is incompatible with "
                        f"scale.dtype({scale.dtype}).")  # fmt: skip
