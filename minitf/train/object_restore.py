"""Restoring objects: which object of the program is which of a checkpoint, as far as it is there.

What is made later gets its value then: `minitf.core.trackable.changed` is called where an object
gets another below it, and lets restores that wait go on.
"""
import itertools
import weakref

from minitf import logging
from minitf.core import trackable
from minitf.core.trackable import Trackable, children, values
from minitf.ops.state.variables import Variable
from minitf.train import object_values
from minitf.train.object_graph import has_slots, leading_to_values, paths, slot_of

_numbers = itertools.count(1)
newest = weakref.WeakKeyDictionary()  # {object: the number of the restore that it got values from}


def number():
    """The number of a restore: of two, the later one counts."""
    return next(_numbers)


class Restore:
    """A checkpoint that is being restored: `nodes` are those of its message.

    `objects` are the objects of the program that were found, weakly, by the number of their node;
    `unused` the values that an object of the program has not; `ready` {variable: key} of those
    that wait for a session.
    """

    def __init__(self, nodes, stored, root):
        self.nodes, self.stored, self.number = nodes, stored, number()
        self.objects, self.unused = {}, {}
        self.ready = weakref.WeakKeyDictionary()
        self.session = None  # where variables get their values as soon as they are found
        self.status = lambda: None  # what the program asks about it, weakly
        self.tells = weakref.finalize(self, _tell, nodes, self.objects, self.unused)
        self._open = {}  # {number of a node: its children that are not found}
        self._slots = [(at, slot) for at, node in enumerate(nodes) for slot in node.slot_variables]
        self._bind(0, root)
        self.go_on()
        self._wait()

    def get(self, node):
        """The object of this node, if it was found and is still there."""
        found = self.objects.get(node)
        return None if found is None else found()

    # -- finding objects -------------------------------------------------------------------------

    def _wait(self):
        """Go on later, in place of those that wait for nothing else and that nobody asks about."""
        if not self._open and not self._slots:
            return
        awaited = self._awaited()
        others = [getattr(each, "__self__", None) for each in trackable.waiting]
        trackable.waiting[:] = [self.go_on] + [
            each for each, other in zip(trackable.waiting, others)
            if not isinstance(other, Restore) or other.status() is not None
            or not other._awaited() <= awaited
        ]  # fmt: skip

    def _awaited(self):
        """What has not been found, as (object, name)."""
        pairs = [(node, child.local_name) for node, some in self._open.items() for child in some]
        pairs += [(at, slot.slot_name) for at, slot in self._slots]
        return {(id(self.get(node)), name) for node, name in pairs}

    def go_on(self):
        """Look for what has not been found."""
        while any([self._look(node) for node in list(self._open)] + [self._look_for_slots()]):
            pass
        if not self._open and not self._slots and self.go_on in trackable.waiting:
            trackable.waiting.remove(self.go_on)

    def stop(self):
        """Look no more for what has not been found, and do not warn of it."""
        self.tells.detach()
        self._open, self._slots = {}, []
        self.go_on()

    def _look(self, node):
        """Find children of an object; whether there were any."""
        item, missing = self.get(node), self._open[node]
        if item is None:  # it is no more
            del self._open[node]
            return False
        known = dict(children(item))
        make = item._lookup_dependency if _makes_children(item) else known.get
        found = [(each, make(each.local_name)) for each in missing]
        self._open[node] = [each for each, below in found if below is None]
        if not self._open[node]:
            del self._open[node]
        for each, below in found:
            if below is not None:
                self._bind(each.node_id, below)
        return any(below is not None for _, below in found)

    def _bind(self, node, item):
        known = self.get(node)
        if known is not None:
            if known is not item:
                logging.warning(
                    "Inconsistent references when loading the checkpoint into this object graph. "
                    "Either the Trackable object references in the Python program have changed in "
                    "an incompatible way, or the checkpoint was generated in an incompatible "
                    "program.\n\nTwo checkpoint references resolved to different objects (%s and "
                    "%s).", known, item,
                )  # fmt: skip
            return
        self.objects[node] = weakref.ref(item)
        if self.nodes[node].children:
            self._open[node] = list(self.nodes[node].children)
        if newest.get(item, 0) < self.number:
            newest[item] = self.number
            self._take_values(node, item)

    def _look_for_slots(self):
        """Find slots whose optimizer and variable were found; whether there were any."""
        pending, self._slots = self._slots, []
        for at, slot in pending:
            made = self._slot(self.get(at), self.get(slot.original_variable_node_id), slot)
            if made is None:
                self._slots.append((at, slot))
            else:
                self._bind(slot.slot_variable_node_id, made)
        if not any(reference() is not None for reference in self.objects.values()):
            self._slots = []
        return len(self._slots) < len(pending)

    def _slot(self, optimizer, variable, slot):
        if optimizer is None or variable is None or not has_slots(optimizer):
            return None
        found = slot_of(optimizer, variable, slot.slot_name)
        if found is None and object_values.holds_itself(variable):
            attributes = self.nodes[slot.slot_variable_node_id].attributes
            value = self.stored.tensor(attributes[0].checkpoint_key)
            found = optimizer._restored_slot(variable, slot.slot_name, value)
        return found

    # -- their values ----------------------------------------------------------------------------

    def _take_values(self, node, item):
        held = values(item)
        for attribute in self.nodes[node].attributes:
            holder, key = held.get(attribute.name), attribute.checkpoint_key
            if holder is None:
                if not attribute.optional_restore:
                    self.unused.setdefault(node, []).append(attribute.name)
                continue
            object_values.check(holder, key, self.stored)
            if object_values.holds_itself(holder):
                object_values.give(holder, object_values.read(holder, key, self.stored))
            elif self.session is None:
                self.ready[holder] = key
            else:
                value = object_values.read(holder, key, self.stored)
                object_values.load([(holder, value)], self.session)

    def run(self, session):
        """Give the variables that were found their values in a session."""
        pairs = [(holder, object_values.read(holder, key, self.stored))
                 for holder, key in self.ready.items()]  # fmt: skip
        object_values.load(pairs, session)

    def stream(self, session):
        """The same, and to those that are found later when they are."""
        self.run(session)
        self.session = session

    # -- what is missing -------------------------------------------------------------------------

    def unresolved(self):
        """The number of the first node that was not found and that leads to a value, or None."""
        return next((n for n in leading_to_values(self.nodes) if self.get(n) is None), None)


