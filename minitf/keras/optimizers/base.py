"""Optimizer: from a loss to operations that lower it, in Keras's manner.

The rates are variables, so that callbacks can change them; `iterations` counts steps.
"""
import functools

import minitf as tf
from minitf.core.trackable import changed, children, edges_of, note, noted
from minitf.keras import backend as K
from minitf.keras import initializers
from minitf.keras.engine.layer_weights import make_variable
from minitf.keras.optimizers import schedules
from minitf.train.counted import counted
from minitf.train.gradient_shapes import of_shape

nest = tf.nest
_KEYWORDS = {"clipnorm", "clipvalue", "lr", "decay"}


class Optimizer:
    """The base of optimizers.

    Keywords: `clipnorm` and `clipvalue` limit gradients, `lr` is the older name of the learning
    rate, `decay` divides it by 1 + decay * iterations. One of one's own implements
    `_resource_apply_dense(grad, var)`, `_resource_apply_sparse(grad, var, indices)` and
    `get_config`; `_create_slots(var_list)` as needed. Raises TypeError for other keywords,
    ValueError for negative ones.
    """

    # How many nodes TensorFlow has more of what variables of a type share, and how many to update
    # a variable by a Tensor, by an IndexedSlices. None: as many as there are.
    _nodes = (0, None, None)

    def __init__(self, name, **kwargs):
        for key, value in kwargs.items():
            if key not in _KEYWORDS:
                raise TypeError(f"Unexpected keyword argument passed to optimizer: {key}")
            if not callable(value) and value < 0:
                raise ValueError(f"Expected {key} >= 0, received: {value}")
        self._name, self._use_locking = name, True
        self._hyper, self._hypers_created = {}, False
        self._slots, self._slot_names, self._weights = {}, [], []
        self._iterations = self._prepared = None
        self._initial_decay = kwargs.pop("decay", 0.0)
        for key in ("clipnorm", "clipvalue"):
            if key in kwargs:
                setattr(self, key, kwargs[key])

    # -- steps -----------------------------------------------------------------------------------

    def minimize(self, loss, var_list, grad_loss=None, name=None):
        """An operation that makes one step; `loss` and `var_list` may be functions."""
        return self.apply_gradients(
            self._compute_gradients(loss, var_list=var_list, grad_loss=grad_loss), name=name
        )

    def _compute_gradients(self, loss, var_list, grad_loss=None):
        """The pairs that `minimize` applies; subclasses of programs have their own."""
        gradients = self._of_function if tf.executing_eagerly() else self._of_tensor
        grads, variables = gradients(loss, var_list, grad_loss)
        return list(zip(grads, variables))

    def _of_tensor(self, loss, var_list, grad_loss):
        loss = loss() if callable(loss) else loss
        variables = nest.flatten(var_list() if callable(var_list) else var_list)
        with K.name_scope(f"{self._name}/gradients"):
            return self._clipped(tf.gradients(loss, variables, grad_ys=grad_loss)), variables

    def _of_function(self, loss, var_list, grad_loss):
        with tf.GradientTape() as tape:
            if not callable(var_list):
                tape.watch(var_list)
            value = loss()
        variables = nest.flatten(var_list() if callable(var_list) else var_list)
        return self._clipped(tape.gradient(value, variables, grad_loss)), variables

    def get_gradients(self, loss, params):
        """The gradients of the loss, clipped. ValueError for a variable it does not depend on."""
        params = nest.flatten(params)
        with K.name_scope(f"{self._name}/gradients"):
            grads = tf.gradients(loss, params)
            for grad, param in zip(grads, params):
                if grad is None:
                    raise ValueError(
                        f"Variable {param} has `None` for gradient. Please make sure that all of "
                        "your ops have a gradient defined (i.e. are differentiable). Common ops "
                        "without gradient: K.argmax, K.round, K.eval."
                    )
            return self._clipped(grads)

    def _clipped(self, grads):
        if hasattr(self, "clipnorm"):
            grads = [g if g is None else tf.clip_by_norm(g, self.clipnorm) for g in grads]
        if hasattr(self, "clipvalue"):
            limit = self.clipvalue
            grads = [g if g is None else tf.clip_by_value(g, -limit, limit) for g in grads]
        return grads

    def get_updates(self, loss, params):
        """The operations of a step."""
        grads = self.get_gradients(loss, params)
        return [self.apply_gradients(list(zip(grads, params)))]

    def apply_gradients(self, grads_and_vars, name=None):
        """An operation that changes the variables and counts the step.

        Raises ValueError when there is no gradient but None.
        """
        pairs = _with_gradient(list(grads_and_vars))
        variables = [variable for _, variable in pairs]
        with K.name_scope(self._name):
            with tf.init_scope():
                _ = self.iterations
                self._create_hypers()
                self._create_slots(variables)
            self._prepared = self._prepare(variables)
            with K.name_scope(name or self._name):
                updates = [self._updated(grad, variable) for grad, variable in pairs]
                self._prepared = None
                with tf.control_dependencies(updates):
                    return self.iterations.assign_add(1).op

    def _updated(self, grad, var):
        with K.name_scope(f"update_{var.op.name}"), tf.get_default_graph().colocate_with(var):
            if isinstance(grad, tf.IndexedSlices):
                if var.constraint is not None:
                    raise RuntimeError("Cannot use a constraint function on a sparse variable.")
                with counted(type(self)._resource_apply_sparse, self._nodes[2]):
                    return self._resource_apply_sparse_duplicate_indices(
                        grad.values, var, grad.indices
                    )
            grad = of_shape(var, grad, type(self)._resource_apply_dense)
            with counted(type(self)._resource_apply_dense, self._nodes[1]):
                update = self._resource_apply_dense(grad, var)
            if var.constraint is None:
                return update
            with tf.control_dependencies([update]):
                return var.assign(var.constraint(var)).op

    # -- what an optimizer defines ---------------------------------------------------------------

    def _create_slots(self, var_list):
        """Make the slots that `var_list` needs."""

    def _prepare(self, var_list):
        """{dtype: {name: tensor}} of what all variables of a type share."""
        types = dict.fromkeys(v.dtype.base_dtype for v in var_list)
        tf.get_default_graph()._surplus -= self._nodes[0] * len(types)
        return {dtype: self._coefficients_of(dtype) for dtype in types}

    def _coefficients_of(self, dtype):
        """The shared tensors of one type, the learning rate "lr" among them."""
        has_rate = "learning_rate" in self._hyper
        return {"lr": tf.identity(self._decayed_lr(dtype))} if has_rate else {}

    def _shared(self, var):
        """Made anew for a variable that a program updates by itself, outside `apply_gradients`."""
        return (self._prepared or self._prepare([var]))[var.dtype.base_dtype]

    def _resource_apply_dense(self, grad, var):
        """The operation that updates `var` by the Tensor `grad`."""
        raise NotImplementedError(f"{type(self).__name__} has no _resource_apply_dense")

    def _resource_apply_sparse_duplicate_indices(self, grad, var, indices):
        """The operation that updates rows, of which an index may name one twice: they are summed
        first here."""
        rows, positions = tf.unique(indices)
        summed = tf.unsorted_segment_sum(grad, positions, tf.shape(rows)[0])
        return self._resource_apply_sparse(summed, var, rows)

    def _resource_apply_sparse(self, grad, var, indices):
        """The operation that updates the different rows `indices` of `var`."""
        raise NotImplementedError(f"{type(self).__name__} has no _resource_apply_sparse")

    def _resource_scatter_add(self, x, i, v):
        return tf.scatter_add(x, i, v)

    def _resource_scatter_update(self, x, i, v):
        return tf.scatter_update(x, i, v)

    # -- rates -----------------------------------------------------------------------------------

    def _set_hyper(self, name, value):
        """Note a rate, or change the variable that it is."""
        before = self._hyper.get(name)
        if isinstance(before, tf.Variable) and not isinstance(
            value, schedules.LearningRateSchedule
        ):
            K.set_value(before, value)
        else:
            self._hyper[name] = value
            note(self, name, value)

    def _get_hyper(self, name, dtype=None):
        """A rate as a tensor, or variable; a schedule as it is."""
        if not self._hypers_created:
            self._create_hypers()
        value = self._hyper[name]
        if isinstance(value, schedules.LearningRateSchedule):
            return value
        value = value() if callable(value) else value
        return value if dtype is None else tf.cast(value, dtype)

    def _create_hypers(self):
        if self._hypers_created:
            return
        for name, value in sorted(self._hyper.items()):
            if not tf.is_tensor(value) and not callable(value):
                self._hyper[name] = self.add_weight(
                    name, shape=[], trainable=False, initializer=value
                )
        self._hypers_created = True

    def _decayed_lr(self, dtype):
        rate = self._get_hyper("learning_rate", dtype)
        if isinstance(rate, schedules.LearningRateSchedule):
            rate = tf.cast(rate(tf.cast(self.iterations, dtype)), dtype)
        if self._initial_decay > 0.0:
            step = tf.cast(self.iterations, dtype)
            rate = rate / (1.0 + self._get_hyper("decay", dtype) * step)
        return rate

    def __getattr__(self, name):
        hyper = self.__dict__.get("_hyper", {})
        name = "learning_rate" if name == "lr" else name
        if name in hyper:
            return self._get_hyper(name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name, value):
        name = "learning_rate" if name == "lr" else name
        if name in self.__dict__.get("_hyper", {}):
            self._set_hyper(name, value)
        else:
            object.__setattr__(self, name, value)

    # -- variables -------------------------------------------------------------------------------

    @property
    def iterations(self):
        """The variable that counts steps."""
        if self._iterations is None:
            self._iterations = self.add_weight(
                "iter", shape=[], dtype=tf.int64, trainable=False, initializer="zeros"
            )
            self._weights.append(self._iterations)
        return self._iterations

    @iterations.setter
    def iterations(self, variable):
        if self._iterations is not None:
            raise RuntimeError("Cannot set `iterations` to a new Variable after the Optimizer "
                               "weights have been created")  # fmt: skip
        self._iterations = variable
        self._weights.append(variable)

    def add_weight(
        self, name, shape, dtype=None, initializer="zeros", trainable=None,
        synchronization=tf.VariableSynchronization.AUTO, aggregation=tf.VariableAggregation.NONE,
    ):  # fmt: skip
        """A variable of the optimizer."""
        if isinstance(initializer, str) or callable(initializer):
            initializer = initializers.get(initializer)
        dtype = tf.as_dtype(dtype or tf.float32)
        if not callable(initializer):
            initializer = tf.constant(initializer, dtype=dtype, name="initial_value")
        made = make_variable(
            name, shape, dtype, initializer, bool(trainable), None, None, synchronization,
            aggregation,
        )  # fmt: skip
        K.track_variable(made)
        edges_of(self)[name] = made
        changed()
        return made

    def add_slot(self, var, slot_name, initializer="zeros"):
        """The variable kept under this name for `var`, made when it is not there."""
        if slot_name not in self._slot_names:
            self._slot_names.append(slot_name)
        slots = self._slots.setdefault(_key(var), {})
        if slot_name not in slots:
            value = initializer
            if isinstance(initializer, str) or callable(initializer):
                function = initializers.get(initializer)
                dtype = var.dtype.base_dtype
                value = functools.partial(function, var.shape.as_list(), dtype=dtype)
            slots[slot_name] = tf.Variable(
                value, name=f"{var.op.name}/{slot_name}", dtype=var.dtype.base_dtype,
                trainable=False, use_resource=True,
            )  # fmt: skip
            K.track_variable(slots[slot_name])
            self._weights.append(slots[slot_name])
            changed()
        return slots[slot_name]

    def get_slot(self, var, slot_name):
        """The variable kept under this name for `var`."""
        return self._slots[_key(var)][slot_name]

    def _restored_slot(self, var, slot_name, value):
        """A slot that starts with a value of a checkpoint."""
        return self.add_slot(var, slot_name, value)

    def get_slot_names(self):
        """The names of the slots."""
        return self._slot_names

    @property
    def weights(self):
        return self._weights

    def variables(self):
        """What the optimizer itself keeps: `iterations` and slots."""
        return self._weights

    def get_weights(self):
        """The values of the variables."""
        return K.batch_get_value(self.weights)

    def set_weights(self, weights):
        """Give the variables values. ValueError for another number of arrays, or other shapes."""
        params = self.weights
        if len(params) != len(weights):
            raise ValueError(
                f"You called `set_weights(weights)` on optimizer {self._name} with a  weight list "
                f"of length {len(weights)}, but the optimizer was expecting {len(params)} "
                f"weights. Provided weights: {str(weights)[:50]}..."
            )
        for param, value in zip(params, weights):
            if tuple(param.shape.as_list()) != tuple(value.shape):
                raise ValueError(
                    f"Optimizer weight shape {tuple(param.shape.as_list())} not compatible with "
                    f"provided weight shape {tuple(value.shape)}"
                )
        K.batch_set_value(list(zip(params, weights)))

    # -- configuration ---------------------------------------------------------------------------

    def get_config(self):
        """The arguments, as `from_config` takes them."""
        config = {"name": self._name}
        for key in ("clipnorm", "clipvalue"):
            if hasattr(self, key):
                config[key] = getattr(self, key)
        return config

    def _rates(self, *names):
        """{name: value} of rates, as a configuration has them."""
        return {name: self._serialize_hyperparameter(name) for name in names}

    def _serialize_hyperparameter(self, name):
        value = self._hyper[name]
        if isinstance(value, schedules.LearningRateSchedule):
            return schedules.serialize(value)
        value = value() if callable(value) else value
        return K.get_value(value) if tf.is_tensor(value) else value

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """An optimizer with the arguments that `get_config` gave."""
        config = dict(config)
        if "lr" in config:
            config["learning_rate"] = config.pop("lr")
        rate = config.get("learning_rate")
        if isinstance(rate, dict):
            config["learning_rate"] = schedules.deserialize(rate, custom_objects=custom_objects)
        return cls(**config)


children.register(Optimizer, noted)
OptimizerV2 = Optimizer  # as TensorFlow calls it where it keeps it


def _key(var):
    return var.graph, var._shared_name


def _with_gradient(pairs):
    """The pairs whose gradient is not None. ValueError when there is none."""
    given = [(grad, var) for grad, var in pairs if grad is not None]
    if pairs and not given:
        names = [var.name for _, var in pairs]
        raise ValueError(f"No gradients provided for any variable: {names}.")
    if len(given) != len(pairs):
        names = [var.name for grad, var in pairs if grad is None]
        tf.logging.warning(
            "Gradients do not exist for variables %s when minimizing the loss.", names
        )
    return given
