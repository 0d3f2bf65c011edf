"""Variables that each use reads anew: TensorFlow's resource variables."""

from contextlib import nullcontext

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import device, get_default_graph, name_scope
from minitf.ops.array.basics import identity
from minitf.ops.array.indexing import gather_nd_op, gather_v2
from minitf.ops.state import assign as state
from minitf.ops.state.initialized import guarded
from minitf.ops.state.kinds import kind
from minitf.ops.state.variables import Variable


def of_resource(primary):
    """What a variable that goes with `primary` has as `use_resource`: None where it is no variable.
    """
    if isinstance(primary, Variable):
        return isinstance(primary, ResourceVariable)
    return None


class _Resources(type(Variable)):
    """Variables of eager execution are instances, too, as they are in TensorFlow."""

    def __instancecheck__(cls, instance):
        if cls is ResourceVariable and isinstance(instance, Variable):
            return instance._is_resource
        return super().__instancecheck__(instance)


@kind("resource")
class ResourceVariable(Variable, metaclass=_Resources):
    """A Variable that is read where it is used, after the control dependencies in force there.

    Its nodes are as many as those of TensorFlow's, so that random ops without seeds of their own
    that follow draw the same numbers.
    """

    _is_resource = True

    def _build(self, initial_value, dtype, shape, validate_shape, caching_device, scope):
        with nullcontext() if callable(initial_value) else name_scope("Initializer"):
            self._initial_value = initial = self._begin(
                initial_value, dtype, shape, validate_shape, scope
            )
        self._variable.op.is_resource, self._cached = True, caching_device is not None
        with name_scope("IsInitialized"):
            state.is_variable_initialized(self._variable, name="VarIsInitializedOp")
        safe, known = guarded(initial, scope[:-1]), self.shape.is_fully_defined()
        validate = validate_shape and known
        self._initializer = state.assign(self._variable, safe, validate_shape=validate).op
        with name_scope("Read"):
            self._snapshot = self._read()
        if self._cached:
            with get_default_graph().colocate_with(None, True), device(caching_device):
                self._snapshot = identity(self._snapshot)

    def _find(self, variable_def, import_scope):
        super()._find(variable_def, import_scope)
        self._cached = False

    def to_proto(self, export_scope=None):
        """A VariableDef that says `is_resource`. Those in a MetaGraphDef do not: its nodes are of
        the kind VariableV2."""
        made = super().to_proto(export_scope)
        if made is not None:
            made.is_resource = True
        return made

    @staticmethod
    def from_proto(variable_def, import_scope=None):
        """As `tf.Variable.from_proto`. ValueError for the VariableDef of another kind."""
        if not variable_def.is_resource:
            raise ValueError("Trying to restore Variable as ResourceVariable.")
        return ResourceVariable.itself(variable_def=variable_def, import_scope=import_scope)

    @property
    def dtype(self):
        return self._variable.dtype.base_dtype

    @property
    def handle(self):
        """What ops of TensorFlow that change it are given."""
        return self._variable

    @property
    def create(self):
        """The Operation that assigns the initial value."""
        return self.initializer

    def numpy(self):
        """NotImplementedError: there is a value only in a session."""
        raise NotImplementedError("numpy() is only available when eager execution is enabled: use "
                                  "tf.keras.backend.get_value(variable)")  # fmt: skip

    # -- reading ---------------------------------------------------------------------------------

    def _read(self):
        return identity(self._variable, name="ReadVariableOp")

    def value(self):
        if self._cached and not get_default_graph().building_function:
            return self._snapshot
        with get_default_graph().colocate_with(None, True), device(self.device):
            return self._read()

    def read_value(self):
        with name_scope("Read"), device(self.device):
            value = self._read()
        return identity(value)

    def sparse_read(self, indices, name=None):
        graph = get_default_graph()
        with name_scope(name, "Gather") as scope:
            indices = convert_to_tensor(indices, name="indices")
            with graph._counting(1):
                found = gather_v2(self._variable, indices, 0, name=scope)
        return identity(found)

    def gather_nd(self, indices, name=None):
        with name_scope(name, "GatherNd") as scope:
            return identity(gather_nd_op(self._variable, indices, name=scope))

    # -- writing ---------------------------------------------------------------------------------

    def assign(self, value, use_locking=False, name=None, read_value=True):
        value = convert_to_tensor(value, dtype=self.dtype)
        self.shape.assert_is_compatible_with(value.shape)
        known = self.shape.is_fully_defined()
        done = state.assign_op(self._variable, value, validate_shape=known, name=name)
        return self._after(done) if read_value else done.op

    def assign_add(self, delta, use_locking=False, name=None, read_value=True):
        done = state.assign_add_op(self._variable, delta, name=name)
        return self._after(done) if read_value else done.op

    def assign_sub(self, delta, use_locking=False, name=None, read_value=True):
        done = state.assign_sub_op(self._variable, delta, name=name)
        return self._after(done) if read_value else done.op

    def _after(self, done):
        if get_default_graph()._counted_apart:
            return done
        after = object.__new__(Afterwards)
        vars(after).update(vars(self), _done=done.op, _cached=False)
        after._snapshot = after._read()
        return after


class Afterwards(ResourceVariable):
    """A resource variable as it is after an update: what assignments return. Fetched, it has run
    that; so has each use."""

    @property
    def op(self):
        """The Operation that updates."""
        return self._done

    @property
    def name(self):
        return self._done.name

    def _as_graph_element(self):
        return self._snapshot

    def _read(self):
        with get_default_graph().control_dependencies([self._done]):
            return super()._read()

    value = read_value = _read

    def eval(self, session=None):
        return self._snapshot.eval(session=session)
