"""The Kullback-Leibler divergence of two distributions, by a table of pairs of classes."""
from minitf.core.graph import control_dependencies, name_scope
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.control import Assert
from minitf.ops.math.elementwise import is_nan, logical_not
from minitf.ops.reduction.reduce import reduce_any

_DIVERGENCES = {}


class RegisterKL:
    """Decorator: the divergence of a distribution of the first class from one of the second.

    `@RegisterKL(A, B) def _(a, b, name=None)` returns a tensor. ValueError when the pair has one.
    """

    def __init__(self, dist_cls_a, dist_cls_b):
        self._key = dist_cls_a, dist_cls_b

    def __call__(self, kl_fn):
        if not callable(kl_fn):
            raise TypeError(f"kl_fn must be callable, received: {kl_fn}")
        if self._key in _DIVERGENCES:
            a, b = (kind.__name__ for kind in self._key)
            raise ValueError(f"KL({a} || {b}) has already been registered to: "
                             f"{_DIVERGENCES[self._key]}")  # fmt: skip
        _DIVERGENCES[self._key] = kl_fn
        return kl_fn


def _found(type_a, type_b):
    """What is registered for the classes, or for the nearest that they derive from."""
    pairs = [
        (i + j, i, _DIVERGENCES[a, b])
        for i, a in enumerate(type_a.__mro__)
        for j, b in enumerate(type_b.__mro__)
        if (a, b) in _DIVERGENCES
    ]
    return min(pairs, key=lambda pair: pair[:2])[2] if pairs else None


def kl_divergence(distribution_a, distribution_b, allow_nan_stats=True, name=None):
    """KL(a || b), the mean of log a(x) - log b(x) for x drawn from a; of the batch's shape.

    NotImplementedError when there is no rule for the two; InvalidArgumentError in the run for a
    result that is not a number, unless `allow_nan_stats`.
    """
    rule = _found(type(distribution_a), type(distribution_b))
    if rule is None:
        raise NotImplementedError(
            "No KL(distribution_a || distribution_b) registered for distribution_a type "
            f"{type(distribution_a).__name__} and distribution_b type "
            f"{type(distribution_b).__name__}"
        )
    with name_scope("KullbackLeibler"):
        found = rule(distribution_a, distribution_b, name=name)
        if allow_nan_stats:
            return found
        found = identity(found, name="kl")
        said = (f"KL calculation between {distribution_a.name} and {distribution_b.name} returned "
                "NaN values (and was called with allow_nan_stats=False). Values:")  # fmt: skip
        with control_dependencies([Assert(logical_not(reduce_any(is_nan(found))), [said, found])]):
            return identity(found, name="checked_kl")


def cross_entropy(ref, other, allow_nan_stats=True, name=None):
    """The mean of -log other(x) for x drawn from ref; of the batch's shape."""
    with name_scope(name, "cross_entropy"):
        return ref.entropy() + kl_divergence(ref, other, allow_nan_stats)
