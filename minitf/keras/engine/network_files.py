"""Models as text and files."""
import json
import os

import numpy as np

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.saving import hdf5_weights
from minitf.keras.saving.h5 import h5py, is_hdf5, may_overwrite
from minitf.ops.state.variables import in_init_scope
from minitf.train import checkpoint

VERSION = "2.2.4-tf"


class Files:
    """The methods of a model that write or read it."""

    def _updated_config(self):
        return {
            "class_name": type(self).__name__,
            "config": self.get_config(),
            "keras_version": VERSION,
            "backend": K.backend(),
        }

    def to_json(self, **kwargs):
        """The configuration as JSON; keywords are those of `json.dumps`."""
        return json.dumps(self._updated_config(), default=json_type, **kwargs)

    def to_yaml(self, **kwargs):
        """The configuration as YAML. ImportError without PyYAML."""
        try:
            import yaml
        except ImportError:
            raise ImportError("Requires yaml module installed (`pip install pyyaml`).") from None
        return yaml.dump(json.loads(self.to_json()), **kwargs)

    def save(
        self, filepath, overwrite=True, include_optimizer=True, save_format=None, signatures=None
    ):
        """Save the whole model in an HDF5 file: see tf.keras.models.save_model."""
        saver = _savers["model"]
        saver(self, filepath, overwrite, include_optimizer, save_format, signatures)

    def save_weights(self, filepath, overwrite=True, save_format=None):
        """Save the variables, and those of the optimizer, in a checkpoint as tf.train.Checkpoint
        writes; in HDF5 if the name ends in .h5 or .keras, or `save_format` is "h5", without those.

        Raises ValueError for another format, ImportError without h5py.
        """
        self._assert_weights_created()
        if _format(filepath, save_format) == "tf":
            if may_overwrite(f"{filepath}.index", overwrite):
                checkpoint.write(self, filepath, _session())
                checkpoint.record(filepath)
            return
        if not may_overwrite(filepath, overwrite):
            return
        with h5py().File(filepath, "w") as file:
            hdf5_weights.save(file, self.layers)

    def load_weights(self, filepath, by_name=False):
        """Load variables that `save_weights` or `save` has written.

        Of a checkpoint those that are not made yet get their values when they are; what is returned
        says, as that of tf.train.Checkpoint.restore, whether there were others. In an HDF5 file
        `by_name` looks for layers by their names, else they are taken in order. Raises ValueError
        when they do not fit, NotFoundError when there is no such checkpoint, NotImplementedError
        for one `by_name`, ImportError without h5py.
        """
        if not is_hdf5(filepath) and not os.path.isfile(filepath):
            return self._load_checkpoint(filepath, by_name)
        self._assert_weights_created()
        with h5py().File(filepath, "r") as file:
            group = file
            if "layer_names" not in file.attrs and "model_weights" in file:
                group = file["model_weights"]
            load = hdf5_weights.load_by_name if by_name else hdf5_weights.load
            load(group, self.layers)
        return None

    def _load_checkpoint(self, filepath, by_name):
        if by_name:
            raise NotImplementedError(
                "Weights may only be loaded based on topology into Models when loading "
                "TensorFlow-formatted weights (got by_name=True to load_weights)."
            )
        status = checkpoint.restore(self, filepath)
        session = _session()
        if session is not None:
            status.stream_restore_ops(session)
        status.assert_nontrivial_match()
        return status


def _session():
    """Keras's session, None where variables hold their values themselves."""
    return None if in_init_scope().eager else K.get_session()


_savers = {}


def saves_models(function):
    """Decorates what `Model.save` calls."""
    _savers["model"] = function
    return function


def _format(filepath, save_format):
    is_h5 = is_hdf5(filepath)
    if save_format is None:
        return "h5" if is_h5 else "tf"
    named = save_format.lower().strip()
    if named in ("hdf5", "h5", "keras"):
        return "h5"
    if named not in ("tensorflow", "tf"):
        raise ValueError(
            f'Unknown format "{save_format}". Was expecting one of {{"tf", "h5"}}.'
        )
    if is_h5:
        raise ValueError(
            'save_weights got save_format="tf"/"tensorflow", but the filepath '
            f'("{filepath}") looks like an HDF5 file. Omit the ".h5"/".keras" when saving in '
            "TensorFlow format."
        )
    return "tf"


def json_type(value):
    """What `json` is to write for a value that it does not know. TypeError for others."""
    if hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if callable(value):
        return value.__name__
    if isinstance(value, tf.TensorShape):
        return value.as_list()
    if isinstance(value, tf.DType):
        return value.name
    raise TypeError("Not JSON Serializable:", value)
