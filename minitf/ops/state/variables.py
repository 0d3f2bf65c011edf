"""tf.Variable: a value that lives on from run to run."""

import weakref

from minitf.core.convert import convert_to_tensor, register_tensor_conversion_function
from minitf.core.graph import device, get_default_graph, get_default_session, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.proto.meta_graph import SaveSliceInfoDef, VariableDef
from minitf.core.reference import Reference
from minitf.core.scopes import prepend_name_scope, register_proto_function, strip_name_scope
from minitf.core.tensor import operators
from minitf.core.tensor_shape import is_static
from minitf.core.variable_kind import resource_variables_enabled
from minitf.ops.array.basics import identity
from minitf.ops.array.indexing import gather_nd, gather_v2
from minitf.ops.array.slice_assign import batch_scatter_update
from minitf.ops.state import assign as state
from minitf.ops.state.copies import VariableAggregation, VariableSynchronization, mode_of
from minitf.ops.state.creators import Created
from minitf.ops.state.init_scope import in_init_scope, init_scope
from minitf.ops.state.initialized import guarded, value_or_initial
from minitf.ops.state.kinds import kind_of_class
from minitf.ops.state.save_slice import SaveSliceInfo


@operators
class Variable(metaclass=Created):
    """A tensor whose value a Session keeps from run to run, until it is assigned another.

    `initial_value` is a Tensor, anything that converts to one, or a function without arguments
    that returns one; `initializer` assigns it. Unless `trainable` is False, optimizers change the
    variable. `validate_shape=False` allows an initial value of unknown shape. `constraint` is
    applied to the value after each update by an optimizer. With `use_resource` (by default what
    tf.variable_scope and tf.enable_resource_variables say) it is a ResourceVariable, which each use
    reads anew, and whose initial value may be of unknown shape. Raises ValueError without an
    initial value, or for one of unknown shape.
    """

    __array_priority__ = 100  # numpy_array + variable asks the variable first
    SaveSliceInfo = SaveSliceInfo
    _save_slice_info = None
    _is_resource = False  # read anew by each use

    def __new__(cls, *args, **kwargs):
        """Where operations run at once an EagerVariable; a ResourceVariable where one is asked for.
        """
        graph = in_init_scope()
        if graph.eager:
            return object.__new__(kind_of_class(cls, "eager"))
        asked = args[_USE_RESOURCE] if len(args) > _USE_RESOURCE else kwargs.get("use_resource")
        resource = _are_resources(graph) if asked is None else asked
        return object.__new__(kind_of_class(cls, "resource") if resource else cls)

    def __init__(
        self,
        initial_value=None,
        trainable=None,
        collections=None,
        validate_shape=True,
        caching_device=None,
        name=None,
        variable_def=None,
        dtype=None,
        expected_shape=None,
        import_scope=None,
        constraint=None,
        use_resource=None,
        synchronization=VariableSynchronization.AUTO,
        aggregation=VariableAggregation.NONE,
        shape=None,
    ):
        if variable_def is not None:
            if initial_value is not None:
                raise ValueError("variable_def and initial_value are mutually exclusive.")
            self._find(variable_def, import_scope)
            return
        _check(initial_value, collections, constraint)
        self._synchronization = mode_of(VariableSynchronization, synchronization, name)
        self._aggregation = mode_of(VariableAggregation, aggregation, name)
        if trainable is None:
            trainable = self._synchronization is not VariableSynchronization.ON_READ
        self._trainable, self._constraint = trainable, constraint
        values = [] if callable(initial_value) or in_init_scope().eager else [initial_value]
        with init_scope(), name_scope(name, "Variable", values) as scope:
            if not scope:
                raise ValueError(f"'{name}' is not a valid variable name")
            self._build(initial_value, dtype, shape, validate_shape, caching_device, scope)
            self._collect(_keys(collections, trainable))

    def _collect(self, keys):
        get_default_graph().add_to_collections(keys, self)

    def _build(self, initial_value, dtype, shape, validate_shape, caching_device, scope):
        self._initial_value = initial = self._begin(
            initial_value, dtype, shape, validate_shape, scope
        )
        safe = guarded(initial, scope[:-1])
        self._initializer = state.assign(self._variable, safe, validate_shape=validate_shape).op
        place = get_default_graph().colocate_with(self._variable.op)
        with place if caching_device is None else device(caching_device):
            self._snapshot = identity(self._variable, name="read")

    def _begin(self, initial_value, dtype, shape, validate_shape, scope):
        """Make the place of the value; the initial one."""
        initial = _initial_tensor(initial_value, dtype, scope[:-1])
        if shape is None:
            shape = initial._shape if validate_shape else None
        if validate_shape and not (self._is_resource or is_static(initial._shape)):
            raise ValueError(f"initial_value must have a shape specified: {initial}")
        base = initial.dtype.base_dtype
        self._variable = state.variable_v2(shape=shape, dtype=base, name=scope)
        self._variable.op.owner = weakref.ref(self)
        return initial

    # -- as a message ----------------------------------------------------------------------------

    def _find(self, variable_def, import_scope):
        """Be the variable whose nodes are in the graph already, under the names of a VariableDef.
        """
        graph = get_default_graph()

        def element(name):
            return graph.as_graph_element(prepend_name_scope(name, import_scope))

        self._variable = element(variable_def.variable_name)
        self._variable.op.owner = weakref.ref(self)
        self._initializer = element(variable_def.initializer_name)
        self._snapshot = element(variable_def.snapshot_name)
        initial = variable_def.initial_value_name
        self._initial_value = element(initial) if initial else None
        self._trainable, self._constraint = variable_def.trainable, None
        self._synchronization = VariableSynchronization(variable_def.synchronization)
        self._aggregation = VariableAggregation(variable_def.aggregation)
        if variable_def.HasField("save_slice_info_def"):
            found = variable_def.save_slice_info_def
            self._save_slice_info = SaveSliceInfo(
                prepend_name_scope(found.full_name, import_scope), list(found.full_shape),
                list(found.var_offset), list(found.var_shape),
            )  # fmt: skip

    def to_proto(self, export_scope=None):
        """A VariableDef: the names of its nodes, without the name scope `export_scope`; None for a
        variable that is not in it."""
        if export_scope is not None and not self.name.startswith(export_scope):
            return None
        made = VariableDef(
            variable_name=strip_name_scope(self.name, export_scope),
            initializer_name=strip_name_scope(self._initializer.name, export_scope),
            snapshot_name=strip_name_scope(self._snapshot.name, export_scope),
            trainable=bool(self._trainable), synchronization=self._synchronization.value,
            aggregation=self._aggregation.value,
        )  # fmt: skip
        if self._initial_value is not None:
            made.initial_value_name = strip_name_scope(self._initial_value.name, export_scope)
        if self._save_slice_info is not None:
            part = self._save_slice_info
            made.save_slice_info_def.MergeFrom(SaveSliceInfoDef(
                full_name=strip_name_scope(part.full_name, export_scope),
                full_shape=part.full_shape, var_offset=part.var_offset, var_shape=part.var_shape,
            ))  # fmt: skip
        return made

    @staticmethod
    def from_proto(variable_def, import_scope=None):
        """The Variable of the graph that a VariableDef describes, below the scope `import_scope`.
        KeyError when its nodes are not there."""
        return Variable.itself(variable_def=variable_def, import_scope=import_scope)

    # -- what it is ------------------------------------------------------------------------------

    def experimental_ref(self):
        """Something that stands for the variable in dicts and sets, by identity."""
        return Reference(self)

    @property
    def name(self):
        return self._variable.name

    @property
    def _shared_name(self):
        return self._variable.op.name

    @property
    def dtype(self):
        return self._variable.dtype

    @property
    def op(self):
        return self._variable.op

    @property
    def graph(self):
        return self._variable.graph

    @property
    def device(self):
        return self._variable.device

    @property
    def shape(self):
        return self._variable.shape

    def get_shape(self):
        return self._variable.shape

    def set_shape(self, shape):
        """Add to what is known of the shape."""
        self._variable.set_shape(shape)
        self._snapshot.set_shape(shape)

    @property
    def trainable(self):
        return self._trainable

    @property
    def synchronization(self):
        return self._synchronization

    @property
    def aggregation(self):
        return self._aggregation

    @property
    def constraint(self):
        return self._constraint

    @property
    def initializer(self):
        """The Operation that assigns the initial value."""
        return self._initializer

    @property
    def initial_value(self):
        """The Tensor that the initializer assigns."""
        return self._initial_value

    def _set_save_slice_info(self, save_slice_info):
        """Say of which larger variable this is a part."""
        self._save_slice_info = save_slice_info

    def _get_save_slice_info(self):
        return self._save_slice_info

    def __repr__(self):
        return f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other

    def __iter__(self):
        raise TypeError("'Variable' object is not iterable.")

    # -- reading ---------------------------------------------------------------------------------

    def value(self):
        """The Tensor that reads the variable; tf functions and operators use it by themselves."""
        graph = get_default_graph()
        anew = graph.building_function or graph.reads_anew
        return self.read_value() if anew else self._snapshot

    def read_value(self):
        """A new Tensor that reads the variable here: after the control dependencies in force."""
        return identity(self._variable, name="read")

    def initialized_value(self):
        """The value, or the initial value while there is none: for other initial values."""
        return value_or_initial(self)

    def is_initialized(self, name=None):
        """A bool Tensor: whether the variable has a value."""
        return state.is_variable_initialized(self, name=name)

    def eval(self, session=None):
        """The value as an array, in `session` or the default one."""
        return self._variable.eval(session=session)

    def load(self, value, session=None):
        """Assign an array at once, in `session` or the default one, without adding a node."""
        session = session or get_default_session()
        if session is None:
            raise ValueError(
                "Either session argument should be provided or default session should be "
                "established"
            )
        session.run(self._initializer, {self._initializer.inputs[1]: value})

    def sparse_read(self, indices, name=None):
        """The rows `indices` of the variable."""
        return gather_v2(self, indices, 0, name=name)

    def gather_nd(self, indices, name=None):
        """The parts of the variable at `indices`, as tf.gather_nd takes them."""
        return gather_nd(self, indices, name=name)

    def _ref(self):
        return self._variable

    def _as_graph_element(self):
        return self._variable

    def _AsTensor(self):
        return self.value()

    # -- writing ---------------------------------------------------------------------------------

    def _after(self, done):
        """What an update returns: the variable as it is then."""
        return done

    def assign(self, value, use_locking=False, name=None, read_value=True):
        """Assign `value`; the variable afterwards, or with `read_value=False` the Operation."""
        written = state.assign(self, value, use_locking=use_locking, name=name)
        return written if read_value else written.op

    def assign_add(self, delta, use_locking=False, name=None, read_value=True):
        """Add `delta`."""
        written = state.assign_add(self, delta, use_locking=use_locking, name=name)
        return written if read_value else written.op

    def assign_sub(self, delta, use_locking=False, name=None, read_value=True):
        """Subtract `delta`."""
        written = state.assign_sub(self, delta, use_locking=use_locking, name=name)
        return written if read_value else written.op

    def count_up_to(self, limit):
        """The value, which then grows by one; OutOfRangeError in the run once it is `limit`."""
        return state.count_up_to(self, limit)

    def scatter_nd_add(self, indices, updates, name=None):
        return state.scatter_nd_add(self, indices, updates, use_locking=True, name=name)

    def scatter_nd_sub(self, indices, updates, name=None):
        return state.scatter_nd_sub(self, indices, updates, use_locking=True, name=name)

    def scatter_nd_update(self, indices, updates, name=None):
        return state.scatter_nd_update(self, indices, updates, use_locking=True, name=name)


