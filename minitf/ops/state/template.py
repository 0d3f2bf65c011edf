"""`tf.make_template`: a function whose variables are made by its first call and shared by all."""

from functools import partial

from minitf.core.eager import executing_eagerly
from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.core.trackable import changed, children
from minitf.ops.state.eager_store import EagerVariableStore
from minitf.ops.state.variable_scope import variable_scope
from minitf.ops.state.variables import in_init_scope


def make_template(
    name_, func_, create_scope_now_=False, unique_name_=None, custom_getter_=None, **kwargs
):
    """A function like `func_`, whose variables, made by `tf.get_variable`, all calls share.

    They are in a variable scope whose name is `name_`, made unique, or `unique_name_` as it is. It
    is opened by the first call, or at once with `create_scope_now_`. `func_` gets `kwargs` too.
    ValueError when a later call would make a trainable variable, and for a `unique_name_` where
    operations run at once.
    """
    if unique_name_ is not None and executing_eagerly():
        raise ValueError("unique_name_ cannot be used when eager execution is enabled.")
    func = partial(func_, **kwargs) if kwargs else func_
    return Template(name_, func, create_scope_now_, unique_name_, custom_getter_)


class Template:
    """What `tf.make_template` returns."""

    def __init__(self, name, func, create_scope_now=False, unique_name=None, custom_getter=None):
        if name is None:
            raise ValueError("name cannot be None.")
        self._name, self._func, self._variables_created = name, func, False
        self._template_store = EagerVariableStore.inside() if in_init_scope().eager else None
        self._new_scope = partial(variable_scope, unique_name, name, custom_getter=custom_getter)
        self._scope, self._inside = None, []  # templates that the function calls
        if create_scope_now:
            with self._new_scope(auxiliary_name_scope=False) as self._scope:
                pass

    name = property(lambda self: self._name)
    func = property(lambda self: self._func)
    variable_scope = property(lambda self: self._scope, doc="None before the first call.")

    @property
    def variable_scope_name(self):
        """The name of the variable scope, ending in a slash; None before the first call."""
        name = None if self._scope is None else self._scope.name
        return f"{name}/" if name and not name.endswith("/") else name

    def __call__(self, *args, **kwargs):
        if self._template_store is None:
            return self._call(args, kwargs)
        with self._template_store.as_default():
            return self._call(args, kwargs)

    def _call(self, args, kwargs):
        if self._scope is None:
            with self._new_scope() as self._scope:
                return self._result(args, kwargs)
        with variable_scope(self._scope, reuse=self._variables_created):
            return self._result(args, kwargs)

    def _result(self, args, kwargs):
        before = len(self._trained())
        for outer in _called[-1:]:
            outer._take_in(self)
        _called.append(self)
        try:
            result = self._func(*args, **kwargs)
        finally:
            _called.pop()
        made = self._trained()[before:]
        if self._variables_created and made:
            raise ValueError(
                "Trainable variable created when calling a template after the first time, perhaps "
                f"you used tf.Variable when you meant tf.get_variable: {made}"
            )
        self._variables_created = True
        changed()
        return result

    def _trained(self):
        """The trainable variables there are: where operations run at once, those of its scope."""
        if self._template_store is not None:
            return self._of_store(GraphKeys.TRAINABLE_VARIABLES)
        return get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def _take_in(self, other):
        if other not in self._inside and other.variable_scope_name.startswith(
            self.variable_scope_name
        ):
            self._inside.append(other)

    @property
    def variables(self):
        """The global and the local variables of the template's scope."""
        return self.global_variables + self.local_variables

    weights = variables

    @property
    def global_variables(self):
        """The global variables of the template's scope; none before the first call."""
        return self._collected(GraphKeys.GLOBAL_VARIABLES)

    @property
    def local_variables(self):
        """The local variables of the template's scope."""
        return self._collected(GraphKeys.LOCAL_VARIABLES)

    @property
    def trainable_variables(self):
        """The trainable variables of the template's scope."""
        return self._collected(GraphKeys.TRAINABLE_VARIABLES)

    trainable_weights = trainable_variables

    @property
    def non_trainable_variables(self):
        """The variables of the template's scope that are not trainable."""
        trainable = self.trainable_variables
        return [each for each in self.variables if not any(each is other for other in trainable)]

    non_trainable_weights = non_trainable_variables

    def _collected(self, key):
        if self._template_store is not None:
            return self._of_store(key)
        return [] if self._scope is None else get_collection(key, self.variable_scope_name)

    def _of_store(self, key):
        """Those of the store below the template's scope: templates inside of others share one."""
        if self._scope is None or key == GraphKeys.LOCAL_VARIABLES:
            return []
        trained = key == GraphKeys.TRAINABLE_VARIABLES
        found = self._template_store.variables()
        return [each for each in found if each.name.startswith(self.variable_scope_name)
                and (each.trainable or not trained)]  # fmt: skip


_called = []  # the templates that are being called, one inside of the other


@children.register(Template)
def _children(template):
    """The variables by their names in the template's scope, those of templates inside by these."""
    start = len(template.variable_scope_name or "")
    inside = [(each.variable_scope_name[start:-1], each) for each in template._inside]
    names = tuple(f"{name}/" for name, _ in inside)
    own = [(variable.op.name[start:], variable) for variable in template.variables]
    return [*inside, *[(name, each) for name, each in own if not name.startswith(names)]]
