"""`tf.contrib.distributions.bijectors.Bijector`: functions that can be inverted."""
import re
from contextlib import contextmanager

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.static import constant_value
from minitf.core.tensor import is_tensor
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.basics import ones, rank, shape
from minitf.ops.array.sequences import range as numbers
from minitf.ops.control_flow.check import assert_greater_equal
from minitf.ops.control_flow.check_static import assert_rank
from minitf.ops.reduction.reduce import reduce_sum


class _Pair:
    """x and y = f(x), as far as they have been computed, and {event_ndims: log |dx / dy|}."""

    def __init__(self):
        self.x = self.y = None
        self.log_dets = {}


class Bijector:
    """A function that can be inverted, and how it stretches space.

    A class defines `_forward(x)`, `_inverse(y)`, and one of `_forward_log_det_jacobian(x)` and
    `_inverse_log_det_jacobian(y)`, of events of `forward_min_event_ndims` axes; over further axes
    of an event these are summed. What has been computed of a tensor is kept, and given again.
    """

    def __init__(
        self,
        graph_parents=None,
        is_constant_jacobian=False,
        validate_args=False,
        dtype=None,
        forward_min_event_ndims=None,
        inverse_min_event_ndims=None,
        name=None,
    ):
        least = _least_ndims(forward_min_event_ndims, inverse_min_event_ndims)
        self._forward_min_event_ndims, self._inverse_min_event_ndims = least
        self._graph_parents = graph_parents or []
        for i, parent in enumerate(self._graph_parents):
            if not is_tensor(parent):
                raise ValueError(f"Graph parent item {i} is not a Tensor; {parent}.")
        self._is_constant_jacobian, self._validate_args = is_constant_jacobian, validate_args
        self._dtype, self._name = dtype, name or _snake_case(type(self).__name__.lstrip("_"))
        self._constant_log_dets, self._pairs = {}, {}

    # -- what it is --------------------------------------------------------------------------

    @property
    def graph_parents(self):
        """The tensors that it is made of."""
        return self._graph_parents

    @property
    def forward_min_event_ndims(self):
        """The least number of axes of an event that `forward` takes."""
        return self._forward_min_event_ndims

    @property
    def inverse_min_event_ndims(self):
        """The least number of axes of an event that `inverse` takes."""
        return self._inverse_min_event_ndims

    @property
    def is_constant_jacobian(self):
        """Whether the Jacobian is the same everywhere."""
        return self._is_constant_jacobian

    @property
    def _is_injective(self):
        """Where it is False `_inverse`, and its log_det_jacobian, give a tuple."""
        return True

    @property
    def validate_args(self):
        """Whether arguments are checked in the run."""
        return self._validate_args

    @property
    def dtype(self):
        """The type of x and y, None for any."""
        return self._dtype

    @property
    def name(self):
        """The scope of its ops."""
        return self._name

    # -- shapes ------------------------------------------------------------------------------

    def forward_event_shape_tensor(self, input_shape, name="forward_event_shape_tensor"):
        """The shape of an event of y, a vector, for that of an event of x."""
        with self._name_scope(name, [input_shape]):
            shape = convert_to_tensor(input_shape, dtype=int32, name="input_shape")
            return self._forward_event_shape_tensor(shape)

    def forward_event_shape(self, input_shape):
        """The shape of an event of y, as far as it is known."""
        return self._forward_event_shape(TensorShape(input_shape))

    def inverse_event_shape_tensor(self, output_shape, name="inverse_event_shape_tensor"):
        """The shape of an event of x, a vector, for that of an event of y."""
        with self._name_scope(name, [output_shape]):
            shape = convert_to_tensor(output_shape, dtype=int32, name="output_shape")
            return self._inverse_event_shape_tensor(shape)

    def inverse_event_shape(self, output_shape):
        """The shape of an event of x, as far as it is known."""
        return self._inverse_event_shape(TensorShape(output_shape))

    def _forward_event_shape_tensor(self, input_shape):
        return input_shape

    def _forward_event_shape(self, input_shape):
        return input_shape

    def _inverse_event_shape_tensor(self, output_shape):
        return output_shape

    def _inverse_event_shape(self, output_shape):
        return output_shape

    # -- values ------------------------------------------------------------------------------

    def forward(self, x, name="forward"):
        """y = f(x)."""
        return self._call_forward(x, name)

    def inverse(self, y, name="inverse"):
        """x for which f(x) is y."""
        return self._call_inverse(y, name)

    def forward_log_det_jacobian(self, x, event_ndims, name="forward_log_det_jacobian"):
        """log |det(df / dx)|, the last `event_ndims` axes being one event.

        ValueError for fewer axes than the function takes.
        """
        return self._call_forward_log_det_jacobian(x, event_ndims, name)

    def inverse_log_det_jacobian(self, y, event_ndims, name="inverse_log_det_jacobian"):
        """log |det(dx / dy)|, the last `event_ndims` axes being one event."""
        return self._call_inverse_log_det_jacobian(y, event_ndims, name)

    def _forward(self, x):
        raise NotImplementedError("forward not implemented.")

    def _inverse(self, y):
        raise NotImplementedError("inverse not implemented")

    def _forward_log_det_jacobian(self, x):
        raise NotImplementedError("forward_log_det_jacobian not implemented.")

    def _inverse_log_det_jacobian(self, y):
        raise NotImplementedError("inverse_log_det_jacobian not implemented.")

    def _call_forward(self, x, name, **given):
        with self._name_scope(name, [x]):
            x = self._argument(x, "x")
            return self._other("x", self._pair("x", x, given), given)

    def _call_inverse(self, y, name, **given):
        with self._name_scope(name, [y]):
            y = self._argument(y, "y")
            return self._other("y", self._pair("y", y, given), given)

    def _call_forward_log_det_jacobian(self, x, event_ndims, name, **given):
        if not self._is_injective:
            raise NotImplementedError("forward_log_det_jacobian cannot be implemented for "
                                      "non-injective transforms.")  # fmt: skip
        with self._name_scope(name, [x]):
            return -self._log_det("x", x, event_ndims, given)

    def _call_inverse_log_det_jacobian(self, y, event_ndims, name, **given):
        with self._name_scope(name, [y]):
            return self._log_det("y", y, event_ndims, given)

    # -- how they are found ------------------------------------------------------------------

    @contextmanager
    def _name_scope(self, name=None, values=()):
        with name_scope(self.name), name_scope(name, values=[*values, *self.graph_parents]) as at:
            yield at

    def _argument(self, value, name):
        value = convert_to_tensor(value, name=name)
        if self.dtype is not None and self.dtype.base_dtype != value.dtype.base_dtype:
            raise TypeError(f"{self.name} is of {self.dtype.name}, but {name} had the dtype "
                            f"{value.dtype.name}: {value}")  # fmt: skip
        return value

    def _pair(self, side, value, given):
        """What is known of the value as an `x` or a `y`."""
        key = side, id(value), _hashable(given)
        pair = self._pairs.setdefault(key, _Pair())
        setattr(pair, side, value)
        return pair

    def _other(self, side, pair, given):
        """The value on the other side of the pair."""
        other, function = ("y", self._forward) if side == "x" else ("x", self._inverse)
        if getattr(pair, other) is None:
            value = function(getattr(pair, side), **given)
            setattr(pair, other, value)
            if self._is_injective:
                self._pairs[other, id(value), _hashable(given)] = pair
        return getattr(pair, other)

    def _log_det(self, side, value, event_ndims, given):
        """log |det(dx / dy)| at an x or y."""
        with control_dependencies(self._checks(side, event_ndims)):
            if event_ndims in self._constant_log_dets:
                return self._constant_log_dets[event_ndims]
            pair = self._pair(side, self._argument(value, side), given)
            if event_ndims not in pair.log_dets:
                pair.log_dets[event_ndims] = self._new_log_det(side, pair, event_ndims, given)
        if self.is_constant_jacobian and self._is_injective:
            self._constant_log_dets[event_ndims] = pair.log_dets[event_ndims]
        return pair.log_dets[event_ndims]

    def _new_log_det(self, side, pair, event_ndims, given):
        """By the rule for this side, else by that for the other."""
        try:
            return self._log_det_by(side, getattr(pair, side), event_ndims, given)
        except NotImplementedError as missing:
            try:
                other = "y" if side == "x" else "x"
                value = self._other(side, pair, given)
                return self._log_det_by(other, value, event_ndims, given)
            except NotImplementedError:
                raise missing from None

    def _log_det_by(self, side, value, event_ndims, given):
        if side == "x":
            found = -self._forward_log_det_jacobian(value, **given)
            return _summed(value, found, self.forward_min_event_ndims, event_ndims)
        found, least = self._inverse_log_det_jacobian(value, **given), self.inverse_min_event_ndims
        if self._is_injective:
            return _summed(value, found, least, event_ndims)
        return tuple(_summed(value, each, least, event_ndims) for each in found)

    def _checks(self, side, event_ndims):
        least = self.forward_min_event_ndims if side == "x" else self.inverse_min_event_ndims
        event_ndims = convert_to_tensor(event_ndims, name="event_ndims")
        if not event_ndims.dtype.is_integer:
            raise ValueError(f"Expected integer dtype, got dtype {event_ndims.dtype}")
        if event_ndims.shape.ndims not in (None, 0):
            raise ValueError(f"Expected scalar event_ndims, got shape {event_ndims.shape}")
        known = constant_value(event_ndims)
        if known is None:
            return _checks_of_ndims(event_ndims, least) if self.validate_args else []
        if least > known:
            raise ValueError(f"event_ndims ({known}) must be larger than min_event_ndims ({least})")
        return []