def _scatter_method(what, update):
    def method(self, sparse_delta, use_locking=False, name=None):
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError(f"sparse_delta is not IndexedSlices: {sparse_delta}")
        return update(self, sparse_delta.indices, sparse_delta.values, use_locking, name)

    method.__name__ = what
    method.__doc__ = f"`tf.{what}` of the rows of an IndexedSlices."
    setattr(Variable, what, method)


for _what in ("add", "sub", "mul", "div", "min", "max", "update"):
    _scatter_method(f"scatter_{_what}", getattr(state, f"scatter_{_what}"))
_scatter_method("batch_scatter_update", batch_scatter_update)


_USE_RESOURCE = 11  # its place among the arguments


def _are_resources(graph):
    """Whether the scope of the graph, or else the program, has said so of variables."""
    scopes = graph._scope_store.get("scopes")
    said = None if scopes is None else scopes.current.use_resource
    return resource_variables_enabled() if said is None else said


def _check(initial_value, collections, constraint):
    if initial_value is None:
        raise ValueError("initial_value must be specified.")
    if collections is not None and not isinstance(collections, (list, tuple, set)):
        raise ValueError(
            "collections argument to Variable constructor must be a list, tuple, or set. "
            f"Got {collections} of type {type(collections)}"
        )
    if constraint is not None and not callable(constraint):
        raise ValueError("The `constraint` argument must be a callable.")


