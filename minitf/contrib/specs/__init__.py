"""`tf.contrib.specs`: networks written as `Cr(64, [3, 3]) | Mp(2) | Flat | Fs(10)`."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.specs.composing import (
    Callable,
    Composable,
    Composition,
    External,
    Function,
    Import,
    Operator,
    check_keywords,
    debug,
    get_positional,
)
from minitf.contrib.specs.evaluating import (
    LocalImport,
    create_net,
    create_net_fun,
    eval_params,
    eval_spec,
)
from minitf.contrib.specs.layers import (
    Ap,
    Bn,
    Cl,
    Cm,
    Conc,
    Cr,
    Cs,
    Ct,
    Cx,
    Do,
    Dwm,
    Dws,
    Expand,
    Fl,
    Flat,
    Fm,
    Fr,
    Fs,
    Ft,
    Fun,
    Fx,
    Id,
    Idx,
    Lrn,
    Mp,
    Print,
    Relu,
    Reshape,
    Shared,
    Sig,
    Smax,
    Squeeze,
    Tanh,
    Transpose,
    Unit,
    Var,
)
from minitf.contrib.specs.parameters import Lf, Li, Nt, Uf, Ui
from minitf.contrib.specs.summaries import (
    tf_left_split,
    tf_num_params,
    tf_parameter_iter,
    tf_parameter_summary,
    tf_print,
    tf_spec_print,
    tf_spec_structure,
    tf_spec_summary,
    tf_structure,
)

missing.explain(missing.sys.modules[__name__])
