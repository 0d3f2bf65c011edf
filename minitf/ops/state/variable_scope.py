"""tf.get_variable and tf.variable_scope: variables shared by name."""

import threading
from contextlib import ExitStack, contextmanager
from functools import partial

from minitf.core.dtypes import as_dtype, float32
from minitf.core.graph import get_collection, get_default_graph, graph_of, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.ops.state import variable_store
from minitf.ops.state.copies import VariableAggregation, VariableSynchronization
from minitf.ops.state.variable_store import AUTO_REUSE


class VariableScope:
    """What `tf.get_variable` uses where it is not told: a prefix of names, whether to reuse, and
    defaults. `tf.get_variable_scope()` returns the current one."""

    def __init__(
        self,
        reuse,
        name="",
        initializer=None,
        regularizer=None,
        caching_device=None,
        partitioner=None,
        custom_getter=None,
        name_scope="",
        dtype=float32,
        use_resource=None,
        constraint=None,
    ):
        self._reuse = AUTO_REUSE if get_default_graph().eager else reuse
        self._name, self._name_scope = name, name_scope
        self._initializer, self._regularizer = initializer, regularizer
        self._caching_device, self._partitioner = caching_device, partitioner
        self._custom_getter, self._dtype = custom_getter, dtype
        self._use_resource, self._constraint = use_resource, constraint

    name = property(lambda self: self._name)
    original_name_scope = property(
        lambda self: self._name_scope, doc="The name scope of the first entry, to re-enter it."
    )
    reuse = property(lambda self: self._reuse)
    initializer = property(lambda self: self._initializer)
    regularizer = property(lambda self: self._regularizer)
    caching_device = property(lambda self: self._caching_device)
    partitioner = property(lambda self: self._partitioner)
    custom_getter = property(lambda self: self._custom_getter)
    dtype = property(lambda self: self._dtype)
    use_resource = property(lambda self: self._use_resource)
    constraint = property(lambda self: self._constraint)

    def reuse_variables(self):
        """From here on, `tf.get_variable` in this scope only finds variables that are there."""
        self._reuse = True

    def set_initializer(self, initializer):
        self._initializer = initializer

    def set_regularizer(self, regularizer):
        self._regularizer = regularizer

    def set_caching_device(self, caching_device):
        self._caching_device = caching_device

    def set_partitioner(self, partitioner):
        self._partitioner = partitioner

    def set_custom_getter(self, custom_getter):
        self._custom_getter = custom_getter

    def set_dtype(self, dtype):
        self._dtype = dtype

    def set_use_resource(self, use_resource):
        self._use_resource = use_resource

    def get_collection(self, name):
        """The items of a collection whose names begin with this scope."""
        return get_collection(name, f"{self._name}/" if self._name else "")

    def trainable_variables(self):
        return self.get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def global_variables(self):
        return self.get_collection(GraphKeys.GLOBAL_VARIABLES)

    def local_variables(self):
        return self.get_collection(GraphKeys.LOCAL_VARIABLES)

    def _get_variable(self, name, dtype, initializer, reuse=None, **options):
        """`tf.get_variable`, the scope's defaults filled in. Where operations run at once, nothing
        is kept that could be found."""
        if get_default_graph().eager:
            reuse, options["use_resource"] = False, True
        for key in ("regularizer", "caching_device", "partitioner", "custom_getter", "constraint",
                    "use_resource"):  # fmt: skip
            if options[key] is None:
                options[key] = getattr(self, key)
        with name_scope(None):
            variable_store.check_initializer_type(initializer, dtype)
            return variable_store.get(
                f"{self._name}/{name}" if self._name else name,
                dtype=self._dtype if dtype is None else dtype,
                initializer=self._initializer if initializer is None else initializer,
                reuse=self._reuse if reuse is None else reuse,
                **options,
            )

    def _in_parts(self, partitioner, shape, dtype, initializer, trainable, collections):
        """The variable in parts that bears the scope's own name."""
        if self._custom_getter is not None:
            raise ValueError(
                "create_partitioned_variables is not allowed when a custom getter is set.  Current "
                f"custom getter: {self._custom_getter}.  Consider get_variable with a partitioner."
            )
        with name_scope(None):
            return variable_store.in_parts(
                self._name, partitioner, shape, as_dtype(dtype).base_dtype,
                self._initializer if initializer is None else initializer, self._reuse,
                regularizer=self._regularizer, trainable=trainable, collections=collections,
                caching_device=self._caching_device, use_resource=self._use_resource,
                constraint=self._constraint,
            )  # fmt: skip

    def _child(self, name, name_scope, given):
        """This scope under another name, with what is `given` in place of what it has."""
        scope = VariableScope(
            given["reuse"] or self._reuse, name, self._initializer, self._regularizer,
            self._caching_device, self._partitioner, self._custom_getter, name_scope,
            self._dtype, self._use_resource, given["constraint"],
        )  # fmt: skip
        for key in ("initializer", "regularizer", "caching_device", "partitioner", "dtype",
                    "use_resource"):  # fmt: skip
            if given[key] is not None:
                setattr(scope, f"_{key}", given[key])
        if given["custom_getter"] is not None:
            scope._custom_getter = _nested(given["custom_getter"], self._custom_getter)
        return scope


