"""What optimizers share that keep, beside the variables of a worker, those of a center."""
from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from minitf.core.graph import device
from minitf.core.graph_keys import GraphKeys
from minitf.ops.state.assign import assign_add
from minitf.ops.state.variable_scope import get_variable
from minitf.train.session_run_hook import SessionRunHook

CENTER = "global_center_variable"


class CenteredGetter:
    """A custom getter: trainable variables are those of the worker, local ones; each has one at the
    center, `global_center_variable/` and its name, and one more beside it, `beside` and its name.
    """

    beside: str

    def __init__(self, worker_device: Any) -> None:
        self._worker_device = worker_device
        self._global_map: dict[Any, Any] = {}
        self._beside_map: dict[Any, Any] = {}

    def __call__(
        self, getter: Any, name: Any, trainable: Any, collections: Any, *args: Any, **kwargs: Any
    ) -> Any:
        if not trainable:
            with placed(self._worker_device, collections):
                return getter(name, *args, trainable=trainable, collections=collections, **kwargs)

        def made(path: str, collection: str, trained: bool = False) -> Any:
            with placed(self._worker_device, [collection]):
                return getter(path, *args, trainable=trained, collections=[collection], **kwargs)

        local = made(name, GraphKeys.LOCAL_VARIABLES, True)
        if kwargs.get("reuse") is True:
            return local
        center = made(f"{CENTER}/{name}", GraphKeys.GLOBAL_VARIABLES)
        beside = made(f"{self.beside}/{name}", GraphKeys.LOCAL_VARIABLES)
        in_parts = kwargs.get("partitioner") is not None
        for each, at_center, other in zip(*(list(v) if in_parts else [v]
                                            for v in (local, center, beside))):  # fmt: skip
            self._global_map[each], self._beside_map[each] = at_center, other
        return local


def placed(worker_device: Any, collections: Any) -> Any:
    """Within: what is made in these collections is on the worker, if it is local."""
    is_local = GraphKeys.LOCAL_VARIABLES in (collections or ())
    return device(worker_device) if is_local else nullcontext()


def local_step() -> Any:
    """The local variable `local_step`, 0."""
    return get_variable(initializer=0, trainable=False, name="local_step",
                        collections=[GraphKeys.LOCAL_VARIABLES])  # fmt: skip


def counted(step: Any) -> Any:
    """An Operation that counts a step."""
    return assign_add(step, 1, name="local_step_update").op


class InitHook(SessionRunHook):
    """Runs what `init()` makes, which lets a worker begin where the center is."""

    def __init__(self, init: Any) -> None:
        self._init = init

    def begin(self) -> None:
        self._init_op = self._init()

    def after_create_session(self, session: Any, coord: Any) -> None:
        session.run(self._init_op)
