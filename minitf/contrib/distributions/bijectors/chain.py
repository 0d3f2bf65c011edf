"""`tf.contrib.distributions.bijectors.Chain`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.basics import rank, shape, size
from minitf.ops.math.elementwise import cast


class Chain(Bijector):
    """Bijectors one after the other, the last of the list first; none are the identity.

    NotImplementedError for one that cannot be inverted, ValueError for those of different types.
    """

    def __init__(self, bijectors=None, validate_args=False, name=None):
        bijectors = () if bijectors is None else bijectors
        for each in bijectors:
            if not each._is_injective:
                raise NotImplementedError("Invert is not implemented for non-injective bijector "
                                          f"({each.name})")  # fmt: skip
        self._bijectors = bijectors
        names = "_of_".join(["chain", *(each.name for each in bijectors)])
        super().__init__(
            graph_parents=[parent for each in bijectors for parent in each.graph_parents],
            forward_min_event_ndims=_least_ndims(bijectors, forward=True),
            inverse_min_event_ndims=_least_ndims(bijectors, forward=False),
            is_constant_jacobian=all(each.is_constant_jacobian for each in bijectors),
            validate_args=validate_args, dtype=_common_type(bijectors),
            name=name or (names if bijectors else "identity"),
        )  # fmt: skip

    @property
    def bijectors(self):
        """Those it is made of."""
        return self._bijectors

    def _shape(self, function, shape, order):
        for each in order:
            shape = getattr(each, function)(shape)
        return shape

    def _forward_event_shape(self, input_shape):
        return self._shape("forward_event_shape", input_shape, reversed(self.bijectors))

    def _forward_event_shape_tensor(self, input_shape):
        return self._shape("forward_event_shape_tensor", input_shape, reversed(self.bijectors))

    def _inverse_event_shape(self, output_shape):
        return self._shape("inverse_event_shape", output_shape, self.bijectors)

    def _inverse_event_shape_tensor(self, output_shape):
        return self._shape("inverse_event_shape_tensor", output_shape, self.bijectors)

    def _forward(self, x, **given):
        for each in reversed(self.bijectors):
            x = each.forward(x, **given.get(each.name, {}))
        return x

    def _inverse(self, y, **given):
        for each in self.bijectors:
            y = each.inverse(y, **given.get(each.name, {}))
        return y

    def _forward_log_det_jacobian(self, x, **given):
        return self._total("forward", reversed(self.bijectors), x, given)

    def _inverse_log_det_jacobian(self, y, **given):
        return self._total("inverse", self.bijectors, y, given)

    def _total(self, way, order, value, given):
        """The sum of the logarithms, each at what the value is by then."""
        value = convert_to_tensor(value, name="x" if way == "forward" else "y")
        total = cast(0.0, dtype=value.dtype.base_dtype)
        event_ndims = getattr(self, f"{way}_min_event_ndims")
        sizes = shape(value)[rank(value) - event_ndims :] if self.bijectors else None
        for each in order:
            options = given.get(each.name, {})
            log_det = getattr(each, f"{way}_log_det_jacobian")
            total += log_det(value, event_ndims=event_ndims, **options)
            sizes, event_ndims = _next_shape(getattr(each, f"{way}_event_shape"),
                                             getattr(each, f"{way}_event_shape_tensor"),
                                             sizes)  # fmt: skip
            value = getattr(each, way)(value, **options)
        return total


def _next_shape(static, dynamic, sizes):
    """The shape of an event after a bijector, and its number of axes, known where it can be."""
    known = constant_value(sizes)
    if known is not None:
        found = static(TensorShape(known.tolist()))
        if found.is_fully_defined():
            return convert_to_tensor(found.as_list(), dtype=int32), found.ndims
    sizes = dynamic(sizes)
    count = constant_value(size(sizes))
    return sizes, size(sizes) if count is None else int(count)


def _common_type(bijectors):
    types = {each.dtype for each in bijectors}
    if len(types - {None}) > 1:
        raise ValueError(f"incompatible dtypes: {sorted(map(str, types))}")
    return next(iter(types - {None}), None)


def _least_ndims(bijectors, forward):
    """The number of axes that an event must have for each bijector to get as many as it needs,
    some changing their number."""
    least = has = 0
    for each in reversed(bijectors) if forward else bijectors:
        takes, gives = each.forward_min_event_ndims, each.inverse_min_event_ndims
        if not forward:
            takes, gives = gives, takes
        least += max(takes - has, 0)
        has = max(takes, has) - (takes - gives)
    return least
