"""A `tfe.Network` to files and back, by the names of its variables."""
import os
import weakref

from minitf.core import trackable
from minitf.core.eager import executing_eagerly
from minitf.core.graph import get_default_session
from minitf.core.trackable import changed
from minitf.train import object_values
from minitf.train.checkpoint_reader import NewCheckpointReader
from minitf.train.global_step import get_global_step
from minitf.train.saver import Saver


def save_network_checkpoint(network, save_path, global_step=None, map_func=None):
    """Save the variables of a network; the name of the checkpoint, to which the step is added.

    `save_path` is that name, or a folder for one of the network's name. `map_func(name)` is the
    name of a variable in the checkpoint; without it that is its name without the network's. In a
    graph the default session has the values. ValueError before the network was called, or where
    two variables get one name.
    """
    if not network.built:
        raise ValueError(
            "Attempt to save the Network before it was first called. This means variables have not "
            "yet been created, so there is nothing to save."
        )
    step = get_global_step() if global_step is None else global_step
    names = _names(network, map_func)
    named = _by_name(network, names, network.variables)
    return Saver(named).save(
        _session(), _path(network, save_path), write_meta_graph=False, global_step=step
    )


def restore_network_checkpoint(network, save_path, map_func=None):
    """Restore the variables of a network: those that there are at once, others when they are made.

    The arguments are those of `save_network_checkpoint`. NotFoundError for a variable that the
    checkpoint has not, ValueError where two variables get one name.
    """
    path, names = _path(network, save_path), _names(network, map_func)
    named = _by_name(network, names, _variables(network))
    if named:
        Saver(named).restore(_session(), path)
    _Later(network, NewCheckpointReader(path), names, named)
    changed()


class _Later:
    """What a network that is restored still waits for."""

    def __init__(self, network, reader, names, named):
        self._network, self._reader, self._names = weakref.ref(network), reader, names
        self._named, self._session = named, _session()
        trackable.waiting.insert(0, self.go_on)

    def go_on(self):
        network = self._network()
        if network is None or len(self._named) >= len(self._reader.get_variable_to_dtype_map()):
            trackable.waiting.remove(self.go_on)
            return
        known = {id(variable) for variable in self._named.values()}
        more = [each for each in _variables(network) if id(each) not in known]
        named = _by_name(network, self._names, [*self._named.values(), *more])
        for name in named.keys() - self._named.keys():
            if self._reader.has_tensor(name):
                self._named[name] = named[name]
                self._give(named[name], self._reader.get_tensor(name))

    def _give(self, variable, value):
        if object_values.holds_itself(variable):
            object_values.give(variable, value)
        else:
            object_values.load([(variable, value)], object_values.session_or_default(self._session))


def _session():
    return None if executing_eagerly() else get_default_session()


def _path(network, save_path):
    is_folder = os.path.isdir(save_path)
    return os.path.join(save_path, network.name.replace("/", "_")) if is_folder else save_path


def _variables(network):
    try:
        return network.variables
    except ValueError:  # none has been made
        return []


def _names(network, map_func):
    return map_func or (lambda name: name.removeprefix(f"{network.name}/"))


def _by_name(network, names, variables):
    found = {}
    for variable in variables:
        name = names(variable.op.name)
        if found.setdefault(name, variable) is not variable:
            raise ValueError(
                f"Two variables of the Network '{network.name}' have the name '{name}' in a "
                f"checkpoint ('{found[name].op.name}' and '{variable.op.name}'). Pass a map_func "
                "that gives them different names: `lambda name: name` leaves names as they are."
            )
    return found
