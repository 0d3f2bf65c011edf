"""The VGG networks (Simonyan and Zisserman 2014): blocks of convolutions of 3 x 3 pixels."""
from minitf.keras.applications import building
from minitf.keras.applications.building import layers

_ORIGIN = "https://github.com/fchollet/deep-learning-models/releases/download/v0.1/"


def vgg(
    name, counts, hashes, include_top, weights, input_tensor, input_shape, pooling, classes
):
    """The network with so many convolutions in each block; `hashes` of its files with and
    without the top."""
    building.check_weights(weights, include_top, classes)
    shape = building.obtain_input_shape(input_shape, 224, include_top, weights)
    x, inputs = building.image_input(input_tensor, shape)
    for block, (count, filters) in enumerate(zip(counts, (64, 128, 256, 512, 512)), 1):
        for i in range(1, count + 1):
            x = layers.Conv2D(filters, (3, 3), activation="relu", padding="same",
                              name=f"block{block}_conv{i}")(x)  # fmt: skip
        x = layers.MaxPooling2D((2, 2), strides=(2, 2), name=f"block{block}_pool")(x)
    x = _top(x, classes) if include_top else building.pooled(x, pooling, None, None)
    file = f"{name}_weights_tf_dim_ordering_tf_kernels{'' if include_top else '_notop'}.h5"
    return building.finished(
        inputs, x, name, weights, lambda: (file, _ORIGIN, hashes[not include_top])
    )


def _top(x, classes):
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(4096, activation="relu", name="fc1")(x)
    x = layers.Dense(4096, activation="relu", name="fc2")(x)
    return layers.Dense(classes, activation="softmax", name="predictions")(x)
