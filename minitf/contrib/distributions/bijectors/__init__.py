"""`tf.contrib.distributions.bijectors`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.distributions.bijectors import weibull as _weibull
from minitf.contrib.distributions.bijectors.absolute_value import AbsoluteValue
from minitf.contrib.distributions.bijectors.affine import Affine
from minitf.contrib.distributions.bijectors.affine_linear_operator import AffineLinearOperator
from minitf.contrib.distributions.bijectors.affine_scalar import AffineScalar
from minitf.contrib.distributions.bijectors.batch_normalization import BatchNormalization
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.contrib.distributions.bijectors.chain import Chain
from minitf.contrib.distributions.bijectors.cholesky_outer_product import CholeskyOuterProduct
from minitf.contrib.distributions.bijectors.conditional_bijector import ConditionalBijector
from minitf.contrib.distributions.bijectors.exp import Exp
from minitf.contrib.distributions.bijectors.fill_triangular import FillTriangular
from minitf.contrib.distributions.bijectors.gumbel import Gumbel
from minitf.contrib.distributions.bijectors.identity import Identity
from minitf.contrib.distributions.bijectors.inline import Inline
from minitf.contrib.distributions.bijectors.invert import Invert
from minitf.contrib.distributions.bijectors.kumaraswamy import Kumaraswamy
from minitf.contrib.distributions.bijectors.masked_autoregressive import (
    MaskedAutoregressiveFlow,
    masked_autoregressive_default_template,
    masked_dense,
)
from minitf.contrib.distributions.bijectors.matrix_inverse_tril import MatrixInverseTriL
from minitf.contrib.distributions.bijectors.ordered import Ordered
from minitf.contrib.distributions.bijectors.permute import Permute
from minitf.contrib.distributions.bijectors.power_transform import PowerTransform
from minitf.contrib.distributions.bijectors.real_nvp import RealNVP, real_nvp_default_template
from minitf.contrib.distributions.bijectors.reshape import Reshape
from minitf.contrib.distributions.bijectors.scale_tril import ScaleTriL
from minitf.contrib.distributions.bijectors.sigmoid import Sigmoid
from minitf.contrib.distributions.bijectors.sinh_arcsinh import SinhArcsinh
from minitf.contrib.distributions.bijectors.softmax_centered import SoftmaxCentered
from minitf.contrib.distributions.bijectors.softplus import Softplus
from minitf.contrib.distributions.bijectors.softsign import Softsign
from minitf.contrib.distributions.bijectors.square import Square
from minitf.contrib.distributions.bijectors.transform_diagonal import TransformDiagonal
