"""`tf.keras.models.save_model` and `load_model`: whole models in files, or in folders."""
import os

from minitf.core.behavior import version_2
from minitf.keras.engine.network_files import saves_models
from minitf.keras.saving import hdf5_model, revived, serialized
from minitf.keras.saving.h5 import is_hdf5


@saves_models
def save_model(
    model, filepath, overwrite=True, include_optimizer=True, save_format=None, signatures=None
):
    """Save a model in an HDF5 file, or in an h5py.File that is open; with `save_format="tf"`, the
    default of version 2, as SavedModel in a folder, unless the name is that of an HDF5 file.

    `include_optimizer` saves its state too; `signatures` are those of `tf.saved_model.save`, for a
    SavedModel. ImportError without h5py for HDF5; NotImplementedError there for models that have
    no configuration; ValueError for a SavedModel of a model that has not been called.
    """
    named = save_format or ("tf" if version_2() else "h5")
    if named == "h5" or not isinstance(filepath, (str, os.PathLike)) or is_hdf5(filepath):
        hdf5_model.save(model, filepath, overwrite, include_optimizer)
    else:
        path = os.fspath(filepath)
        serialized.save(model, path, overwrite, include_optimizer, signatures)


def load_model(filepath, custom_objects=None, compile=True):
    """The model that `save_model` has put into a file, or into the folder of a SavedModel, compiled
    as it was unless told otherwise.

    The layers of one from a SavedModel are not of the classes that they were: they have the
    variables and the functions that were saved. `custom_objects` are classes and functions by name.
    OSError without the file or the folder, ValueError for a file without a model, ImportError
    without h5py for HDF5.
    """
    if isinstance(filepath, (str, os.PathLike)) and not os.path.isfile(filepath):
        return revived.load(os.fspath(filepath), compile, custom_objects)
    return hdf5_model.load(filepath, custom_objects or {}, compile)
