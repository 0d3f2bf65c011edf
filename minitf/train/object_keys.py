"""Checkpoints of objects read by tf.train.Saver: by the names that the variables had then."""
from minitf.core.errors import NotFoundError
from minitf.core.proto.checkpoint import TrackableObjectGraph
from minitf.train.checkpoint_reader import NewCheckpointReader
from minitf.train.object_graph import OBJECT_GRAPH
from minitf.train.saveables import saveables_of


def keys_by_name(reader):
    """{name of a variable: its key} of a checkpoint of objects, None for another one."""
    if not reader.has_tensor(OBJECT_GRAPH):
        return None
    nodes = TrackableObjectGraph.FromString(reader.get_tensor(OBJECT_GRAPH)).nodes
    return {each.full_name: each.checkpoint_key for node in nodes for each in node.attributes}


def saveables_by_key(var_list, prefix):
    """SaveableObjects of variables that bear the keys which a checkpoint of objects has for them.

    None for a checkpoint that is none of objects; NotFoundError for a variable that it has not.
    """
    keys = keys_by_name(NewCheckpointReader(prefix))
    if keys is None:
        return None
    found = saveables_of(var_list)
    specs = [spec for saveable in found for spec in saveable.specs]
    missing = {spec.name for spec in specs} - keys.keys()
    if missing:
        raise NotFoundError(None, None, _explained(missing, keys.keys(), len(specs)))
    for spec in specs:
        spec.name = keys[spec.name]
    return found


def _explained(missing, there, count):
    return (
        f"\n\nExisting variables not in the checkpoint: {', '.join(sorted(missing))}\n\nVariables "
        f"names when this checkpoint was written: {', '.join(sorted(filter(None, there)))}\n\n"
        f"({count - len(missing)} variable name(s) did match)\n\nCould not find some variables in "
        "the checkpoint (see names above). Saver was attempting to load an object-based checkpoint "
        "(saved using tf.train.Checkpoint or tf.keras.Model.save_weights) using variable names. "
        "Where names have changed, pass a dictionary with the old names as keys: "
        "Saver(var_list={...}); or use tf.train.Checkpoint."
    )
