"""What modules of `tensorflow.python.ops` and `layers` call otherwise than tf does."""
import minitf as tf

Convolution1D = tf.layers.Conv1D  # of layers.convolutional
Convolution2D = tf.layers.Conv2D
Convolution2DTranspose = Deconvolution2D = Deconv2D = tf.layers.Conv2DTranspose
Convolution3D = tf.layers.Conv3D
Convolution3DTranspose = Deconvolution3D = Deconv3D = tf.layers.Conv3DTranspose
SeparableConvolution1D = tf.layers.SeparableConv1D
SeparableConvolution2D = tf.layers.SeparableConv2D
convolution1d = tf.layers.conv1d
convolution2d = tf.layers.conv2d
convolution2d_transpose = deconvolution2d = deconv2d = tf.layers.conv2d_transpose
convolution3d = tf.layers.conv3d
convolution3d_transpose = deconvolution3d = deconv3d = tf.layers.conv3d_transpose
separable_convolution2d = tf.layers.separable_conv2d

matrix_exponential = tf.linalg.expm  # of linalg_impl
print_v2 = tf.print  # of logging_ops
StaticHashTableV1 = tf.lookup.StaticHashTable  # of lookup_ops
StaticVocabularyTableV1 = tf.lookup.StaticVocabularyTable
