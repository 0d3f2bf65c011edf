"""`tf.Module`: an object that has variables, and other such objects, and names their nodes."""
import functools
import re
from collections.abc import Mapping

from minitf.core.graph import name_scope
from minitf.core.trackable import AutoTrackable
from minitf.ops.state.variables import Variable

_WORD = re.compile(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))")


class Module(AutoTrackable):
    """Finds the variables and modules among its attributes, also in lists and dictionaries.

    `name` also names the scope of nodes; without one it is that of the class in snake case.
    ValueError for a name that is no identifier. `tf.train.Checkpoint` saves what it has.

        class Dense(tf.Module):
            def __init__(self, inputs, outputs, name=None):
                super().__init__(name=name)
                self.w = tf.Variable(tf.random.normal([inputs, outputs]), name="w")

            @tf.Module.with_name_scope
            def __call__(self, x):
                return tf.nn.relu(tf.matmul(x, self.w))
    """

    _TF_MODULE_IGNORED_PROPERTIES = frozenset({"_edges"})

    def __init__(self, name=None):
        name = _WORD.sub(r"_\1", type(self).__name__).lower() if name is None else name
        if not re.match(r"[a-zA-Z_]\w*$", name, re.ASCII):
            raise ValueError(f"{name!r} is not a valid module name. Module names must be valid "
                             "Python identifiers (e.g. a valid class name).")  # fmt: skip
        self._name = name
        with name_scope(name) as scope:
            self._scope_name = scope

    @property
    def name(self):
        """The name, without those of modules around it."""
        return self._name

    @property
    def name_scope(self):
        """A scope to be entered: `with module.name_scope:`."""
        return name_scope(self._scope_name)

    @property
    def variables(self):
        """Its own by the names of the attributes, then those of modules in it, nearest first."""
        return tuple(self._flatten(predicate=lambda leaf: isinstance(leaf, Variable)))

    @property
    def trainable_variables(self):
        """Of these the ones that are trained."""
        return tuple(variable for variable in self.variables if variable.trainable)

    @property
    def submodules(self):
        """All modules in it, nearest first."""
        return tuple(self._flatten(predicate=lambda leaf: isinstance(leaf, Module)))

    def _flatten(self, recursive=True, predicate=None, attribute_traversal_key=None,
                 with_path=False):  # fmt: skip
        """What its attributes have in them, by their names: the leaves that `predicate` is true of,
        or (path, leaf); with `recursive` then those of each module among them. Each leaf once,
        unless with its paths."""
        found = _leaves(self, (), recursive, attribute_traversal_key, None if with_path else set())
        for path, leaf in found:
            if predicate is None or predicate(leaf):
                yield (path, leaf) if with_path else leaf

    @classmethod
    def with_name_scope(cls, method):
        """Decorator: the nodes that a method builds are in the module's scope."""

        @functools.wraps(method)
        def scoped(self, *args, **kwargs):
            with self.name_scope:
                return method(self, *args, **kwargs)

        return scoped


def _leaves(module, path, recursive, key, seen):
    """(path, leaf) of a module's attributes, then of those of the modules among them; without what
    was `seen`, a set of ids."""
    if seen is not None:
        seen.add(id(module))
    below = []
    for name in sorted(vars(module), key=key):
        inside = () if name in module._TF_MODULE_IGNORED_PROPERTIES else vars(module)[name]
        for rest, leaf in _with_paths(inside):
            if seen is None or id(leaf) not in seen:
                if seen is not None:
                    seen.add(id(leaf))
                yield (*path, name, *rest), leaf
                below += [((*path, name, *rest), leaf)] if isinstance(leaf, Module) else []
    for place, leaf in below if recursive else ():
        yield from _leaves(leaf, place, recursive, key, seen)


def _with_paths(value):
    """(path, leaf) of lists, tuples and dictionaries, these by the order of their keys."""
    if isinstance(value, Mapping):
        items = [(key, value[key]) for key in sorted(value)]
    elif hasattr(value, "_fields"):
        items = list(zip(value._fields, value))
    elif isinstance(value, (list, tuple)):
        items = list(enumerate(value))
    else:
        yield (), value
        return
    for key, part in items:
        yield from (((key, *path), leaf) for path, leaf in _with_paths(part))
