"""The nodes that a Saver adds to the graph, by TensorFlow's names."""
import os

from minitf.core.constant import constant
from minitf.core.device import DeviceSpec, canonical
from minitf.core.graph import control_dependencies, device, get_default_graph, name_scope
from minitf.core.proto.saver import SaverDef
from minitf.ops.array.basics import identity
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.control_flow.control import group, with_dependencies
from minitf.ops.io.checkpoints import (
    merge_v2_checkpoints,
    restore_v2,
    save_v1,
    save_v2,
    sharded_filename,
    sharded_filespec,
)
from minitf.ops.state.partitioned import PartitionedVariable
from minitf.ops.state.placeholder import placeholder_with_default
from minitf.ops.strings.text import string_join
from minitf.train import saveables


class BaseSaverBuilder:
    """Builds the nodes of a Saver; subclasses may build others for a step of it."""

    SaveSpec = saveables.SaveSpec
    SaveableObject = saveables.SaveableObject
    VariableSaveable = saveables.ReferenceVariableSaveable

    def __init__(self, write_version=SaverDef.V2):
        self._write_version = write_version

    # -- the steps that can be overridden --------------------------------------------------------

    def save_op(self, filename_tensor, saveables):
        """An operation that saves."""
        specs = [spec for saveable in saveables for spec in saveable.specs]
        names, slices = [spec.name for spec in specs], [spec.slice_spec for spec in specs]
        tensors = [_to_save(spec.tensor) for spec in specs]
        if self._write_version == SaverDef.V1:
            return save_v1(filename_tensor, names, tensors, slices)
        if self._write_version == SaverDef.V2:
            return save_v2(filename_tensor, names, slices, tensors)
        raise RuntimeError(f"Unexpected write_version: {self._write_version}")

    def bulk_restore(self, filename_tensor, saveables, preferred_shard, restore_sequentially):
        """The tensors of all saveables, read one by one."""
        found = []
        for saveable in saveables:
            with device(_on_cpu(saveable.device) if saveable.device else None):
                found.extend(self.restore_op(filename_tensor, saveable, preferred_shard))
        return found

    def restore_op(self, filename_tensor, saveable, preferred_shard):
        """The tensors of one saveable."""
        return [
            restore_v2(filename_tensor, [spec.name], [spec.slice_spec], [spec.dtype.base_dtype])[0]
            for spec in saveable.specs
        ]

    def sharded_filename(self, filename_tensor, shard, num_shards):
        """The name of one of several files."""
        return sharded_filename(filename_tensor, shard, num_shards)

    # -- saving ----------------------------------------------------------------------------------

    def _AddSaveOps(self, filename_tensor, saveables):
        save = self.save_op(filename_tensor, saveables)
        return with_dependencies([save], filename_tensor)

    def _AddShardedSaveOps(self, filename_tensor, per_device):
        if self._write_version == SaverDef.V2:
            return self._AddShardedSaveOpsForV2(filename_tensor, per_device)
        number = constant(len(per_device), name="num_shards")
        saves = []
        for shard, (place, items) in enumerate(per_device):
            with device(place):
                name = self.sharded_filename(filename_tensor, shard, number)
                saves.append(self._AddSaveOps(name, items))
        with control_dependencies([save.op for save in saves]):
            return sharded_filespec(filename_tensor, number)

    def _AddShardedSaveOpsForV2(self, checkpoint_prefix, per_device):
        """Each device writes a checkpoint of its own; the last step makes them one."""
        suffix = f"_temp_{os.urandom(16).hex()}/part"
        temporary = string_join([checkpoint_prefix, suffix])
        number = constant(len(per_device), name="num_shards")
        names, saves = [], []
        for shard, (place, items) in enumerate(per_device):
            with device(_on_cpu(place)):
                names.append(self.sharded_filename(temporary, shard, number))
                saves.append(self._AddSaveOps(names[-1], items))
        last = _on_cpu(per_device[-1][0])
        with control_dependencies([save.op for save in saves]), device(last):
            merged = merge_v2_checkpoints(names, checkpoint_prefix, delete_old_dirs=True)
            with control_dependencies([merged]):
                return identity(checkpoint_prefix)

    # -- restoring -------------------------------------------------------------------------------

    def _AddRestoreOps(
        self, filename_tensor, saveables, restore_sequentially, reshape, preferred_shard=-1,
        name="restore_all",
    ):  # fmt: skip
        tensors = iter(self.bulk_restore(
            filename_tensor, saveables, preferred_shard, restore_sequentially
        ))  # fmt: skip
        assigned = []
        for saveable in saveables:
            shapes = [_shape(spec.tensor) for spec in saveable.specs] if reshape else None
            assigned.append(saveable.restore([next(tensors) for _ in saveable.specs], shapes))
        return group(*assigned, name=name)

    def _AddShardedRestoreOps(self, filename_tensor, per_device, restore_sequentially, reshape):
        restores = []
        for shard, (place, items) in enumerate(per_device):
            with device(place):
                restores.append(self._AddRestoreOps(
                    filename_tensor, items, restore_sequentially, reshape, preferred_shard=shard,
                    name="restore_shard",
                ))  # fmt: skip
        return group(*restores, name="restore_all")

    def _GroupByDevices(self, saveables):
        """(device, saveables) sorted. ValueError for one whose tensors are on several."""
        by_device = {}
        for saveable in saveables:
            places = {canonical(spec.device) for spec in saveable.specs}
            if len(places) != 1:
                raise ValueError("All tensors of a saveable object must be on the same device: "
                                 f"{saveable.name}")  # fmt: skip
            by_device.setdefault(places.pop(), []).append(saveable)
        return sorted(by_device.items(), key=lambda pair: pair[0])

    # -- all of it -------------------------------------------------------------------------------

    def build(
        self,
        names_to_saveables,
        reshape=False,
        sharded=False,
        max_to_keep=5,
        keep_checkpoint_every_n_hours=10000.0,
        name=None,
        restore_sequentially=False,
        filename="model",
    ):
        """Add the nodes for variables, a list or a dict by names; the result is a SaverDef.

        TypeError for what cannot be saved, ValueError for what has a name, or is there, twice.
        """
        items = saveables.saveables_of(names_to_saveables)
        with name_scope(name, "save", [item.op for item in items]):
            file = placeholder_with_default(filename or "model", shape=(), name="filename")
            file = placeholder_with_default(file, shape=(), name="Const")
            if sharded:
                grouped = self._GroupByDevices(items)
                save = self._AddShardedSaveOps(file, grouped)
                restore = self._AddShardedRestoreOps(file, grouped, restore_sequentially, reshape)
            else:
                save = self._AddSaveOps(file, items)
                restore = self._AddRestoreOps(file, items, restore_sequentially, reshape)
        _put_together()
        return SaverDef(
            filename_tensor_name=file.name, save_tensor_name=save.name,
            restore_op_name=restore.name, max_to_keep=max_to_keep or 0, sharded=sharded,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours,
            version=self._write_version,
        )  # fmt: skip


    # -- where operations run at once ------------------------------------------------------------

    def save_at_once(self, filename, names_to_saveables, sharded=False):
        """Save variables that hold their values themselves; the name of the checkpoint."""
        items = saveables.saveables_of(names_to_saveables)
        if sharded:
            saved = self._AddShardedSaveOps(constant(filename), self._GroupByDevices(items))
        else:
            saved = self._AddSaveOps(constant(filename), items)
        return saved.numpy().decode()

    def restore_at_once(self, filename, names_to_saveables, reshape=False):
        """Restore them."""
        items = saveables.saveables_of(names_to_saveables)
        self._AddRestoreOps(constant(filename), items, False, reshape)


