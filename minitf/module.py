"""`tf.Module`: an object that has variables, and other such objects, and names their nodes."""
import functools
import re

from minitf.core.graph import name_scope
from minitf.core.module_tree import ModuleTree
from minitf.core.trackable import AutoTrackable
from minitf.ops.state.variables import Variable

_WORD = re.compile(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))")


class Module(ModuleTree, AutoTrackable):
    """Finds the variables and modules among its attributes, also in lists and dictionaries. Layers
    are modules, too.

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

    @classmethod
    def with_name_scope(cls, method):
        """Decorator: the nodes that a method builds are in the module's scope."""

        @functools.wraps(method)
        def scoped(self, *args, **kwargs):
            with self.name_scope:
                return method(self, *args, **kwargs)

        return scoped