@contextmanager
def init_scope(name, values=()):
    """Where a bijector of that name makes its parameters."""
    with name_scope(name), name_scope("init", values=values) as at:
        yield at


def _least_ndims(forward, inverse):
    """Both numbers of axes, of which one may be None."""
    if forward is None and inverse is None:
        raise ValueError("Must specify at least one of `forward_min_event_ndims` and "
                         "`inverse_min_event_ndims`.")  # fmt: skip
    forward = inverse if forward is None else forward
    inverse = forward if inverse is None else inverse
    for name, ndims in ("forward", forward), ("inverse", inverse):
        if not isinstance(ndims, int):
            raise TypeError(f"Expected {name}_min_event_ndims to be of type int, got "
                            f"{type(ndims).__name__}")  # fmt: skip
        if ndims < 0:
            raise ValueError(f"{name}_min_event_ndims must be a non-negative integer.")
    return forward, inverse


def _checks_of_ndims(event_ndims, least):
    checks = [assert_greater_equal(event_ndims, least)]
    if event_ndims.shape.ndims is None:
        checks += [assert_rank(event_ndims, 0, message="Expected scalar.")]
    return checks


def _snake_case(name):
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def _hashable(value):
    if isinstance(value, dict):
        return tuple((key, _hashable(value[key])) for key in sorted(value))
    return tuple(map(_hashable, value)) if isinstance(value, (list, tuple)) else value


def _summed(value, log_det, least, event_ndims):
    """Over the axes of an event beyond the last `least`, along which it may be constant."""
    last = rank(value)
    sizes = shape(value)[last - event_ndims : last - least]
    known = constant_value(convert_to_tensor(event_ndims))
    more = event_ndims - least if known is None else int(known) - least
    axes = numbers(-more, 0) if known is None else list(range(-more, 0))
    return reduce_sum(ones(sizes, log_det.dtype) * log_det, axis=axes)
