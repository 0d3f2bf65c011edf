"""`tf.keras.utils`: names, found when they are asked for."""
import importlib

# Names -> where they are. They are not imported here, as layers themselves need some of them.
_WHERE = {
    "CustomObjectScope": "serialize",
    "GeneratorEnqueuer": "data_utils",
    "HDF5Matrix": "io_utils",
    "OrderedEnqueuer": "data_utils",
    "Progbar": "progbar",
    "Sequence": "data_utils",
    "SequenceEnqueuer": "data_utils",
    "convert_all_kernels_in_model": "layer_utils",
    "custom_object_scope": "serialize",
    "deserialize_keras_object": "serialize",
    "get_custom_objects": "serialize",
    "get_file": "files",
    "get_source_inputs": "layer_utils",
    "model_to_dot": "vis_utils",
    "multi_gpu_model": "multi_gpu",
    "normalize": "np_utils",
    "plot_model": "vis_utils",
    "serialize_keras_object": "serialize",
    "to_categorical": "np_utils",
}
_MODULES = ("data_utils", "io_utils", "layer_utils", "losses_utils", "np_utils", "vis_utils")


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=None)
    found = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found
    return found


def __dir__():
    return sorted(_WHERE)
