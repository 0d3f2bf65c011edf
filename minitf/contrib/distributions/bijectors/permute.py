"""`tf.contrib.distributions.bijectors.Permute`."""
from minitf.contrib.distributions.bijectors.identity import VolumePreserving
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.nn.top import top_k
from minitf.ops.array.basics import shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.sequences import invert_permutation
from minitf.ops.array.sequences import range as numbers
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.control_flow.control import with_dependencies


class Permute(VolumePreserving):
    """The elements of vectors in another order: y[i] = x[permutation[i]].

    ValueError unless each place comes once; InvalidArgumentError in the run, with `validate_args`,
    where this is not known before.
    """

    def __init__(self, permutation, validate_args=False, name=None):
        with name_scope(name, "permute", values=[permutation]):
            permutation = convert_to_tensor(permutation, name="permutation")
            if not permutation.dtype.is_integer:
                raise TypeError(f"permutation.dtype ({permutation.dtype.name}) should be "
                                "`int`-like.")  # fmt: skip
            self._permutation = _checked(permutation, validate_args)
            super().__init__(forward_min_event_ndims=1, is_constant_jacobian=True,
                             validate_args=validate_args, name=name or "permute")  # fmt: skip

    @property
    def permutation(self):
        """Where each element comes from."""
        return self._permutation

    def _forward(self, x):
        return gather(x, self.permutation, axis=-1)

    def _inverse(self, y):
        return gather(y, invert_permutation(self.permutation), axis=-1)


def _checked(permutation, validate_args):
    said = ("Permutation over `d` must contain exactly one of each of `{0, 1, ..., d}`.")
    known = constant_value(permutation)
    if known is not None:
        if sorted(known) != list(range(known.size)):
            raise ValueError(said)
        return permutation
    if not validate_args:
        return permutation
    count = shape(permutation)[-1]
    places, _ = top_k(-permutation, k=count, sorted=True)
    check = assert_equal(-places, numbers(count), message=said)
    return with_dependencies([check], permutation)
