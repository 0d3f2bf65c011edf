"""`tf.train`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.core.proto.example import (
    BytesList,
    Example,
    Feature,
    FeatureList,
    FeatureLists,
    Features,
    FloatList,
    Int64List,
    SequenceExample,
)
from minitf.core.proto.saver import SaverDef
from minitf.graph_util.graph_io import write_graph
from minitf.ops.io.files import match_filenames_once
from minitf.train import experimental, inspect_checkpoint, saver_names
from minitf.train.adadelta import AdadeltaOptimizer
from minitf.train.adagrad import AdagradOptimizer
from minitf.train.adagrad_da import AdagradDAOptimizer
from minitf.train.adam import AdamOptimizer
from minitf.train.basic_session_run_hooks import (
    FeedFnHook,
    FinalOpsHook,
    GlobalStepWaiterHook,
    LoggingTensorHook,
    NanLossDuringTrainingError,
    NanTensorHook,
    StopAtStepHook,
)
from minitf.train.batching import (
    batch,
    batch_join,
    maybe_batch,
    maybe_batch_join,
    maybe_shuffle_batch,
    maybe_shuffle_batch_join,
    shuffle_batch,
    shuffle_batch_join,
)
from minitf.train.checkpoint import Checkpoint
from minitf.train.checkpoint_management import (
    checkpoint_exists,
    generate_checkpoint_state_proto,
    get_checkpoint_mtimes,
    get_checkpoint_state,
    latest_checkpoint,
    remove_checkpoint,
    update_checkpoint_state,
)
from minitf.train.checkpoint_manager import CheckpointManager
from minitf.train.checkpoint_reader import NewCheckpointReader
from minitf.train.checkpoint_utils import (
    checkpoints_iterator,
    init_from_checkpoint,
    list_variables,
    load_checkpoint,
    load_variable,
)
from minitf.train.cluster import ClusterDef, ClusterSpec, JobDef
from minitf.train.coordinator import Coordinator, LooperThread
from minitf.train.device_setter import replica_device_setter
from minitf.train.distributed import Server, ServerDef
from minitf.train.ftrl import FtrlOptimizer
from minitf.train.global_step import (
    assert_global_step,
    create_global_step,
    get_global_step,
    get_or_create_global_step,
    global_step,
)
from minitf.train.gradient_descent import GradientDescentOptimizer
from minitf.train.hook_timer import SecondOrStepTimer
from minitf.train.import_meta_graph import import_meta_graph
from minitf.train.input import (
    input_producer,
    limit_epochs,
    range_input_producer,
    slice_input_producer,
    string_input_producer,
)
from minitf.train.learning_rate_decay import (
    cosine_decay,
    cosine_decay_restarts,
    exponential_decay,
    inverse_time_decay,
    linear_cosine_decay,
    natural_exp_decay,
    noisy_linear_cosine_decay,
    piecewise_constant,
    piecewise_constant_decay,
    polynomial_decay,
)
from minitf.train.meta_graph import export_meta_graph
from minitf.train.momentum import MomentumOptimizer
from minitf.train.monitored_session import (
    MonitoredSession,
    MonitoredTrainingSession,
    SingularMonitoredSession,
)
from minitf.train.moving_averages import ExponentialMovingAverage
from minitf.train.optimizer import Optimizer
from minitf.train.proximal import ProximalAdagradOptimizer, ProximalGradientDescentOptimizer
from minitf.train.queue_runner import (
    QueueRunner,
    QueueRunnerDef,
    add_queue_runner,
    start_queue_runners,
)
from minitf.train.rmsprop import RMSPropOptimizer
from minitf.train.saver import Saver
from minitf.train.saving_hooks import (
    CheckpointSaverHook,
    CheckpointSaverListener,
    ProfilerHook,
    StepCounterHook,
    SummarySaverHook,
)
from minitf.train.scaffold import (
    ChiefSessionCreator,
    Scaffold,
    SessionCreator,
    WorkerSessionCreator,
)
from minitf.train.sdca import sdca_fprint, sdca_optimizer, sdca_shrink_l1
from minitf.train.session_manager import SessionManager
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.summary_iterator import summary_iterator
from minitf.train.supervisor import Supervisor, basic_train_loop
from minitf.train.sync_replicas import SyncReplicasOptimizer
from minitf.train.warm_starting import VocabInfo, warm_start
