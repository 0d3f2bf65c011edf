"""Where the modules of Keras are that programs import from below `tensorflow.python.keras`,
`tensorflow.python.keras._impl.keras` and `tensorflow.contrib.keras`."""
from __future__ import annotations

# Modules that minitf.keras has at the same place.
_SAME = (
    "activations", "applications", "applications.densenet", "applications.imagenet_utils",
    "applications.inception_resnet_v2", "applications.inception_v3", "applications.mobilenet",
    "applications.mobilenet_v2", "applications.resnet", "applications.resnet50",
    "applications.resnet_v2", "applications.vgg16", "applications.vgg19", "applications.xception",
    "backend", "callbacks", "constraints", "datasets", "datasets.boston_housing", "datasets.cifar",
    "datasets.cifar10", "datasets.cifar100", "datasets.fashion_mnist", "datasets.imdb",
    "datasets.mnist", "datasets.reuters", "engine", "engine.base_layer", "engine.input_layer",
    "engine.network", "engine.node", "engine.sequential", "engine.training", "estimator",
    "initializers", "layers", "layers.advanced_activations", "layers.convolutional", "layers.core",
    "layers.dense_attention", "layers.embeddings", "layers.local", "layers.merge", "layers.noise",
    "layers.normalization", "layers.pooling", "layers.serialization", "layers.wrappers", "losses",
    "metrics", "models", "optimizers", "preprocessing", "preprocessing.image",
    "preprocessing.sequence", "preprocessing.text", "regularizers", "utils", "utils.data_utils",
    "utils.io_utils", "utils.layer_utils", "utils.losses_utils", "utils.np_utils",
    "utils.vis_utils", "wrappers", "wrappers.scikit_learn",
)  # fmt: skip
# Modules whose names minitf.keras has elsewhere.
_MOVED = {
    "backend_config": "backend",
    "callbacks_v1": "callbacks",
    "engine.input_spec": "layers",
    "engine.saving": "models",
    "engine.topology": "engine",
    "layers.convolutional_recurrent": "layers",
    "layers.cudnn_recurrent": "layers",
    "layers.recurrent": "layers",
    "optimizer_v2.adadelta": "optimizers",
    "optimizer_v2.adagrad": "optimizers",
    "optimizer_v2.adam": "optimizers",
    "optimizer_v2.adamax": "optimizers",
    "optimizer_v2.ftrl": "optimizers",
    "optimizer_v2.gradient_descent": "optimizers",
    "optimizer_v2.learning_rate_schedule": "optimizers.schedules",
    "optimizer_v2.nadam": "optimizers",
    "optimizer_v2.optimizer_v2": "optimizers.base",
    "optimizer_v2.rmsprop": "optimizers",
    "saving.hdf5_format": "saving.hdf5_model",
    "saving.save": "models",
    "saving.saved_model.load": "saving.revived",
    "saving.saved_model.save": "saving.serialized",
    "saving.saved_model_experimental": "experimental",
    "utils.multi_gpu_utils": "utils",
}
_ALL = {name: name for name in _SAME} | _MOVED
# As the tables of `internals` have them.
NAMESPACES = {
    f"{root}.{name}": f"keras.{place}"
    for root in ("keras", "keras._impl.keras") for name, place in _ALL.items()
} | {"keras._impl.keras": "keras"}  # fmt: skip
ELSEWHERE = {
    f"{root}.{name}": f"keras.{place}"
    for root in ("minitf.contrib.keras", "minitf.contrib.keras.api.keras",
                 "minitf.contrib.keras.python.keras")
    for name, place in _ALL.items()
} | {"minitf.contrib.keras": "keras", "minitf.contrib.keras.api.keras": "keras",
     "minitf.contrib.keras.python.keras": "keras"}  # fmt: skip
