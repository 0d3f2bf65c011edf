"""`tf.linalg`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.nn.normal import l2_normalize
from minitf.ops.axes import matrix_transpose
from minitf.ops.axes import matrix_transpose as transpose
from minitf.ops.bands import adjoint, matvec, trace
from minitf.ops.bands import matrix_band_part as band_part
from minitf.ops.contraction import tensordot
from minitf.ops.diagonal import diag as tensor_diag
from minitf.ops.diagonal import diag_part as tensor_diag_part
from minitf.ops.diagonal import eye
from minitf.ops.diagonal import matrix_diag as diag
from minitf.ops.diagonal import matrix_diag_part as diag_part
from minitf.ops.diagonal import matrix_set_diag as set_diag
from minitf.ops.eigen import self_adjoint_eig as eigh
from minitf.ops.eigen import self_adjoint_eigvals as eigvalsh
from minitf.ops.eigen import svd
from minitf.ops.einsum import einsum
from minitf.ops.factorise import lu, qr
from minitf.ops.least_squares import matrix_solve_ls as lstsq
from minitf.ops.linalg import matmul
from minitf.ops.matrix_functions import logm
from minitf.ops.matrix_functions import matrix_exponential as expm
from minitf.ops.matrix_functions import matrix_square_root as sqrtm
from minitf.ops.neighbours import cross
from minitf.ops.norms import global_norm, norm, normalize
from minitf.ops.pseudoinverse import matrix_rank, pinv
from minitf.ops.solve import cholesky, cholesky_solve, logdet, slogdet
from minitf.ops.solve import matrix_determinant as det
from minitf.ops.solve import matrix_inverse as inv
from minitf.ops.solve import matrix_solve as solve
from minitf.ops.solve import matrix_triangular_solve as triangular_solve
from minitf.ops.tridiagonal import tridiagonal_matmul, tridiagonal_solve
