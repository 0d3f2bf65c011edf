"""Probabilities from their logits, and back; counts and concentrations of classes."""
import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import dimension_value
from minitf.nn.activation import sigmoid, softmax
from minitf.ops.array.basics import shape, zeros_like
from minitf.ops.control_flow.check import (
    assert_equal,
    assert_greater_equal,
    assert_less_equal,
    assert_near,
    assert_non_negative,
    assert_positive,
)
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import cast, floor, log, log1p, not_equal
from minitf.ops.math.special import lgamma
from minitf.ops.reduction.reduce import reduce_sum


class HasOdds:
    """A part of distributions that have the probability of an event, as one or as its logit."""

    logits = property(lambda self: self._logits, doc="The logarithm of the odds of the event.")
    probs = property(lambda self: self._probs, doc="The probability of the event.")


class HasLogits:
    """A part of distributions that have the probabilities of classes, along the last axis."""

    logits = property(lambda self: self._logits,
                      doc="The logarithms of the probabilities, up to a constant.")  # fmt: skip
    probs = property(lambda self: self._probs, doc="The probabilities of the classes.")


class HasClasses(HasLogits):
    """Likewise, of distributions whose events are one of the classes."""

    event_size = property(lambda self: self._event_size, doc="The number of classes, a tensor.")


def logits_and_probs(logits, probs, multidimensional, validate_args, name):
    """Both, one of them given: of single events, or of classes along the last axis.

    ValueError unless one is given; TypeError unless it is of floats.
    """
    with name_scope(name, values=[probs, logits]):
        if (probs is None) == (logits is None):
            raise ValueError("Must pass probs or logits, but not both.")
        if probs is None:
            logits = _floats(logits, "logits")
            if validate_args and multidimensional:
                logits = _of_classes(logits)
            return logits, (softmax if multidimensional else sigmoid)(logits, name="probs")
        probs = _floats(probs, "probs")
        if validate_args:
            probs = _validated(probs, multidimensional)
        with name_scope("logits"):
            return (log(probs) if multidimensional else log(probs) - log1p(-1.0 * probs)), probs


def _floats(value, name):
    value = convert_to_tensor(value, name=name)
    if not value.dtype.is_floating:
        raise TypeError(f"{name} must having floating type.")
    return value


def _validated(probs, multidimensional):
    with name_scope("validate_probs"):
        one = constant(1.0, probs.dtype)
        checks = [assert_non_negative(probs)]
        if multidimensional:
            probs = _of_classes(probs)
            checks += [assert_near(reduce_sum(probs, -1), one, message="probs does not sum to 1.")]
        else:
            said = "probs has components greater than 1."
            checks += [assert_less_equal(probs, one, message=said)]
        return with_dependencies(checks, probs)


def _of_classes(parameter):
    """The parameter, once it is known to have at least two classes, as many as its type can count.

    ValueError where it is known that it has not; InvalidArgumentError in the run else.
    """
    with name_scope("embed_check_categorical_event_shape", values=[parameter]):
        few = "A categorical-distribution parameter must have at least 2 events."
        most = 2 ** (np.finfo(parameter.dtype.as_numpy_dtype).nmant + 1)
        many = (f"Number of classes exceeds `dtype` precision, i.e., {parameter.dtype.name} cannot "
                f"exceed {most}.")  # fmt: skip
        if parameter.shape.ndims == 0:
            raise ValueError("A categorical-distribution parameter must have at least 1 dimension.")
        count = dimension_value(parameter.shape.with_rank_at_least(1)[-1])
        if count is not None:
            if not 2 <= count <= most:
                raise ValueError(few if count < 2 else many)
            return parameter
        count = shape(parameter)[-1]
        checks = [assert_greater_equal(count, 2, message=few),
                  assert_less_equal(count, most, message=many)]  # fmt: skip
        return with_dependencies(checks, parameter)


def positive_concentration(concentration, validate_args, *checks):
    """The parameter; with `validate_args`, once it is known to be positive, and by other checks."""
    if not validate_args:
        return concentration
    positive = assert_positive(concentration, message="Concentration parameter must be positive.")
    return with_dependencies([positive, *checks], concentration)


def whole_counts(counts):
    """The counts, once they are known to be whole and not negative."""
    counts = convert_to_tensor(counts, name="x")
    checks = [assert_non_negative(counts, message=f"'{counts}' must be non-negative.")]
    if not counts.dtype.is_integer:
        known = constant_value(counts)
        whole = floor(counts) if known is None else np.floor(known)
        said = f"'{counts}' cannot contain fractional components."
        checks += [assert_equal(counts, whole, message=said)]
    return with_dependencies(checks, counts)


def zeros_and_ones(events):
    """The events, once they are known to be 0 or 1."""
    checks = [assert_non_negative(events, message="Elements must be non-negative.")]
    if events.dtype.is_integer:
        one = constant(1, events.dtype)
        checks += [assert_less_equal(events, one, message="Elements cannot exceed 1.")]
    else:
        bools = cast(not_equal(events, zeros_like(events)), events.dtype)
        checks += [assert_equal(events, bools, message="Elements must be bool-equivalent.")]
    return with_dependencies(checks, events)


class HasDraws:
    """A part of distributions of counts, of so many draws."""

    total_count = property(lambda self: self._total_count, doc="The number of draws.")


def number_of_draws(total_count, validate_args):
    """The number as a tensor; with `validate_args`, once it is known to be whole, not negative."""
    count = convert_to_tensor(total_count, name="total_count")
    return whole_counts(count) if validate_args else count


def checked_counts(distribution, counts, what):
    """Counts of classes; with `validate_args`, once they are known to be whole, and as many as the
    distribution draws."""
    if not distribution.validate_args:
        return counts
    counts = whole_counts(counts)
    same = assert_equal(distribution.total_count, reduce_sum(counts, -1), message=what)
    return with_dependencies([same], counts)


def log_combinations(n, counts):
    """The logarithm of the number of orders of n things of which `counts` are alike."""
    return lgamma(n + 1) - reduce_sum(lgamma(counts + 1), axis=[-1])
