"""`tf.contrib.rnn`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.rnn.attention import AttentionCellWrapper, HighwayWrapper
from minitf.contrib.rnn.block import (
    GRUBlockCell,
    GRUBlockCellV2,
    LSTMBlockCell,
    LSTMBlockFusedCell,
    LSTMBlockWrapper,
)
from minitf.contrib.rnn.compiled import CompiledWrapper
from minitf.contrib.rnn.convolutional import (
    Conv1DLSTMCell,
    Conv2DLSTMCell,
    Conv3DLSTMCell,
    ConvLSTMCell,
)
from minitf.contrib.rnn.fused_rnn_cell import (
    FusedRNNCell,
    FusedRNNCellAdaptor,
    TimeReversedFusedRNN,
)
from minitf.contrib.rnn.gated import (
    CoupledInputForgetGateLSTMCell,
    IntersectionRNNCell,
    NASCell,
    UGRNNCell,
)
from minitf.contrib.rnn.grid import BidirectionalGridLSTMCell, GridLSTMCell, TimeFreqLSTMCell
from minitf.contrib.rnn.independent import GLSTMCell, IndRNNCell, IndyGRUCell, IndyLSTMCell, SRUCell
from minitf.contrib.rnn.linear import Linear as _Linear
from minitf.contrib.rnn.linear import linear as _linear
from minitf.contrib.rnn.normal import LayerNormBasicLSTMCell
from minitf.contrib.rnn.phased import PhasedLSTMCell
from minitf.contrib.rnn.projections import (
    EmbeddingWrapper,
    InputProjectionWrapper,
    OutputProjectionWrapper,
)
from minitf.contrib.rnn.stacked import stack_bidirectional_dynamic_rnn, stack_bidirectional_rnn
from minitf.rnn.rnn_cell import (
    BasicLSTMCell,
    BasicRNNCell,
    DeviceWrapper,
    DropoutWrapper,
    GRUCell,
    LayerRNNCell,
    LSTMCell,
    LSTMStateTuple,
    MultiRNNCell,
    ResidualWrapper,
    RNNCell,
)
from minitf.rnn.sizes import batch_size_of as best_effort_input_batch_size
from minitf.rnn.static import static_bidirectional_rnn, static_rnn, static_state_saving_rnn
from minitf.rnn.step import transpose_batch_time

missing.explain(missing.sys.modules[__name__])
