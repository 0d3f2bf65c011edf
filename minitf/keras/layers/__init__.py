"""`tf.keras.layers`: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.engine.input_layer import Input, InputLayer
from minitf.keras.layers import serialization
from minitf.keras.layers.advanced_activations import (
    ELU,
    LeakyReLU,
    PReLU,
    ReLU,
    Softmax,
    ThresholdedReLU,
)
from minitf.keras.layers.cells import (
    AbstractRNNCell,
    GRUCell,
    LSTMCell,
    PeepholeLSTMCell,
    SimpleRNNCell,
)
from minitf.keras.layers.conv_lstm import ConvLSTM2D
from minitf.keras.layers.convolutional import (
    Conv1D,
    Conv2D,
    Conv2DTranspose,
    Conv3D,
    Conv3DTranspose,
    Convolution1D,
    Convolution2D,
    Convolution2DTranspose,
    Convolution3D,
    Convolution3DTranspose,
)
from minitf.keras.layers.core import (
    Activation,
    ActivityRegularization,
    Dense,
    Dropout,
    Flatten,
    Masking,
    Permute,
    RepeatVector,
    Reshape,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
)
from minitf.keras.layers.cudnn_recurrent import CuDNNGRU, CuDNNLSTM
from minitf.keras.layers.dense_attention import AdditiveAttention, Attention
from minitf.keras.layers.embeddings import Embedding
from minitf.keras.layers.feature_columns import DenseFeatures
from minitf.keras.layers.lambda_layer import Lambda
from minitf.keras.layers.local import LocallyConnected1D, LocallyConnected2D
from minitf.keras.layers.merge import (
    Add,
    Average,
    Concatenate,
    Dot,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
    add,
    average,
    concatenate,
    dot,
    maximum,
    minimum,
    multiply,
    subtract,
)
from minitf.keras.layers.noise import AlphaDropout, GaussianDropout, GaussianNoise
from minitf.keras.layers.normalization import BatchNormalization, LayerNormalization
from minitf.keras.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    AvgPool1D,
    AvgPool2D,
    AvgPool3D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalAvgPool1D,
    GlobalAvgPool2D,
    GlobalAvgPool3D,
    GlobalMaxPool1D,
    GlobalMaxPool2D,
    GlobalMaxPool3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    MaxPool1D,
    MaxPool2D,
    MaxPool3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from minitf.keras.layers.recurrent import GRU, LSTM, SimpleRNN
from minitf.keras.layers.resizing import (
    Cropping1D,
    Cropping2D,
    Cropping3D,
    UpSampling1D,
    UpSampling2D,
    UpSampling3D,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)
from minitf.keras.layers.rnn import RNN
from minitf.keras.layers.separable import (
    DepthwiseConv2D,
    SeparableConv1D,
    SeparableConv2D,
    SeparableConvolution1D,
    SeparableConvolution2D,
)
from minitf.keras.layers.serialization import deserialize, serialize
from minitf.keras.layers.stacked_cells import StackedRNNCells
from minitf.keras.layers.wrappers import Bidirectional, TimeDistributed, Wrapper

serialization.KNOWN.update(
    {name: value for name, value in globals().items() if isinstance(value, type)}
    | {"PeepholeLSTMCell": PeepholeLSTMCell}
)
