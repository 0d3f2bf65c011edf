"""`tf.linalg`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.nn.normal import l2_normalize
from minitf.ops.array.neighbours import cross
from minitf.ops.linalg.bands import matrix_band_part as band_part
from minitf.ops.linalg.bands import matvec
from minitf.ops.linalg.contraction import tensordot
from minitf.ops.linalg.diagonal import diag as tensor_diag
from minitf.ops.linalg.diagonal import diag_part as tensor_diag_part
from minitf.ops.linalg.diagonal import eye
from minitf.ops.linalg.diagonal import matrix_diag as diag
from minitf.ops.linalg.diagonal import matrix_set_diag as set_diag
from minitf.ops.linalg.eigen import self_adjoint_eig as eigh
from minitf.ops.linalg.eigen import self_adjoint_eigvals as eigvalsh
from minitf.ops.linalg.eigen import svd
from minitf.ops.linalg.einsum import einsum
from minitf.ops.linalg.factorise import lu, qr
from minitf.ops.linalg.least_squares import matrix_solve_ls as lstsq
from minitf.ops.linalg.linear_operator import LinearOperator
from minitf.ops.linalg.linear_operator_circulant import (
    LinearOperatorCirculant,
    LinearOperatorCirculant2D,
    LinearOperatorCirculant3D,
    LinearOperatorToeplitz,
)
from minitf.ops.linalg.linear_operator_identity import (
    LinearOperatorIdentity,
    LinearOperatorScaledIdentity,
    LinearOperatorZeros,
)
from minitf.ops.linalg.linear_operator_inverses import (
    LinearOperatorAdjoint,
    LinearOperatorInversion,
)
from minitf.ops.linalg.linear_operator_kronecker import LinearOperatorKronecker
from minitf.ops.linalg.linear_operator_low_rank import (
    LinearOperatorHouseholder,
    LinearOperatorLowRankUpdate,
)
from minitf.ops.linalg.linear_operator_results import (
    LinearOperatorBlockDiag,
    LinearOperatorComposition,
)
from minitf.ops.linalg.linear_operators import (
    LinearOperatorDiag,
    LinearOperatorFullMatrix,
    LinearOperatorLowerTriangular,
)
from minitf.ops.linalg.matrix_functions import logm
from minitf.ops.linalg.matrix_functions import matrix_exponential as expm
from minitf.ops.linalg.matrix_functions import matrix_square_root as sqrtm
from minitf.ops.linalg.of_operators import adjoint, cholesky, logdet, matmul, trace
from minitf.ops.linalg.of_operators import matrix_determinant as det
from minitf.ops.linalg.of_operators import matrix_diag_part as diag_part
from minitf.ops.linalg.of_operators import matrix_inverse as inv
from minitf.ops.linalg.of_operators import matrix_solve as solve
from minitf.ops.linalg.pseudoinverse import matrix_rank, pinv
from minitf.ops.linalg.solve import cholesky_solve, slogdet
from minitf.ops.linalg.solve import matrix_triangular_solve as triangular_solve
from minitf.ops.linalg.tridiagonal import tridiagonal_matmul, tridiagonal_solve
from minitf.ops.reduction.axes import matrix_transpose
from minitf.ops.reduction.axes import matrix_transpose as transpose
from minitf.ops.reduction.norms import global_norm, norm, normalize
