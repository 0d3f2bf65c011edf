"""`tf.contrib.distributions.bijectors.AffineLinearOperator`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector, init_scope
from minitf.contrib.distributions.on_vectors import non_singular_checks, on_vectors
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32
from minitf.core.graph import control_dependencies
from minitf.ops.linalg.linear_operator import LinearOperator


class AffineLinearOperator(Bijector):
    """y = scale x + shift, of vectors x and LinearOperators `scale`; what is None is left out.

    TypeError for a scale that is none or of another type than the shift; with `validate_args`
    ValueError for one that is not said to be non-singular.
    """

    def __init__(self, shift=None, scale=None, validate_args=False, name="affine_linear_operator"):
        with init_scope(name, [shift]):
            shift = None if shift is None else convert_to_tensor(shift, name="shift")
            _check(shift, scale, validate_args)
        self._shift, self._scale = shift, scale
        parts = [part for part in (shift, scale) if part is not None]
        dtypes = [part.dtype for part in parts if part.dtype is not None]
        parents = ([] if shift is None else [shift]) + ([] if scale is None else
                                                        scale.graph_parents)  # fmt: skip
        super().__init__(graph_parents=parents, forward_min_event_ndims=1,
                         is_constant_jacobian=True, validate_args=validate_args, name=name,
                         dtype=dtypes[0].base_dtype if dtypes else float32)  # fmt: skip

    @property
    def shift(self):
        """What is added."""
        return self._shift

    @property
    def scale(self):
        """What is multiplied by."""
        return self._scale

    def _forward(self, x):
        if self.scale is not None:
            with control_dependencies(self._checks_of_scale()):
                x = on_vectors(self.scale, self.scale.matmul, x)
        return x if self.shift is None else x + self.shift

    def _inverse(self, y):
        x = y if self.shift is None else y - self.shift
        return x if self.scale is None else on_vectors(self.scale, self.scale.solve, x)

    def _forward_log_det_jacobian(self, x):
        if self.scale is None:
            return constant(0.0, dtype=x.dtype.base_dtype)
        with control_dependencies(self._checks_of_scale()):
            return self.scale.log_abs_determinant()

    def _checks_of_scale(self):
        return non_singular_checks(self.scale) if self.validate_args else []


def _check(shift, scale, validate_args):
    if scale is None:
        return
    if shift is not None and shift.dtype.base_dtype != scale.dtype.base_dtype:
        raise TypeError(f"shift.dtype({shift.dtype}) is incompatible with "
                        f"scale.dtype({scale.dtype}).")  # fmt: skip
    if not isinstance(scale, LinearOperator):
        raise TypeError("scale is not an instance of tf.LinearOperator")
    if validate_args and not scale.is_non_singular:
        raise ValueError("Scale matrix must be non-singular.")
