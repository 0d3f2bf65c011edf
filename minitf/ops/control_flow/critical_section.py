"""`tf.CriticalSection`: what only one run, or one call in a run, does at a time."""
import contextlib
from typing import Any, NamedTuple

from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import resource
from minitf.core.graph import (
    add_to_collection,
    control_dependencies,
    get_collection,
    get_default_graph,
    name_scope,
)
from minitf.core.operation import Operation
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.control import group
from minitf.ops.queues.mutex import consume_mutex_lock, mutex, mutex_lock


class _Execution(NamedTuple):
    """One call: its lock, and which resources it uses."""

    op: Any
    handle: Any
    resources: list
    exclusive_resource_access: bool


class CriticalSection:
    """Functions whose operations are never run by two threads, or two calls, at once.

    Those with the same `shared_name` exclude each other, too.
    """

    def __init__(self, name=None, shared_name=None, critical_section_def=None, import_scope=None):
        if critical_section_def:
            raise NotImplementedError("Not yet implemented")
        with name_scope(name, "CriticalSection", []) as scope:
            self._handle = mutex(shared_name=shared_name or scope, name=scope)
        add_to_collection(_SECTIONS, self)

    name = property(lambda self: self._handle.op.name, doc="The name of its operation.")

    def execute(self, fn, exclusive_resource_access=True, name=None):
        """What `fn()` returns, tensors or a structure of them, made while nobody else is inside.

        ValueError when `fn` uses this section itself, and for a resource that another section uses,
        unless both say that `exclusive_resource_access` is not needed.
        """
        with name_scope(name, "critical_section_execute", []):
            lock, graph = mutex_lock(self._handle), get_default_graph()
            before = len(graph.get_operations())
            with control_dependencies([lock]), _reading_anew(graph):
                found = fn()
            made = graph.get_operations()[before:]
            _begin_after_arguments(made, lock.op)
            used = [each for op in made for t in op.inputs for each in _resources(t)]
            resources = {id(tensor): tensor for tensor in used}
            self._check(resources, exclusive_resource_access)
            flat = [_identity(part) for part in nest.flatten(found)]
            with control_dependencies([part for part in flat if part is not None]):
                released = consume_mutex_lock(lock)
            with control_dependencies([released]):
                outputs = nest.pack_sequence_as(found, [_identity(part) for part in flat])
            execution = _Execution(lock.op, self._handle, list(resources.values()),
                                   exclusive_resource_access)  # fmt: skip
            add_to_collection(_EXECUTIONS, execution)
            return outputs

    def _check(self, resources, exclusive):
        if any(self._is_own(tensor) for tensor in resources.values()):
            raise ValueError("The function fn attempts to directly access the CriticalSection in "
                             "which it would be running.  This is illegal and would cause "
                             "deadlocks.")  # fmt: skip
        for other in get_collection(_EXECUTIONS):
            if self._is_own(other.handle) or not (exclusive or other.exclusive_resource_access):
                continue
            common = [each for each in other.resources if id(each) in resources]
            if common:
                raise ValueError(
                    f"This execution would access resources: {common}.  Either this lock "
                    f"(CriticalSection: {self._handle}) or lock '{other}' (CriticalSection: "
                    f"{other.handle}) requested exclusive resource access of this resource.  Did "
                    "you mean to call execute with keyword argument "
                    "exclusive_resource_access=False?"
                )

    def _is_own(self, tensor):
        op, own = tensor.op, self._handle.op
        return op.type == "MutexV2" and op.attrs["shared_name"] == own.attrs["shared_name"]


_SECTIONS, _EXECUTIONS = "critical_sections", "critical_section_executions"


@contextlib.contextmanager
def _reading_anew(graph):
    """A context in which the value of a variable is read where it is used: under the lock."""
    before, graph.reads_anew = graph.reads_anew, True
    try:
        yield
    finally:
        graph.reads_anew = before


def _resources(tensor):
    """The resources that an input is, or is read of: a variable's operation stands for it."""
    if tensor.dtype == resource or getattr(tensor.op, "is_resource", False):
        return [tensor.op.outputs[0]]
    if tensor.op.type == "Identity" and getattr(tensor.op.inputs[0].op, "is_resource", False):
        return [tensor.op.inputs[0].op.outputs[0]]
    return []


def _begin_after_arguments(made, lock):
    """Who waits for the lock has what goes in: else somebody inside might wait for that."""
    inside = {lock, *made, *lock.control_inputs, *(tensor.op for tensor in lock.inputs)}
    given = [tensor.op for op in made for tensor in op.inputs]
    given += [before for op in made for before in op.control_inputs]
    outside = [op for op in dict.fromkeys(given) if op not in inside]
    if outside:
        lock._add_control_inputs(outside)


def _identity(value):
    """The same as another node, which comes after what is waited for."""
    if value is None:
        return None
    if isinstance(value, Operation):
        return group(value)
    return identity(convert_to_tensor(value))