def _keys(collections, trainable):
    keys = [GraphKeys.GLOBAL_VARIABLES] if collections is None else list(collections)
    if trainable and GraphKeys.TRAINABLE_VARIABLES not in keys:
        keys.append(GraphKeys.TRAINABLE_VARIABLES)
    return keys


def _initial_tensor(initial_value, dtype, variable):
    if not callable(initial_value):
        return convert_to_tensor(initial_value, dtype=dtype, name="initial_value")
    with name_scope("Initializer"), get_default_graph().colocate_with_name(variable):
        return convert_to_tensor(initial_value(), dtype=dtype, name="initial_value")


def _convert(variable, dtype=None, name=None, as_ref=False):
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable "
            f"of type '{variable.dtype.name}'"
        )
    if as_ref:
        return variable._ref()
    # In a function what has been assigned before is read.
    return variable.value() if variable.graph._order is None else variable.read_value()


register_tensor_conversion_function(Variable, _convert)

for _key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.TRAINABLE_VARIABLES,
             GraphKeys.MOVING_AVERAGE_VARIABLES, GraphKeys.LOCAL_VARIABLES,
             GraphKeys.MODEL_VARIABLES, GraphKeys.GLOBAL_STEP,
             GraphKeys.METRIC_VARIABLES):  # fmt: skip
    register_proto_function(_key, VariableDef, Variable.to_proto, Variable.from_proto)
