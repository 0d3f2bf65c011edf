"""Whether operations may run elsewhere than where `tf.device` puts them."""
from __future__ import annotations

_soft = False


def get_soft_device_placement() -> bool:
    """What `set_soft_device_placement` has said last, False before."""
    return _soft


def set_soft_device_placement(enabled: bool) -> None:
    """Whether eager execution may go elsewhere: that of minitf computes on the CPU in any case. A
    session goes by its ConfigProto."""
    global _soft
    _soft = enabled
