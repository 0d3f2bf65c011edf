"""The walk along the names by which objects have each other, and what a checkpoint says of it."""
from minitf.core.proto.checkpoint import TrackableObjectGraph
from minitf.core.trackable import children, values
from minitf.ops.state.variables import Variable

OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"  # the key of the message in a checkpoint
VALUE = "VARIABLE_VALUE"

Node = TrackableObjectGraph.TrackableObject

children.register(Variable, lambda variable: ())
values.register(Variable, lambda variable: {VALUE: variable})


class ObjectGraph:
    """All that is below `root`, nearest first, then the slots of optimizers.

    `objects` are numbered by their order, `keys` are what their keys in a checkpoint begin with,
    `slots` are (optimizer's number, variable's number, name of the slot, slot's number).
    `below(object)` says what is below one, as `children` does.
    """

    def __init__(self, root, below=children):
        self.below = below
        self.objects, self.keys, self.slots = [root], [""], []
        self._numbers = {id(root): 0}
        for number, item in enumerate(self.objects):  # which grows meanwhile
            for name, below in self.below(item):
                if id(below) not in self._numbers:
                    self._add(below, _joined(self.keys[number], _escaped(_checked(name, item))))
        self._add_slots()

    def _add(self, item, key):
        self._numbers[id(item)] = len(self.objects)
        self.objects.append(item)
        self.keys.append(key)

    def _add_slots(self):
        others = list(enumerate(self.objects))
        variables = [(number, item) for number, item in others if isinstance(item, Variable)]
        for number, optimizer in others:
            for name in optimizer.get_slot_names() if has_slots(optimizer) else ():
                for of, variable in variables:
                    slot = slot_of(optimizer, variable, name)
                    if slot is not None:
                        self._add_slot(number, of, name, slot)

    def _add_slot(self, number, of, name, slot):
        if id(slot) in self._numbers:
            raise NotImplementedError(
                f"The slot '{name}' of {self.keys[of]} is also an attribute of an object that is "
                "to be saved. A slot variable belongs to its optimizer alone."
            )
        self.slots.append((number, of, name, len(self.objects)))
        self._add(slot, f"{self.keys[of]}/.OPTIMIZER_SLOT/{self.keys[number]}/{_escaped(name)}")

    def add_children(self, node, item):
        """Let the node of an object say what is below it."""
        for name, below in self.below(item):
            node.children.add(node_id=self._numbers[id(below)], local_name=name)

    def add_slots(self, nodes):
        """Let the nodes of optimizers say what they have for variables."""
        for optimizer, of, name, slot in self.slots:
            nodes[optimizer].slot_variables.add(
                original_variable_node_id=of, slot_name=name, slot_variable_node_id=slot
            )

    def message(self):
        """(TrackableObjectGraph, {key: what holds the value})."""
        made, held = TrackableObjectGraph(), {}
        for item, key in zip(self.objects, self.keys):
            node = made.nodes.add()
            self.add_children(node, item)
            for name, holder in values(item).items():
                full = f"{key}/.ATTRIBUTES/{_escaped(name)}"
                variable = isinstance(holder, Variable)
                node.attributes.add(
                    name=name, checkpoint_key=full,
                    full_name=holder.op.name if variable else "",
                )  # fmt: skip
                held[full] = holder
        self.add_slots(made.nodes)
        return made, held


def has_slots(item):
    """Whether it is an optimizer."""
    return hasattr(item, "get_slot_names") and hasattr(item, "get_slot")


def slot_of(optimizer, variable, name):
    """The slot that an optimizer has for a variable, or None."""
    try:
        return optimizer.get_slot(variable, name)
    except (AttributeError, KeyError):
        return None


def _checked(name, item):
    if isinstance(name, str):
        return name
    raise ValueError(
        f"Unable to save a dictionary: the key {name!r}, which is not a string, maps to what a "
        "checkpoint would hold, and its names are strings. Use keys that are strings, or leave it "
        f"out by tf.contrib.checkpoint.NoDependency: {getattr(item, 'value', item)}"
    )


def _joined(key, name):
    return f"{key}/{name}" if key else name


def _escaped(name):
    """A name without slashes, which stand between names."""
    return name.replace(".", "..").replace("/", ".S")


def paths(nodes):
    """What to call the objects of a checkpoint in messages: "(root).model.kernel"."""
    found, pending = {0: "(root)"}, [0]
    for number in pending:
        for child in nodes[number].children:
            if child.node_id not in found:
                found[child.node_id] = f"{found[number]}.{child.local_name}"
                pending.append(child.node_id)
    for number, node in enumerate(nodes):
        for slot in node.slot_variables:
            found[slot.slot_variable_node_id] = (
                f"{found[number]}'s state '{slot.slot_name}' for "
                f"{found[slot.original_variable_node_id]}"
            )
    return found


def leading_to_values(nodes):
    """The numbers of the nodes that have a value, or another below them that has."""
    parents = {}
    for number, node in enumerate(nodes):
        for child in node.children:
            parents.setdefault(child.node_id, []).append(number)
    pending = [number for number, node in enumerate(nodes) if node.attributes]
    found = set(pending)
    for number in pending:
        pending += [each for each in parents.get(number, ()) if each not in found]
        found.update(parents.get(number, ()))
    return sorted(found)
