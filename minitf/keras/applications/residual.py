"""Residual networks (He et al. 2015, and 2016: "V2", activations before convolutions)."""
from minitf.keras.applications import building
from minitf.keras.applications.building import layers

_ORIGIN = "https://github.com/keras-team/keras-applications/releases/download/resnet/"
_HASHES = {
    "resnet50": ("2cb95161c43110f7111970584f804107", "4d473c1dd8becc155b73f8504c6f6626"),
    "resnet101": ("f1aeb4b969a6efcfb50fad2f0c20cfc5", "88cf7a10940856eca736dc7b7e228a21"),
    "resnet152": ("100835be76be38e30d865e96f2aaae62", "ee4c566cf9a93f14d82f913c2dc6dd0c"),
    "resnet50v2": ("3ef43a0b657b3be2300d5770ece849e0", "fac2f116257151a9d068a22e544a4917"),
    "resnet101v2": ("6343647c601c52e1368623803854d971", "c0ed64b8031c3730f411d2eb4eea35b5"),
    "resnet152v2": ("a49b44d1979771252814e80f8ec446f9", "ed17cf2e0169df9d443503ef94b23b33"),
}


def resnet(
    name, counts, include_top, weights, input_tensor, input_shape, pooling, classes, before=False
):
    """The network with so many blocks in each of its four stacks; activations may come before."""
    building.check_weights(weights, include_top, classes)
    shape = building.obtain_input_shape(input_shape, 224, include_top, weights)
    x, inputs = building.image_input(input_tensor, shape)
    x = layers.ZeroPadding2D(padding=((3, 3), (3, 3)), name="conv1_pad")(x)
    x = layers.Conv2D(64, 7, strides=2, name="conv1_conv")(x)
    x = x if before else _activated(x, "conv1")
    x = layers.ZeroPadding2D(padding=((1, 1), (1, 1)), name="pool1_pad")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)
    for i, (count, filters) in enumerate(zip(counts, (64, 128, 256, 512))):
        x = (_stack_before if before else _stack)(x, filters, count, i, f"conv{i + 2}")
    x = _activated(x, "post") if before else x
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(classes, activation="softmax", name="probs")(x)
    else:
        x = building.pooled(x, pooling)
    file = f"{name}_weights_tf_dim_ordering_tf_kernels{'' if include_top else '_notop'}.h5"
    return building.finished(
        inputs, x, name, weights, lambda: (file, _ORIGIN, _HASHES[name][not include_top])
    )


def _normalized(x, name):
    return layers.BatchNormalization(
        axis=building.channel_axis(), epsilon=1.001e-5, name=f"{name}_bn"
    )(x)


def _activated(x, name):
    return layers.Activation("relu", name=f"{name}_relu")(_normalized(x, name))


def _stack(x, filters, count, index, name):
    for i in range(1, count + 1):
        stride = 2 if index and i == 1 else 1
        x = _block(x, filters, stride, i == 1, f"{name}_block{i}")
    return x


def _block(x, filters, stride, by_convolution, name):
    before = x
    if by_convolution:
        before = layers.Conv2D(4 * filters, 1, strides=stride, name=f"{name}_0_conv")(x)
        before = _normalized(before, f"{name}_0")
    x = layers.Conv2D(filters, 1, strides=stride, name=f"{name}_1_conv")(x)
    x = _activated(x, f"{name}_1")
    x = layers.Conv2D(filters, 3, padding="SAME", name=f"{name}_2_conv")(x)
    x = _activated(x, f"{name}_2")
    x = layers.Conv2D(4 * filters, 1, name=f"{name}_3_conv")(x)
    x = _normalized(x, f"{name}_3")
    x = layers.Add(name=f"{name}_add")([before, x])
    return layers.Activation("relu", name=f"{name}_out")(x)


def _stack_before(x, filters, count, index, name):
    for i in range(1, count + 1):
        stride = 2 if i == count and index < 3 else 1
        x = _block_before(x, filters, stride, i == 1, f"{name}_block{i}")
    return x


def _block_before(x, filters, stride, by_convolution, name):
    active = _activated(x, f"{name}_preact")
    if by_convolution:
        before = layers.Conv2D(4 * filters, 1, strides=stride, name=f"{name}_0_conv")(active)
    else:
        before = layers.MaxPooling2D(1, strides=stride)(x) if stride > 1 else x
    x = layers.Conv2D(filters, 1, use_bias=False, name=f"{name}_1_conv")(active)
    x = _activated(x, f"{name}_1")
    x = layers.ZeroPadding2D(padding=((1, 1), (1, 1)), name=f"{name}_2_pad")(x)
    x = layers.Conv2D(filters, 3, strides=stride, use_bias=False, name=f"{name}_2_conv")(x)
    x = _activated(x, f"{name}_2")
    x = layers.Conv2D(4 * filters, 1, name=f"{name}_3_conv")(x)
    return layers.Add(name=f"{name}_out")([before, x])
