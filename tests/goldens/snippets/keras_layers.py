"""tf.keras.layers: of each its configuration, shapes, variables, and outputs for given ones."""


def _values(np, shape, seed):
    return np.random.RandomState(seed).randint(-8, 9, shape).astype("float32") / 8


def _plain(value):
    """A configuration with tuples as lists, and numbers of NumPy as Python's."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.item() if hasattr(value, "item") else value


def _shape(shape):
    return str(shape)


def _described(tf, np, make, shapes, dtype=None, keys=None, uncomputed=False):
    tf.keras.backend.clear_session()
    layer = make(tf.keras.layers, tf.keras)
    inputs = [tf.keras.Input(batch_shape=(2,) + shape, dtype=dtype) for shape in shapes]
    outputs = layer(inputs[0] if len(inputs) == 1 else inputs)
    weights = layer.get_weights()
    layer.set_weights([abs(_values(np, w.shape, i)) + 0.125 for i, w in enumerate(weights)])
    feeds = [_values(np, (2,) + shape, 9 + i) for i, shape in enumerate(shapes)]
    if dtype == "int32":
        feeds = [(abs(feed) * 4).astype("int32") for feed in feeds]
    flat = tf.contrib.framework.nest.flatten(outputs)
    config = _plain(layer.get_config())
    found = {} if uncomputed else {"computed": _computed(tf, layer, shapes)}
    return {
        **found,
        "config": {key: config[key] for key in keys or config},
        "order": list(keys or config),
        "output_shape": _shape(layer.output_shape),
        "weights": [[v.name, str(v.shape), v.trainable] for v in layer.weights],
        "names": [x.name for x in flat],
        "values": tf.keras.backend.function(inputs, flat)(feeds),
        "again": [_shape(v.shape) for v in _again(layer, config).weights],
    }


def _computed(tf, layer, shapes):
    given = [tf.TensorShape((None,) + shape) for shape in shapes]
    try:
        found = layer.compute_output_shape(given[0] if len(given) == 1 else given)
    except NotImplementedError:
        return "not implemented"
    if isinstance(found, list):
        return [_listed(each) for each in found]
    return _listed(found)


def _listed(found):
    if hasattr(found[0], "__len__"):
        return [_listed(each) for each in found]
    return str([getattr(size, "value", size) for size in found])


def _again(layer, config):
    made = type(layer).from_config(dict(layer.get_config()))
    made(layer.input if not isinstance(layer.input, list) else list(layer.input))
    return made


def _add(name, make, *shapes, **options):
    def snippet(tf, np):
        return _described(tf, np, make, shapes, **options)

    globals()[name] = snippet


_l2 = "l2"
_add("dense", lambda L, k: L.Dense(3, activation="relu"), (4,))
_add("dense_of_three_axes", lambda L, k: L.Dense(3, "tanh", use_bias=False), (2, 4))
_add("dense_with_everything", lambda L, k: L.Dense(
    2, kernel_initializer="he_normal", bias_initializer=k.initializers.Constant(0.5),
    kernel_regularizer=k.regularizers.l2(0.5), bias_regularizer="l1",
    activity_regularizer=k.regularizers.l1(0.25), kernel_constraint="non_neg",
    bias_constraint=k.constraints.max_norm(2), name="out"), (3,))  # fmt: skip
_add("activation", lambda L, k: L.Activation("softmax"), (4,))
_add("activation_of_three_axes", lambda L, k: L.Activation("softmax"), (2, 4))
_add("hard_sigmoid", lambda L, k: L.Activation("hard_sigmoid"), (4,))
_add("selu", lambda L, k: L.Activation("selu"), (4,))
_add("dropout", lambda L, k: L.Dropout(0.5, noise_shape=[None, 1], seed=3), (4,))
_add("flatten", lambda L, k: L.Flatten(), (2, 3, 2))
_add("flatten_channels_first", lambda L, k: L.Flatten("channels_first"), (2, 3, 2))
_add("reshape", lambda L, k: L.Reshape((3, -1)), (2, 6))
_add("permute", lambda L, k: L.Permute((2, 1)), (2, 3))
_add("repeat_vector", lambda L, k: L.RepeatVector(3), (2,))
_add("masking", lambda L, k: L.Masking(0.5), (3, 2))
_add("activity_regularization", lambda L, k: L.ActivityRegularization(0.1, 0.2), (3,))
_add("lambda_layer", lambda L, k: L.Lambda(lambda x: x * 2, output_shape=(3,)), (3,),
     keys=["name", "trainable", "dtype", "arguments", "output_shape"])  # fmt: skip

_add("conv1d", lambda L, k: L.Conv1D(2, 3), (6, 2))
_add("conv1d_causal", lambda L, k: L.Conv1D(2, 2, padding="causal", dilation_rate=2), (6, 2))
_add("conv2d", lambda L, k: L.Conv2D(2, (3, 2), activation="relu"), (5, 5, 2))
_add("conv2d_same", lambda L, k: L.Conv2D(2, 3, strides=2, padding="same", use_bias=False),
     (5, 6, 1))  # fmt: skip
_add("conv2d_dilated", lambda L, k: L.Conv2D(1, 2, dilation_rate=2), (5, 6, 1))
_add("conv3d", lambda L, k: L.Conv3D(2, 2), (3, 4, 3, 1))
_add("conv2d_transpose", lambda L, k: L.Conv2DTranspose(2, 3, strides=2), (3, 2, 2))
_add("conv2d_transpose_same", lambda L, k: L.Conv2DTranspose(
    2, 3, strides=2, padding="same", output_padding=1), (3, 2, 2))  # fmt: skip
_add("conv2d_transpose_dilated", lambda L, k: L.Conv2DTranspose(1, 2, dilation_rate=2), (3, 4, 1))
_add("conv3d_transpose", lambda L, k: L.Conv3DTranspose(1, 2, strides=2), (2, 2, 2, 2))
_add("separable_conv1d", lambda L, k: L.SeparableConv1D(2, 2, depth_multiplier=2), (4, 2))
_add("separable_conv2d", lambda L, k: L.SeparableConv2D(
    3, 2, padding="same", depthwise_regularizer=_l2, pointwise_initializer="he_uniform"),
    (4, 4, 2))  # fmt: skip
_add("depthwise_conv2d", lambda L, k: L.DepthwiseConv2D(
    2, depth_multiplier=2, strides=2, activation="relu"), (4, 4, 2))  # fmt: skip
_add("locally_connected1d", lambda L, k: L.LocallyConnected1D(2, 2), (4, 2))
_add("locally_connected2d", lambda L, k: L.LocallyConnected2D(2, 2, strides=2), (4, 4, 2))

_add("max_pooling1d", lambda L, k: L.MaxPooling1D(), (5, 2))
_add("max_pooling2d", lambda L, k: L.MaxPooling2D((2, 3), strides=1, padding="same"), (4, 4, 1))
_add("max_pooling3d", lambda L, k: L.MaxPool3D(), (4, 4, 4, 1))
_add("average_pooling1d", lambda L, k: L.AveragePooling1D(3, strides=2), (7, 2))
_add("average_pooling2d", lambda L, k: L.AvgPool2D(), (4, 5, 2))
_add("average_pooling3d", lambda L, k: L.AveragePooling3D(2), (2, 4, 2, 1))
_add("global_average_pooling1d", lambda L, k: L.GlobalAveragePooling1D(), (3, 2))
_add("global_average_pooling2d", lambda L, k: L.GlobalAveragePooling2D("channels_first"),
     (3, 2, 2))  # fmt: skip
_add("global_average_pooling3d", lambda L, k: L.GlobalAveragePooling3D(), (3, 2, 2, 2))
_add("global_max_pooling1d", lambda L, k: L.GlobalMaxPooling1D(), (3, 2))
_add("global_max_pooling2d", lambda L, k: L.GlobalMaxPool2D(), (3, 2, 2))
_add("global_max_pooling3d", lambda L, k: L.GlobalMaxPooling3D(), (3, 2, 2, 2))

_add("zero_padding1d", lambda L, k: L.ZeroPadding1D((1, 2)), (3, 2))
_add("zero_padding2d", lambda L, k: L.ZeroPadding2D(((1, 0), (2, 1))), (2, 2, 1))
_add("zero_padding3d", lambda L, k: L.ZeroPadding3D(1, "channels_first"), (1, 1, 2, 1))
_add("cropping1d", lambda L, k: L.Cropping1D((1, 0)), (3, 2))
_add("cropping2d", lambda L, k: L.Cropping2D((1, 1)), (4, 3, 2))
_add("cropping3d", lambda L, k: L.Cropping3D(((1, 0), (0, 1), (0, 0))), (2, 2, 2, 1))
_add("up_sampling1d", lambda L, k: L.UpSampling1D(2), (3, 2))
_add("up_sampling2d", lambda L, k: L.UpSampling2D((2, 3)), (2, 2, 1))
_add("up_sampling2d_bilinear", lambda L, k: L.UpSampling2D(2, interpolation="bilinear"), (2, 2, 1))
_add("up_sampling3d", lambda L, k: L.UpSampling3D(2), (2, 1, 2, 1))

_add("batch_normalization_of_two_axes", lambda L, k: L.BatchNormalization(), (3,), keys=[
    "name", "axis", "momentum", "epsilon", "center", "scale", "gamma_initializer"])  # fmt: skip
_add("batch_normalization_unscaled", lambda L, k: L.BatchNormalization(
    scale=False, center=False, momentum=0.5, name="bn"), (3, 2))  # fmt: skip
_add("layer_normalization", lambda L, k: L.LayerNormalization(), (3, 4))
_add("layer_normalization_of_two_axes", lambda L, k: L.LayerNormalization((1, 2), center=False),
     (3, 4))  # fmt: skip

_add("leaky_relu", lambda L, k: L.LeakyReLU(0.25), (4,))
_add("prelu", lambda L, k: L.PReLU(shared_axes=[1]), (3, 2))
_add("elu", lambda L, k: L.ELU(0.5), (4,))
_add("thresholded_relu", lambda L, k: L.ThresholdedReLU(0.25), (4,))
_add("softmax", lambda L, k: L.Softmax(axis=1), (3, 2))
_add("relu", lambda L, k: L.ReLU(0.5, negative_slope=0.25, threshold=0.125), (6,))
_add("gaussian_noise", lambda L, k: L.GaussianNoise(0.5), (4,))
_add("gaussian_dropout", lambda L, k: L.GaussianDropout(0.5), (4,))
_add("alpha_dropout", lambda L, k: L.AlphaDropout(0.5), (4,))
_add("spatial_dropout1d", lambda L, k: L.SpatialDropout1D(0.5), (4, 2))
_add("spatial_dropout2d", lambda L, k: L.SpatialDropout2D(0.5), (4, 2, 2))

_add("add", lambda L, k: L.Add(), (3,), (3,), (3,))
_add("add_of_other_ranks", lambda L, k: L.Add(), (3,), (2, 3))
_add("subtract", lambda L, k: L.Subtract(), (3,), (3,))
_add("multiply", lambda L, k: L.Multiply(), (3,), (1,))
_add("average", lambda L, k: L.Average(), (3,), (3,))
_add("maximum", lambda L, k: L.Maximum(), (3,), (3,))
_add("minimum", lambda L, k: L.Minimum(), (3,), (3,))
_add("concatenate", lambda L, k: L.Concatenate(axis=1), (3, 2), (1, 2))
_add("dot", lambda L, k: L.Dot(axes=(2, 1)), (3, 2), (2, 4))
_add("dot_normalized", lambda L, k: L.Dot(axes=-1, normalize=True), (3,), (3,))
_add("embedding", lambda L, k: L.Embedding(6, 3, mask_zero=True, input_length=4), (4,),
     dtype="int32")  # fmt: skip

_add("simple_rnn", lambda L, k: L.SimpleRNN(3), (4, 2))
_add("simple_rnn_sequences", lambda L, k: L.SimpleRNN(
    2, return_sequences=True, return_state=True, go_backwards=True), (3, 2))  # fmt: skip
_add("lstm", lambda L, k: L.LSTM(3), (4, 2))
_add("lstm_of_one_product", lambda L, k: L.LSTM(
    2, implementation=2, return_sequences=True, recurrent_activation="sigmoid",
    unit_forget_bias=False), (3, 2))  # fmt: skip
_add("lstm_state", lambda L, k: L.LSTM(2, return_state=True, unroll=True), (3, 2))
_add("gru", lambda L, k: L.GRU(3), (4, 2))
_add("gru_reset_after", lambda L, k: L.GRU(2, reset_after=True, implementation=2), (4, 2))
_add("gru_of_one_product", lambda L, k: L.GRU(2, implementation=2, use_bias=False), (4, 2))
_add("gru_reset_after_by_gate", lambda L, k: L.GRU(2, reset_after=True), (4, 2))
_add("rnn_of_a_cell", lambda L, k: L.RNN(L.LSTMCell(2), return_sequences=True), (3, 2))
_add("rnn_of_cells", lambda L, k: L.RNN([L.GRUCell(2), L.SimpleRNNCell(3)]), (3, 2))
_add("rnn_stacked_state", lambda L, k: L.RNN(
    L.StackedRNNCells([L.LSTMCell(2), L.LSTMCell(3)]), return_state=True), (3, 2),
    keys=["name", "return_state", "cell"])  # fmt: skip
_add("peephole", lambda L, k: L.RNN(k.experimental.PeepholeLSTMCell(2)), (3, 2), keys=["name"])
_add("conv_lstm2d", lambda L, k: L.ConvLSTM2D(2, 2, padding="same", return_sequences=True),
     (2, 3, 3, 1))  # fmt: skip
_add("conv_lstm2d_last", lambda L, k: L.ConvLSTM2D(1, 2, strides=2), (2, 4, 4, 2))
_add("bidirectional", lambda L, k: L.Bidirectional(L.LSTM(2, return_sequences=True)), (3, 2))
_add("bidirectional_sum", lambda L, k: L.Bidirectional(L.GRU(2), merge_mode="sum"), (3, 2))
_add("bidirectional_apart", lambda L, k: L.Bidirectional(L.SimpleRNN(2), merge_mode=None), (3, 2))
_add("bidirectional_state", lambda L, k: L.Bidirectional(L.GRU(2, return_state=True)), (3, 2),
     uncomputed=True)  # fmt: skip
_add("time_distributed", lambda L, k: L.TimeDistributed(L.Dense(2)), (3, 4))
_add("time_distributed_conv", lambda L, k: L.TimeDistributed(L.Conv2D(2, 2)), (2, 3, 3, 1))
_add("attention", lambda L, k: L.Attention(use_scale=True), (3, 2), (4, 2))
_add("attention_with_keys", lambda L, k: L.Attention(causal=True), (4, 2), (4, 3), (4, 2),
     keys=["name", "causal", "use_scale"])  # fmt: skip
_add("additive_attention", lambda L, k: L.AdditiveAttention(), (3, 2), (4, 2))


def updates_by_what_they_depend_on(tf, np):
    k, x, other = tf.keras.layers, tf.keras.Input((3,)), tf.keras.Input((3,))
    norm = k.BatchNormalization()
    norm(x)
    norm(other)
    alone = tf.layers.BatchNormalization()
    tf.enable_resource_variables()
    try:
        alone(x, training=True)
    finally:
        tf.disable_resource_variables()
    return [
        [len(layer.get_updates_for(which)) for which in (x, other, None)]
        for layer in (norm, alone)
    ]  # fmt: skip


def a_layer_shared_by_models(tf, np):
    shared, models = tf.keras.layers.BatchNormalization(), []
    for _ in range(2):
        inputs = tf.keras.Input((2,))
        models.append(tf.keras.Model(inputs, shared(inputs)))
        models[-1].compile("sgd", "mse")
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    return [model.train_on_batch(x, x) for model in models], shared.get_weights()


def a_list_of_its_own_named_layers(tf, np):
    class Own(tf.keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self._layers = [tf.keras.layers.Dense(2), tf.keras.layers.Dense(3)]

        def call(self, x):
            for layer in self._layers:
                x = layer(x)
            return x

    layer = Own()
    found = str(layer(tf.zeros([1, 4])).shape)
    return [found, len(layer.trainable_weights), [type(each).__name__ for each in layer._layers]]