def _nested(inner, outer):
    if outer is None:
        return inner

    def getter(getter, *args, **kwargs):
        return inner(partial(outer, getter), *args, **kwargs)

    return getter


class _Scopes(threading.local):
    """A graph's current scope, and how often each name was opened, in one thread."""

    def __init__(self):
        self.current = VariableScope(False)
        self.counts = {}

    def unique(self, prefix):
        """`prefix`, with `_1`, `_2` ... when a scope of that name has been opened here."""
        path = f"{self.current.name}/{prefix}" if self.current.name else prefix
        if not self.counts.get(path):
            return prefix
        number = 1
        while self.counts.get(f"{path}_{number}"):
            number += 1
        return f"{prefix}_{number}"

    @contextmanager
    def opened(self, scope, again):
        """Make `scope` current; `again` when it was entered before and is only returned to."""
        outer = self.current
        self.counts[scope.name] = self.counts.get(scope.name, 0) + 1
        counts = dict(self.counts)
        self.current = scope
        try:
            yield scope
        finally:
            if self.current is not scope:
                raise RuntimeError("Improper nesting of variable_scope.")
            self.current = outer
            self.counts = counts if again else self._without(scope.name)

    def _without(self, name):
        return {k: 0 if k.startswith(f"{name}/") else n for k, n in self.counts.items()}


def _scopes():
    stored = get_default_graph()._scope_store
    if "scopes" not in stored:
        stored["scopes"] = _Scopes()
    return stored["scopes"]


