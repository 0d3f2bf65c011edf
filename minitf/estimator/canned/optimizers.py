"""The optimizers that ready-made models take: by name, as a function, or themselves."""
from minitf.train.adagrad import AdagradOptimizer
from minitf.train.adam import AdamOptimizer
from minitf.train.ftrl import FtrlOptimizer
from minitf.train.gradient_descent import GradientDescentOptimizer
from minitf.train.optimizer import Optimizer
from minitf.train.rmsprop import RMSPropOptimizer

_NAMED = {"Adagrad": AdagradOptimizer, "Adam": AdamOptimizer, "Ftrl": FtrlOptimizer,
          "RMSProp": RMSPropOptimizer, "SGD": GradientDescentOptimizer}  # fmt: skip


def get_optimizer_instance(opt, learning_rate=None):
    """The optimizer. ValueError for an unknown name, and for what is none."""
    if isinstance(opt, str):
        if opt not in _NAMED:
            raise ValueError(f"Unsupported optimizer name: {opt}. Supported names are: "
                             f"{tuple(sorted(_NAMED))}")  # fmt: skip
        if not learning_rate:
            raise ValueError("learning_rate must be specified when opt is string.")
        return _NAMED[opt](learning_rate=learning_rate)
    if callable(opt):
        opt = opt()
    if not isinstance(opt, Optimizer):
        raise ValueError(f"The given object is not an Optimizer instance. Given: {opt}")
    return opt
