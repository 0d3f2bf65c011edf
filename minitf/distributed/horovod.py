"""Horovod's functions for TensorFlow 1: `import horovod.tensorflow as hvd`.

The gradients of a step are exchanged as one flat array for each type, which is what Horovod's
tensor fusion comes to. Source: the interface of Horovod 0.19, https://horovod.readthedocs.io.
"""

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float16, float32, float64
from minitf.core.graph import device, get_default_graph, name_scope
from minitf.core.indexed_slices import IndexedSlices
from minitf.distributed.ops import allgather_op, allreduce_op, broadcast_op, types_of
from minitf.distributed.world import (
    init,
    is_homogeneous,
    is_initialized,
    local_rank,
    local_size,
    mpi_threads_supported,
    rank,
    shutdown,
    size,
    world,
)
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast
from minitf.ops.state.variable_lists import global_variables
from minitf.train.optimizer import Optimizer
from minitf.train.session_run_hook import SessionRunHook

__all__ = [
    "Adasum", "Average", "BroadcastGlobalVariablesHook", "Compression", "DistributedOptimizer",
    "Sum", "allgather", "allgather_object", "allreduce", "broadcast",
    "broadcast_global_variables", "broadcast_object", "broadcast_variables", "ccl_built",
    "ddl_built", "gloo_built", "gloo_enabled", "init", "is_homogeneous", "is_initialized",
    "local_rank", "local_size", "mpi_built", "mpi_enabled", "mpi_threads_supported", "nccl_built",
    "rank", "shutdown", "size",
]  # fmt: skip

Average, Sum, Adasum = "Average", "Sum", "Adasum"


class NoneCompressor:
    """What is exchanged is what there is."""

    @staticmethod
    def compress(tensor):
        return tensor, None

    @staticmethod
    def decompress(tensor, ctx):
        return tensor


class FP16Compressor:
    """What is exchanged is rounded to half precision first."""

    @staticmethod
    def compress(tensor):
        dtype = tensor.dtype.base_dtype
        return (cast(tensor, float16), dtype) if dtype in (float32, float64) else (tensor, None)

    @staticmethod
    def decompress(tensor, ctx):
        return tensor if ctx is None else cast(tensor, ctx)


class Compression:
    """How gradients travel."""

    none = NoneCompressor
    fp16 = FP16Compressor


def allreduce(
    tensor,
    average=None,
    device_dense="",
    device_sparse="",
    compression=Compression.none,
    op=None,
    name=None,
):
    """The mean (`op=Average`, the default) or the `Sum` of a tensor over the processes.

    An IndexedSlices is gathered: the result has the rows of all processes. Raises ValueError for
    the mean of integers, NotImplementedError for Adasum.
    """
    average = _is_average(average, op)
    with name_scope(name, "HorovodAllreduce", [tensor]):
        return _reduced([tensor], average, compression, device_dense, device_sparse)[0]


def _is_average(average, op):
    if average is not None and op is not None:
        raise ValueError("The op parameter supersedes average. Please provide only one of them.")
    if op is None:
        op = Sum if average is False else Average
    if op not in (Average, Sum):
        raise NotImplementedError(f"hvd.allreduce: op={op!r}; minitf has hvd.Average and hvd.Sum")
    return op == Average


def _reduced(tensors, average, compression, device_dense="", device_sparse=""):
    """Each tensor over all processes: the dense ones in one exchange."""
    dense = [i for i, t in enumerate(tensors) if t is not None and not _is_sparse(t)]
    found = [_gathered(t, average, device_sparse) if _is_sparse(t) else t for t in tensors]
    if dense:
        with device(device_dense or None):
            packed = [compression.compress(convert_to_tensor(tensors[i])) for i in dense]
            sums = _exchanged([tensor for tensor, _ in packed], average)
            for i, total, (_, context) in zip(dense, sums, packed):
                found[i] = compression.decompress(total, context)
    return found


def _is_sparse(tensor):
    return isinstance(tensor, IndexedSlices)


def _exchanged(tensors, average):
    for tensor in tensors:
        if average and tensor.dtype.is_integer:
            raise ValueError(
                f"hvd.allreduce: {tensor.name} is {tensor.dtype.name}, and the mean of integers is "
                "none; use op=hvd.Sum, or tf.cast it to a float type."
            )
    return allreduce_op(*tensors, T=types_of(tensors), average=average)


def _gathered(slices, average, where):
    with device(where or None):
        values, indices = allgather(slices.values), allgather(slices.indices)
        values = values / cast(size(), values.dtype) if average else values
        return IndexedSlices(values, indices, slices.dense_shape)


def allgather(tensor, name=None):
    """The tensors of all processes joined along their first axis; the other sizes must agree."""
    return allgather_op(convert_to_tensor(tensor), name=name)


