"""What `sign_decay_fn` of AddSignOptimizer and PowerSignOptimizer may be."""
import math

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32
from minitf.ops.array.basics import zeros_like
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import cast, cos, floor_mod, greater_equal, maximum, minimum


def _upto(global_step, decay_steps, what):
    if global_step is None:
        raise ValueError(f"global_step is required for {what}.")
    return minimum(global_step, decay_steps)


def _part(steps, decay_steps):
    return cast(steps, float32) / cast(decay_steps, float32)


def _cosine(fraction, passed, end):
    """Half of 1 + cos(pi * fraction); 0 where `end` is given and `passed` has come to it."""
    decayed = 0.5 * (1.0 + cos(convert_to_tensor(math.pi) * fraction))
    if end is None:
        return decayed
    return where(greater_equal(passed, end), zeros_like(decayed), decayed)


def get_linear_decay_fn(decay_steps):
    """From 1 to 0 in a line, in `decay_steps` steps. ValueError, as of the others, for no step."""

    def linear_decay_fn(global_step):
        step = _upto(global_step, decay_steps, "linear_decay")
        rest = cast(decay_steps, int32) - cast(step, int32)
        return maximum(0.0, _part(rest, decay_steps))

    return linear_decay_fn


def get_cosine_decay_fn(decay_steps, num_periods=0.5, zero_after=None):
    """A cosine between 1 and 0, of `num_periods` in `decay_steps` steps; 0 after `zero_after`
    periods."""

    def cosine_decay_fn(global_step):
        step = _upto(global_step, decay_steps, "cosine_decay")
        fraction = 2.0 * num_periods * _part(step, decay_steps)
        return _cosine(fraction, fraction, None if zero_after is None else 2 * zero_after)

    return cosine_decay_fn


def get_restart_decay_fn(decay_steps, num_periods=1, zero_after=None):
    """The first half of a cosine, from 1 to 0, `num_periods` times in `decay_steps` steps; 0 after
    `zero_after` times."""

    def restart_decay_fn(global_step):
        step = _upto(global_step, decay_steps, "cosine_decay")
        within = floor_mod(num_periods * cast(step, float32), decay_steps)
        passed = None if zero_after is None else _part(num_periods * step, decay_steps)
        return _cosine(_part(within, decay_steps), passed, zero_after)

    return restart_decay_fn
