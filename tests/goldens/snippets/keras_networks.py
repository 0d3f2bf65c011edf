"""tf.keras.applications: NASNet, made of few cells of few filters, and what it refuses."""

import importlib

from goldens.kit import error


def _nasnet(tf, **given):
    """The network as NASNetMobile has it, of one cell for each size."""
    if tf.__name__ == "minitf":
        module = importlib.import_module("minitf.keras.applications.nasnet")
        return module._network("mobile", 224, 1, 4, 8, given.pop("skip_reduction"),
                               **{"input_tensor": None, "classes": 1000, **given})  # fmt: skip
    keras = tf.keras
    return importlib.import_module("keras_applications.nasnet").NASNet(
        penultimate_filters=96, num_blocks=1, stem_block_filters=8, default_size=224,
        backend=keras.backend, layers=keras.layers, models=keras.models, utils=keras.utils,
        **given)  # fmt: skip


def _told(np, model):
    shown = [[each.name, type(each).__name__, str(each.output_shape)] for each in model.layers]
    model.set_weights([np.cos(np.arange(each.size) + i).reshape(each.shape) * 0.2 + (each.ndim == 1)
                       for i, each in enumerate(model.get_weights())])  # fmt: skip
    x = np.sin(np.arange(np.prod(model.input_shape[1:])) * 0.1).reshape(1, *model.input_shape[1:])
    return [model.name, shown, [each.name for each in model.weights], np.round(model.predict(x), 4)]


def nasnet(tf, np):
    keras = tf.keras
    found = []
    for given in ({"input_shape": (32, 35, 3), "include_top": False, "pooling": "avg",
                   "skip_reduction": False},
                  {"input_shape": (33, 32, 1), "include_top": True, "pooling": None, "classes": 3,
                   "skip_reduction": True}):  # fmt: skip
        keras.backend.clear_session()
        found.append(_told(np, _nasnet(tf, weights=None, **given)))
    return found


def nasnet_refused(tf, np):
    of, keras = tf.keras.applications, tf.keras
    images = np.float32([[[[0.0, 127.5, 255.0]]]])
    found = [error(lambda: of.NASNetMobile(weights="none")),
             error(lambda: of.NASNetMobile(classes=5)),
             error(lambda: of.NASNetLarge((None, None, 3), include_top=False)),
             error(lambda: of.NASNetLarge((31, 32, 3), False, None)),
             error(lambda: of.NASNetLarge((224, 224, 3))),
             error(lambda: of.NASNetMobile((None, None, 3), False, None))]  # fmt: skip
    return [*found, of.nasnet.preprocess_input(images), keras.backend.image_data_format(),
            of.nasnet.NASNetLarge is of.NASNetLarge]  # fmt: skip
