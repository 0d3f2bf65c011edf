"""tf.Session: runs parts of a graph, and keeps the values of its variables."""
from __future__ import annotations

import os
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np

from minitf.backend.cpu import Backend, Cpu
from minitf.backend.devices import GPU
from minitf.core import errors, time_limit
from minitf.core.config import ConfigProto, RunMetadata, RunOptions
from minitf.core.graph import Graph, default_sessions, get_default_graph
from minitf.core.operation import Operation
from minitf.core.proto.graph_def import GraphDef
from minitf.core.resource import Resource, resource_key
from minitf.core.slot import Slot, slot_of
from minitf.core.tensor import Tensor
from minitf.runtime.cache import LRU
from minitf.runtime.callables import FromOptions
from minitf.runtime.conversions import FEEDS, expanded
from minitf.runtime.feeds import by_parts, check_feed_dict
from minitf.runtime.fetches import key_of
from minitf.runtime.local_devices import LocalDevices
from minitf.runtime.partial import PartialRuns
from minitf.runtime.placement import device_of, log_placement, place
from minitf.runtime.plan import Plan, compile_plan
from minitf.runtime.prune import prune
from minitf.runtime.signature import Signature
from minitf.runtime.specialise import Fed
from minitf.runtime.target import check_target
from minitf.runtime.trace import Trace, check_options, partition_graph

SIGNATURES = 1024  # of fetches and feeds, per session

CLOSED = "Attempted to use a closed Session. The end of its `with` block closes it: run inside."
EMPTY = "The Session graph is empty. Add operations to the graph before calling run()."