def _makes_children(item):
    """Whether an object has a way of its own to say what is below."""
    own = getattr(type(item), "_lookup_dependency", Trackable._lookup_dependency)
    return own is not Trackable._lookup_dependency


def _tell(nodes, objects, unused):
    """Warn of what a restore that is over has not restored."""
    missing = [n for n in leading_to_values(nodes) if n not in objects]
    if not missing and not unused:
        return
    names = paths(nodes)
    for node in missing:
        logging.warning("Unresolved object in checkpoint: %s", names[node])
    for node, attributes in unused.items():
        logging.warning("Unused attribute in object %s: %s", names[node], attributes)
    logging.warning(
        "A checkpoint was restored (e.g. tf.train.Checkpoint.restore or "
        "tf.keras.Model.load_weights) but not all checkpointed values were used. See above for "
        "specific issues. Use expect_partial() on the load status object, e.g. "
        "tf.train.Checkpoint.restore(...).expect_partial(), to silence these warnings, or use "
        "assert_consumed() to make the check explicit."
    )


class NameRestore:
    """A checkpoint of tf.train.Saver, restored into variables that hold their values themselves:
    by their names."""

    def __init__(self, stored, root):
        self.stored, self.number, self.unused = stored, number(), weakref.WeakSet()
        self._root, self._found = weakref.ref(root), weakref.WeakKeyDictionary({root: True})
        self.go_on()
        trackable.waiting[:] = [self.go_on] + [
            each for each in trackable.waiting if not self._is_same(getattr(each, "__self__", None))
        ]

    def _is_same(self, other):
        """Whether another one restores the same object: this one does it from now on."""
        return isinstance(other, NameRestore) and other._root() is self._root()

    def go_on(self):
        """Restore what has been made meanwhile."""
        pending = list(self._found)
        for item in pending:
            if newest.get(item, 0) < self.number:
                newest[item] = self.number
                self._take_value(item)
            for _, below in children(item):
                if below not in self._found:
                    self._found[below] = True
                    pending.append(below)
        if not pending:
            trackable.waiting.remove(self.go_on)

    def _take_value(self, item):
        if not isinstance(item, Variable) or not object_values.holds_itself(item):
            return
        if not self.stored.has(item.op.name):
            self.unused.add(item)
            return
        object_values.check(item, item.op.name, self.stored)
        object_values.give(item, self.stored.tensor(item.op.name))