def broadcast(tensor, root_rank, name=None):
    """The tensor that the process `root_rank` has, in all of them."""
    tensor = convert_to_tensor(tensor)
    return broadcast_op(tensor, T=types_of([tensor]), root_rank=root_rank, name=name)[0]


def broadcast_variables(variables, root_rank):
    """An Operation that gives the variables the values they have in the process `root_rank`."""
    variables = list(variables)
    if not variables:
        return group()
    values = [identity(variable) for variable in variables]
    found = broadcast_op(*values, T=types_of(values), root_rank=root_rank)
    return group(*[variable.assign(value) for variable, value in zip(variables, found)])


def broadcast_global_variables(root_rank):
    """`broadcast_variables` of all global variables: run it once after they are initialised."""
    return broadcast_variables(global_variables(), root_rank)


def broadcast_object(obj, root_rank=0, name=None):
    """A picklable object that the process `root_rank` has, in all of them, at once."""
    comm = world().comm
    return obj if comm is None else comm.bcast(obj, root_rank)


def allgather_object(obj, name=None):
    """The list of the objects of all processes, at once."""
    comm = world().comm
    return [obj] if comm is None else comm.allgather(obj)


class BroadcastGlobalVariablesHook(SessionRunHook):
    """A hook of `tf.train.MonitoredTrainingSession`: all processes start with the variables of
    `root_rank`, initialised or restored."""

    def __init__(self, root_rank, device=""):
        self.root_rank, self.device, self.bcast_op = root_rank, device, None

    def begin(self):
        if self.bcast_op is None or self.bcast_op.graph is not get_default_graph():
            with device(self.device or None):
                self.bcast_op = broadcast_global_variables(self.root_rank)

    def after_create_session(self, session, coord):
        session.run(self.bcast_op)


class _DistributedOptimizer(Optimizer):
    """An optimizer whose gradients are those of all processes."""

    def __init__(self, optimizer, name, use_locking, options):
        name = name or f"Distributed{type(optimizer).__name__}"
        super().__init__(use_locking, name)
        self._optimizer, self._options = optimizer, options

    def compute_gradients(self, *args, **kwargs):
        """Those of the wrapped optimizer, their mean (or sum) over the processes."""
        pairs = self._optimizer.compute_gradients(*args, **kwargs)
        if size() == 1:
            return pairs
        gradients, variables = zip(*pairs)
        if self._options["sparse_as_dense"]:
            gradients = [convert_to_tensor(g) if _is_sparse(g) else g for g in gradients]
        with name_scope(f"{self._name}_Allreduce"):
            found = _reduced(
                list(gradients), self._options["average"], self._options["compression"],
                self._options["device_dense"], self._options["device_sparse"],
            )  # fmt: skip
        return list(zip(found, variables))

    def apply_gradients(self, *args, **kwargs):
        return self._optimizer.apply_gradients(*args, **kwargs)

    def get_slot(self, *args, **kwargs):
        return self._optimizer.get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        return self._optimizer.get_slot_names(*args, **kwargs)

    def variables(self, *args, **kwargs):
        return self._optimizer.variables(*args, **kwargs)


def DistributedOptimizer(
    optimizer,
    name=None,
    use_locking=False,
    device_dense="",
    device_sparse="",
    compression=Compression.none,
    sparse_as_dense=False,
    backward_passes_per_step=1,
    op=Average,
):
    """An optimizer that averages (`op=Average`) or sums gradients over the processes, in one
    exchange, before `optimizer` applies them.

    `sparse_as_dense` makes gradients of embeddings dense first; `compression` says how they
    travel. TypeError unless `optimizer` is a `tf.train.Optimizer`; NotImplementedError for Adasum
    and for more than one `backward_passes_per_step`.
    """
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"hvd.DistributedOptimizer needs a tf.train.Optimizer, got {optimizer!r}")
    if backward_passes_per_step != 1:
        raise NotImplementedError(
            "hvd.DistributedOptimizer: backward_passes_per_step must be 1; accumulate gradients "
            "in variables of your own."
        )
    options = {
        "average": _is_average(None, op), "compression": compression,
        "sparse_as_dense": sparse_as_dense, "device_dense": device_dense,
        "device_sparse": device_sparse,
    }  # fmt: skip
    return _DistributedOptimizer(optimizer, name, use_locking, options)


def mpi_built():
    """Whether MPI can be used."""
    return True


def mpi_enabled():
    return True


def _is_not():
    """Whether there is this other library: minitf has MPI alone."""
    return False


gloo_built = gloo_enabled = ddl_built = ccl_built = _is_not


def nccl_built():
    """0: arrays of a GPU travel through the host's memory."""
    return 0