class variable_scope:
    """`with tf.variable_scope("layer1"):` prefixes variables (`layer1/W`) and nodes alike.

    `name_or_scope` is a name, or a VariableScope to return to; None takes `default_name` and makes
    it unique. `reuse=True` finds variables made before, `tf.AUTO_REUSE` makes those that are
    missing; the rest are defaults of `tf.get_variable` inside. With `auxiliary_name_scope=False`
    nodes are not prefixed. Raises TypeError or ValueError for arguments that do not fit.
    """

    def __init__(
        self,
        name_or_scope,
        default_name=None,
        values=None,
        initializer=None,
        regularizer=None,
        caching_device=None,
        partitioner=None,
        custom_getter=None,
        reuse=None,
        dtype=None,
        use_resource=None,
        constraint=None,
        auxiliary_name_scope=True,
    ):
        if default_name is None and name_or_scope is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if reuse not in (True, False, None, AUTO_REUSE):
            raise ValueError("The reuse parameter must be True or False or None.")
        if not isinstance(auxiliary_name_scope, bool):
            raise TypeError(
                "The auxiliary_name_scope must be `True` or `False`, while get "
                f"{auxiliary_name_scope}"
            )
        self._target, self._default_name = name_or_scope, default_name
        self._auxiliary, self._graph = auxiliary_name_scope, graph_of(values or ())
        self._given = {
            "reuse": reuse or None, "initializer": initializer, "regularizer": regularizer,
            "caching_device": caching_device, "partitioner": partitioner, "dtype": dtype,
            "custom_getter": custom_getter, "use_resource": use_resource,
            "constraint": constraint,
        }  # fmt: skip

    def __enter__(self):
        with ExitStack() as stack:
            stack.enter_context(self._graph.as_default())
            scope = self._enter(stack, self._target, _scopes())
            self._contexts = stack.pop_all()
        return scope

    def __exit__(self, *error):
        return self._contexts.__exit__(*error)

    def _enter(self, stack, target, scopes):
        if isinstance(target, VariableScope):
            self._enter_names(stack, target.name.split("/")[-1])
            scope = target._child(target.name, target.original_name_scope, self._given)
            return stack.enter_context(scopes.opened(scope, again=True))
        if target is None:
            if self._given["reuse"]:
                raise ValueError("reuse=True cannot be used without a name_or_scope")
            prefix = self._enter_names(stack, self._default_name)
            target = self._unique = getattr(self, "_unique", None) or scopes.unique(
                self._default_name
            )
        elif isinstance(target, str):
            prefix = self._enter_names(stack, target)
        else:
            raise TypeError("VariableScope: name_or_scope must be a string or VariableScope.")
        outer = scopes.current
        path = f"{outer.name}/{target}" if outer.name else target
        return stack.enter_context(scopes.opened(outer._child(path, prefix, self._given), False))

    def _enter_names(self, stack, name):
        """Enter the name scope and return its path."""
        if not self._auxiliary:
            current = self._graph.get_name_scope()
            return stack.enter_context(name_scope(f"{current}/" if current else ""))
        return stack.enter_context(name_scope(name)) if name else ""


def get_variable_scope():
    """The current VariableScope."""
    return _scopes().current


def get_variable(
    name,
    shape=None,
    dtype=None,
    initializer=None,
    regularizer=None,
    trainable=None,
    collections=None,
    caching_device=None,
    partitioner=None,
    validate_shape=True,
    use_resource=None,
    custom_getter=None,
    constraint=None,
    synchronization=VariableSynchronization.AUTO,
    aggregation=VariableAggregation.NONE,
):
    """The variable `name` of the current variable scope: made, or in a reusing scope found.

    `initializer` is an Initializer called with `shape` (glorot_uniform for floats, zeros for
    integers when nothing else is said), or a value that brings its shape. The loss that
    `regularizer` makes of it goes to the collection "regularization_losses". Raises ValueError
    when the variable is there and the scope does not reuse, or is not there and it does, when
    shape or type differ, or when there is no shape. A `partitioner`, a function of shape and dtype,
    says into how many parts to cut it along each axis: the result is a PartitionedVariable.
    """
    return get_variable_scope()._get_variable(
        name,
        dtype,
        initializer,
        shape=shape,
        regularizer=regularizer,
        trainable=trainable,
        collections=collections,
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def get_local_variable(
    name,
    shape=None,
    dtype=None,
    initializer=None,
    regularizer=None,
    trainable=False,
    collections=None,
    caching_device=None,
    partitioner=None,
    validate_shape=True,
    use_resource=None,
    custom_getter=None,
    constraint=None,
    synchronization=VariableSynchronization.AUTO,
    aggregation=VariableAggregation.NONE,
):
    """`tf.get_variable` for a variable of this process: not trained, not saved."""
    return get_variable(
        name,
        shape,
        dtype,
        initializer,
        regularizer,
        False,
        [*(collections or ()), GraphKeys.LOCAL_VARIABLES],
        caching_device,
        partitioner,
        validate_shape,
        use_resource,
        custom_getter,
        constraint,
        synchronization,
        aggregation,
    )


def variable_op_scope(values, name_or_scope, default_name=None, *args, **kwargs):
    """The older spelling of `tf.variable_scope`."""
    return variable_scope(name_or_scope, default_name, values, *args, **kwargs)


def no_regularizer(_):
    """A regularizer that adds nothing: it hides the scope's."""
    return None
