"""What is in a checkpoint of objects."""
from minitf.core.proto.checkpoint import TrackableObjectGraph
from minitf.train.checkpoint_reader import NewCheckpointReader
from minitf.train.object_graph import OBJECT_GRAPH, VALUE, ObjectGraph


def list_objects(root_trackable):
    """All objects that would be saved with this one, which is the first of them."""
    return ObjectGraph(root_trackable).objects


def object_metadata(save_path):
    """The message of a checkpoint that says which objects it has: a CheckpointableObjectGraph.

    ValueError for a checkpoint of tf.train.Saver, NotFoundError when there is none.
    """
    reader = NewCheckpointReader(save_path)
    if not reader.has_tensor(OBJECT_GRAPH):
        raise ValueError(
            f'The specified checkpoint "{save_path}" does not appear to be object-based (it is '
            f'missing the key "{OBJECT_GRAPH}"). Likely it was created with a name-based saver and '
            "does not contain an object dependency graph."
        )
    return TrackableObjectGraph.FromString(reader.get_tensor(OBJECT_GRAPH))


def dot_graph_from_checkpoint(save_path):
    """The objects of a checkpoint as a graph in the DOT language.

    Variables are blue points, slots orange, optimizers red. Errors as `object_metadata` has them.
    """
    nodes = object_metadata(save_path).nodes
    slots = {slot.slot_variable_node_id for node in nodes for slot in node.slot_variables}
    reader = NewCheckpointReader(save_path)
    known = reader.get_variable_to_dtype_map(), reader.get_variable_to_shape_map()
    lines = [
        line for number, node in enumerate(nodes)
        for line in (_point(number, node, number in slots, *known), *_lines(number, node))
    ]  # fmt: skip
    return "digraph {\n" + "\n".join(lines) + "\n}\n"


def _point(number, node, is_slot, dtypes, shapes):
    if len(node.attributes) == 1 and node.attributes[0].name == VALUE:
        attribute = node.attributes[0]
        dtype, shape = dtypes[attribute.checkpoint_key], shapes[attribute.checkpoint_key]
        kind, color = ("Slot variable", "orange") if is_slot else ("Variable", "blue")
        tip = f"{kind} {_escaped(attribute.full_name)} shape={shape} {dtype.name}"
        return f'N_{number} [shape=point label="" color={color} width=.25 tooltip="{tip}"]'
    if node.slot_variables:
        return f'N_{number} [shape=point label="" width=.25 color=red,tooltip="Optimizer"]'
    return f'N_{number} [shape=point label="" width=.25]'


def _lines(number, node):
    for child in node.children:
        yield f'N_{number} -> N_{child.node_id} [label="{_escaped(child.local_name)}"]'
    for slot in node.slot_variables:
        at = slot.slot_variable_node_id
        yield f'N_{number} -> N_{at} [label="{_escaped(slot.slot_name)}" style=dotted]'
        yield f"N_{slot.original_variable_node_id} -> N_{at} [style=dotted]"


def _escaped(name):
    return name.replace('"', '\\"')