class BulkSaverBuilder(BaseSaverBuilder):
    """Restores all tensors of a device by one node."""

    def bulk_restore(self, filename_tensor, saveables, preferred_shard, restore_sequentially):
        specs = [spec for saveable in saveables for spec in saveable.specs]
        names, slices = [spec.name for spec in specs], [spec.slice_spec for spec in specs]
        with device("cpu:0"):
            return restore_v2(
                filename_tensor, names, slices, [spec.dtype.base_dtype for spec in specs]
            )


def _to_save(tensor):
    """A part of a variable is read as a node, a variable where it is."""
    return tensor.value() if hasattr(tensor, "_save_slice_info") else tensor


def _on_cpu(place):
    """The same place, on its first CPU."""
    spec = DeviceSpec.from_string(place or "")
    return spec.replace(device_type="CPU", device_index=0).to_string()


def _shape(tensor):
    shape = tensor.get_shape()
    return shape if shape.is_fully_defined() else shape_of(tensor)


def _put_together():
    """As TensorFlow does, make the tensors of variables in parts that are in collections."""
    graph = get_default_graph()
    for key in graph.get_all_collection_keys():
        for item in graph.get_collection(key):
            if isinstance(item, PartitionedVariable) and item.name not in graph._operations:
                item.as_tensor()