class BaseSession(PartialRuns):
    """Runs a graph. Each session has its own values of the variables.

    `config.allow_soft_placement` takes another device where the one asked for is missing,
    `log_device_placement` says on stderr which devices there are, and where each op runs when it
    first does, `device_count` and `gpu_options` choose devices, and `intra_op_parallelism_threads`
    sets the threads of the BLAS, for the whole process. A run that takes longer than
    `operation_timeout_in_ms` raises DeadlineExceededError, as one does whose RunOptions have a
    `timeout_in_ms`: where it waits at once, else when it has computed.
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        check_target(target)
        if graph is not None and not isinstance(graph, Graph):
            raise TypeError(f"graph must be a tf.Graph, but got {type(graph)}")
        if config is not None and not isinstance(config, ConfigProto):
            raise TypeError(f"config must be a tf.ConfigProto, but got {type(config)}")
        self._graph = graph or get_default_graph()
        self._config = config or ConfigProto()
        self._devices = LocalDevices(self._config)
        self._check_config()
        self._logged: set[Operation] = set()
        # What was placed last, and where: a plan for feeds of another shape runs the same.
        self._placed: tuple[list[Operation], dict[Operation, str]] = ([], {})
        self._backend = self._chosen()
        self._in_c = self._compiles()
        self._slots: dict[Operation, Slot] = {}
        self._states: dict[Any, Any] = {}
        self._signatures: LRU[Any] = LRU(SIGNATURES)
        PartialRuns.__init__(self)
        self._closed = False
        self._lock = threading.RLock()
        self._milliseconds: int = self._config.operation_timeout_in_ms  # that a run may take

    def _check_config(self) -> None:
        config: Any = self._config
        if sum(len(job.tasks) for job in config.cluster_def.job) > 1:
            raise errors.UnimplementedError(
                None, None, "ConfigProto.cluster_def: sessions are in one process, and this is of "
                "a cluster of several tasks; leave it out."
            )  # fmt: skip
        if config.log_device_placement:
            print(self._devices.mapping(), end="", file=sys.stderr)

    def _chosen(self) -> Backend:
        """The device that computes: the first GPU, or the CPU where there is none."""
        config: Any = self._config
        card = self._devices.card(GPU)
        if card is None:
            return Cpu(config.intra_op_parallelism_threads)
        from minitf.backend.gpu import gpu

        return gpu(card.ordinal, self._devices.memory_fraction)

    def _compiles(self) -> bool | None:
        """Whether plans run in C, where a compiler is: None leaves it to how much they compute
        and how often they are run."""
        config: Any = self._config
        options = config.graph_options.optimizer_options
        level = options.global_jit_level
        if level < 0 or options.opt_level < 0 or os.environ.get("MINITF_JIT") == "0":
            return False
        return True if level > 0 or os.environ.get("MINITF_JIT") else None

    @property
    def graph(self) -> Graph:
        return self._graph

    @property
    def graph_def(self) -> GraphDef:
        """The graph as a protocol message, as it is now."""
        config: Any = self._config
        return self._graph.as_graph_def(add_shapes=config.graph_options.infer_shapes)

    @property
    def sess_str(self) -> bytes:
        return b""

    def list_devices(self) -> list[Any]:
        """The devices that ops can run on; each has `name`, `device_type`, `memory_limit_bytes`
        and `incarnation`."""
        return self._devices.attributes()

    # -- running -----------------------------------------------------------------------------

    def run(
        self,
        fetches: Any,
        feed_dict: Any = None,
        options: RunOptions | None = None,
        run_metadata: RunMetadata | None = None,
    ) -> Any:
        """Compute `fetches` and return their values in the same structure.

        `fetches` is a tensor, operation (its value is None), variable, name, or any nesting of
        these in lists, tuples, dicts and namedtuples; `feed_dict` gives values for placeholders or
        any other tensors. Raises RuntimeError on a closed session, TypeError and ValueError for
        fetches and feeds that do not fit, and `tf.errors` for what goes wrong while running.
        """
        if feed_dict is None:
            feed_dict = {}
        elif type(feed_dict) is not dict:
            check_feed_dict(feed_dict)
        if FEEDS:
            feed_dict = expanded(feed_dict)
        try:
            key = (type(fetches), *fetches) if type(fetches) is list else fetches
            signature = self._signatures.items.get((key, *feed_dict))
        except TypeError:  # a nested list, say: not hashable
            signature = None
        if signature is None or self._closed:
            signature = self._signature(fetches, feed_dict)
        if not signature.flat and (paired := by_parts(feed_dict)) is not None:
            signature, feed_dict = self._signature(fetches, paired), paired
        if options is not None or run_metadata is not None or self._milliseconds:
            return self._run_as_told(options, run_metadata, signature, feed_dict)
        return signature.run(feed_dict)

    def _signature(self, fetches: Any, feed_dict: Any) -> Signature:
        self._check_open()
        key = key_of(fetches), tuple(key_of(part) for part in feed_dict)
        with self._lock:
            found = self._signatures.get(key)
            if found is None:
                found = self._signatures.put(key, Signature(self, fetches, feed_dict))
                try:
                    short = (type(fetches), *fetches) if type(fetches) is list else fetches
                    self._signatures.put((short, *feed_dict), found)
                except TypeError:
                    pass  # not hashable: found by its longer key
            return found

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError(CLOSED)
        if not self._graph.version:
            raise RuntimeError(EMPTY)

    def _run_as_told(
        self, options: RunOptions | None, metadata: Any, signature: Signature, feed_dict: Any
    ) -> Any:
        """The values of a run within the time that `options`, or else the session, gives it."""
        asked: Any = options or RunOptions()
        check_options(asked)
        milliseconds = asked.timeout_in_ms if asked.timeout_in_ms > 0 else self._milliseconds
        with time_limit.limited(milliseconds):
            return self._run_told(asked, metadata, signature, feed_dict)

    def _run_told(self, asked: Any, metadata: Any, signature: Signature, feed_dict: Any) -> Any:
        """The values of a run that tells in `metadata` what the options ask for."""
        if metadata is None:
            return signature.run(feed_dict)
        metadata.Clear()
        if not asked.ListFields():
            return signature.run(feed_dict)
        operations = prune(signature.elements, [feed.tensor for feed in signature.given])
        places = self._places(operations)
        if asked.output_partition_graphs:
            metadata.partition_graphs.append(partition_graph(operations, places))
        if not asked.trace_level:
            return signature.run(feed_dict)
        trace = Trace()
        plan = signature.plan_for(feed_dict, arrays := signature.arrays(feed_dict, trace.taken_in))
        metadata.source = plan.text
        values = signature.handed(trace.run(plan, self.slot, arrays), feed_dict)
        metadata.step_stats.MergeFrom(trace.step_stats())
        config: Any = self._config
        if config.graph_options.build_cost_model:
            metadata.cost_graph.MergeFrom(trace.cost_graph(operations, places))
        return values

    def make_callable(
        self, fetches: Any, feed_list: Any = None, accept_options: bool = False
    ) -> Callable[..., Any]:
        """A function of the values of `feed_list`, in order, that runs `fetches`."""
        self._check_open()
        feeds = list(feed_list or ())
        signature = self._signature(fetches, dict.fromkeys(feeds))

        def call(*values: Any, options: Any = None, run_metadata: Any = None) -> Any:
            if len(values) != len(feeds):
                raise TypeError(f"the callable takes {len(feeds)} values, got {len(values)}")
            if self._closed:
                raise RuntimeError(CLOSED)
            feed_dict = dict(zip(feeds, values))
            told = accept_options and (options is not None or run_metadata is not None)
            if told or self._milliseconds:
                return self._run_as_told(options, run_metadata, signature, feed_dict)
            return signature.run(feed_dict)

        return call

    def _make_callable_from_options(self, callable_options: Any) -> Callable[..., Any]:
        """The same, of names in a CallableOptions, which Keras of its own uses."""
        return FromOptions(self, callable_options)

    def source(self, fetches: Any, feed_dict: Any = None) -> str:
        """The NumPy program that `run(fetches, feed_dict)` is, one line per step."""
        feed_dict = feed_dict or {}
        return self._signature(fetches, feed_dict).plan_for(feed_dict).text

    # -- what the session keeps --------------------------------------------------------------

    def slot(self, operation: Operation) -> Slot:
        """Where this session keeps the value of the variable `operation`."""
        return slot_of(operation) or self._slots.setdefault(operation, Slot())

    def state(self, operation: Operation) -> Any:
        """What this session keeps for a stateful operation: an array is on its device."""
        key = resource_key(operation)
        if key not in self._states:
            made: Any = operation.definition.state(operation)  # type: ignore[misc]
            is_array = isinstance(made, np.ndarray)
            self._states[key] = self._backend.array(made) if is_array else made
        return self._states[key]

    def compiled(
        self,
        operations: list[Operation],
        elements: list[Any],
        feeds: dict[Tensor, Fed],
        in_c: bool | None,
    ) -> Plan:
        """The Plan for distinct fetches, what they need, and what is known of the feeds."""
        config: Any = self._config
        places = self._places(operations)
        if config.log_device_placement:
            log_placement({op: places[op] for op in operations if op not in self._logged})
            self._logged.update(operations)
        with time_limit.unlimited():
            return compile_plan(
                operations, elements, feeds, self.slot, self.state, self._backend, in_c,
                fused=config.graph_options.optimizer_options.opt_level >= 0,
                on_host=lambda operation: self._is_on_host(operation, places),
            )  # fmt: skip

    def _places(self, operations: list[Operation]) -> dict[Operation, str]:
        known, places = self._placed
        if known is not operations:
            config: Any = self._config
            soft, devices = config.allow_soft_placement, self._devices
            places = place(operations, devices.names, soft, devices.missing)
            self._placed = operations, places
        return places

    def _is_on_host(self, operation: Operation, places: dict[Operation, str]) -> bool:
        """Whether it runs, or a variable is, on the CPU of a session that has a GPU; what is placed
        on another GPU runs on this one."""
        return ":CPU:" in (places.get(operation) or device_of(operation, self._devices.names, True))

    # -- life --------------------------------------------------------------------------------

    def close(self) -> None:
        """Give back values and plans; the session cannot run any more."""
        with self._lock:
            self._closed = True
            kept, self._slots, self._states = self._states.values(), {}, {}
            self._signatures = LRU(SIGNATURES)
        for state in kept:
            if isinstance(state, Resource):
                state.cancel()

    @contextmanager
    def as_default(self) -> Any:
        """Make this the session that `tensor.eval()` and `op.run()` use, in this thread."""
        with default_sessions.pushed(self):
            yield self


class Session(BaseSession):
    """A session to be used in a `with` block, which makes it and its graph the default ones.

    >>> with tf.Session() as sess:
    ...     sess.run(tf.constant(2.0) * 3.0)
    6.0
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        self._entered: ExitStack | None = None

    def __enter__(self) -> Session:
        if self._entered is not None:
            raise RuntimeError("Session context managers are not re-entrant. Use "
                               "`Session.as_default()` to enter a session again.")  # fmt: skip
        stack = ExitStack()
        stack.enter_context(self.graph.as_default())
        stack.enter_context(self.as_default())
        self._entered = stack
        return self

    def __exit__(self, *error: Any) -> None:
        entered, self._entered = self._entered, None
        if entered is not None:
            entered.__exit__(*error)
        self.close()

    @staticmethod
    def reset(target: str, containers: Any = None, config: Any = None) -> None:
        """Nothing to do: containers are those of remote sessions."""


class InteractiveSession(BaseSession):
    """A session that makes itself the default one until it is closed: for the prompt.

    Warns when another one is open, which holds its memory until its `close()`.
    """

    _open = 0  # sessions of this class

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        if InteractiveSession._open:
            warnings.warn("An interactive session is already active. It keeps its memory until "
                          "`InteractiveSession.close()` gives it back.", stacklevel=2)  # fmt: skip
        InteractiveSession._open += 1
        self._installed = ExitStack()
        if graph is not None:
            self._installed.enter_context(graph.as_default())
        self._installed.enter_context(self.as_default())

    def close(self) -> None:
        InteractiveSession._open -= not self._closed
        super().close()
        self._installed.close()
