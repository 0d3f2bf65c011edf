"""GatherTree: the whole beams of a beam search, found backward through their parents."""
import numpy as np

from minitf.core.dtypes import int32
from minitf.core.errors import InvalidArgumentError
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.tensor_shape import merge, printed
from minitf.nn.windows import ranked


def _beams(step_ids, parent_ids, max_sequence_lengths, end_token):
    found = merge(ranked(step_ids, "step_ids", 3), ranked(parent_ids, "parent_ids", 3))
    if found is False:
        raise ValueError("step_ids and parent_ids must be of one shape: "
                         f"{printed(step_ids)} and {printed(parent_ids)}")  # fmt: skip
    ranked(max_sequence_lengths, "max_sequence_lengths", 1)
    ranked(end_token, "end_token", 0)
    return found


@op("GatherTree", shape=_beams, grad=NOT_DIFFERENTIABLE, host=True)
def gather_tree(
    xp, step_ids: int32, parent_ids: int32, max_sequence_lengths: int32, end_token: int32
) -> int32:
    """The ids [time, batch, beam] of the beams that end in each beam of the last step.

    `parent_ids` say which beam of the step before each continues. Behind `max_sequence_lengths`
    [batch], and behind the first `end_token` of a beam, all is `end_token`.
    InvalidArgumentError for a parent that is no beam.
    """
    steps, batch, width = step_ids.shape
    found = xp.full(step_ids.shape, end_token, step_ids.dtype)
    lengths = xp.minimum(max_sequence_lengths, steps)[:, None]
    rows = xp.arange(batch)[:, None]
    beams = xp.broadcast_to(xp.arange(width), (batch, width))
    for time in reversed(range(steps)):
        inside = time < lengths
        found[time] = xp.where(inside, step_ids[time, rows, beams], end_token)
        parents = parent_ids[time, rows, beams]
        if time:
            _check_parents(xp, parents, inside, time, width)
        beams = xp.where(inside, parents, xp.arange(width))
    ended = xp.cumsum(found == end_token, 0) > 0
    found[ended] = end_token
    return found


def _check_parents(xp, parents, inside, time, width):
    wrong = inside & ((parents < 0) | (parents >= width))
    if wrong.any():
        row, beam = map(int, np.argwhere(wrong)[0])
        raise InvalidArgumentError(
            None, None, f"Saw invalid parent id {int(parents[row, beam])} at (batch, time, beam) "
            f"== ({row}, {time}, {beam})",
        )  # fmt: skip
