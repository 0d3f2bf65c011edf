"""What a program says of its loops and lists."""
from __future__ import annotations

from typing import Any

UNSPECIFIED = object()


def set_element_type(entity: Any, dtype: Any, shape: Any = UNSPECIFIED) -> None:
    """Say of which type, and shape, the elements of a list are, where Feature.LISTS is converted:
    it is a list of tensors then. Elsewhere it says nothing."""


def set_loop_options(
    parallel_iterations: Any = UNSPECIFIED,
    back_prop: Any = UNSPECIFIED,
    swap_memory: Any = UNSPECIFIED,
    maximum_iterations: Any = UNSPECIFIED,
) -> None:
    """Options of tf.while_loop for the loop that it stands in: as in 1.15, they change nothing."""
