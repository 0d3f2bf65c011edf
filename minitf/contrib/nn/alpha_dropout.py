"""`tf.contrib.nn.alpha_dropout`: dropout that keeps mean and variance of self-normalizing units."""
from __future__ import annotations

import numbers
from typing import Any

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.ops.array.basics import shape
from minitf.ops.math.elementwise import cast, greater_equal
from minitf.ops.random.draws import random_uniform

_LOWEST = -1.7580993408473766  # of tf.nn.selu: what it gives far below zero


def alpha_dropout(
    x: Any, keep_prob: Any, noise_shape: Any = None, seed: Any = None, name: Any = None
) -> Any:
    """`x` with elements set, with probability 1 - keep_prob, to the least that selu can give; then
    scaled and shifted, so that of mean 0 and variance 1 both are kept (Klambauer et al. 2017).

    Where `noise_shape` has a 1, elements along that axis are kept or dropped together. ValueError
    for a number outside (0, 1].
    """
    with name_scope(name, "alpha_dropout", [x]):
        x = convert_to_tensor(x, name="x")
        if isinstance(keep_prob, numbers.Real) and not 0 < keep_prob <= 1.0:
            raise ValueError("keep_prob must be a scalar tensor or a float in the range (0, 1], "
                             f"got {keep_prob:g}")  # fmt: skip
        keep_prob = convert_to_tensor(keep_prob, dtype=x.dtype, name="keep_prob")
        keep_prob.shape.assert_has_rank(0)
        return x if constant_value(keep_prob) == 1 else _dropped(x, keep_prob, noise_shape, seed)


def _dropped(x: Any, keep_prob: Any, noise_shape: Any, seed: Any) -> Any:
    drawn = random_uniform(
        shape(x) if noise_shape is None else noise_shape, seed=seed, dtype=x.dtype
    )
    kept = cast(greater_equal(drawn, 1 - keep_prob), x.dtype)
    x = x * kept + _LOWEST * (1 - kept)
    scale = (keep_prob + keep_prob * (1 - keep_prob) * _LOWEST**2) ** -0.5
    shift = -scale * _LOWEST * (1 - keep_prob)
    return scale * x + shift
