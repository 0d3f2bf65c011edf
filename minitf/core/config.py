"""`tf.ConfigProto`, `tf.RunOptions` and their kin, with TensorFlow's field names.

A field that is set has its effect or, when it asks for what minitf has not, makes the Session (or
the run) raise. Those that tune what TensorFlow does inside (thread pools, allocators, the passes
of its graph optimizer) tune nothing here: results are the same.
"""
from __future__ import annotations

from minitf.core.proto import cluster, step_stats  # noqa: F401  their messages are fields
from minitf.core.proto.message import Message


class VirtualDevices(Message):
    PROTO = """
        repeated float memory_limit_mb = 1;
    """


class GPUExperimental(Message):
    VirtualDevices = VirtualDevices
    PROTO = """
        repeated VirtualDevices virtual_devices = 1;
        bool use_unified_memory = 2;
        int32 num_dev_to_dev_copy_streams = 3;
        string collective_ring_order = 4;
        bool timestamped_allocator = 5;
        int32 kernel_tracker_max_interval = 7;
        int32 kernel_tracker_max_bytes = 8;
        int32 kernel_tracker_max_pending = 9;
    """


class GPUOptions(Message):
    """`visible_device_list` chooses GPUs, "1,0" say, and their order;
    `per_process_gpu_memory_fraction` limits what is taken of each; `allow_growth` takes memory as
    it is needed, which happens here in any case. Without a GPU nothing of it matters."""

    Experimental = GPUExperimental
    PROTO = """
        double per_process_gpu_memory_fraction = 1;
        string allocator_type = 2;
        int64 deferred_deletion_bytes = 3;
        bool allow_growth = 4;
        string visible_device_list = 5;
        int32 polling_active_delay_usecs = 6;
        int32 polling_inactive_delay_msecs = 7;
        bool force_gpu_compatible = 8;
        GPUExperimental experimental = 9;
    """


class OptimizerOptions(Message):
    """`global_jit_level`: OFF leaves all to NumPy, ON_1 (or ON_2) compiles each plan at its first
    run, DEFAULT only what takes long or is run often. `opt_level`: L0 makes each op a step of its
    own. The `do_...` fields change nothing: it is always done."""

    PROTO = """
        enum Level { L1 = 0; L0 = -1; }
        enum GlobalJitLevel { DEFAULT = 0; OFF = -1; ON_1 = 1; ON_2 = 2; }
        bool do_common_subexpression_elimination = 1;
        bool do_constant_folding = 2;
        Level opt_level = 3;
        bool do_function_inlining = 4;
        GlobalJitLevel global_jit_level = 5;
        int64 max_folded_constant_in_bytes = 6;
    """


class AutoParallelOptions(Message):
    PROTO = "bool enable = 1; int32 num_replicas = 2;"


class ScopedAllocatorOptions(Message):
    PROTO = "repeated string enable_op = 1;"


class VerifierConfig(Message):
    PROTO = """
        enum Toggle { DEFAULT = 0; ON = 1; OFF = 2; }
        int64 verification_timeout_in_ms = 1;
        Toggle structure_verifier = 2;
    """


class RewriterConfig(Message):
    """The passes of TensorFlow's graph optimizer; `optimizer_options` rules what minitf does."""

    PROTO = """
        enum Toggle { DEFAULT = 0; ON = 1; OFF = 2; AGGRESSIVE = 3; }
        enum NumIterationsType { DEFAULT_NUM_ITERS = 0; ONE = 1; TWO = 2; }
        enum MemOptType {
            DEFAULT_MEM_OPT = 0; NO_MEM_OPT = 1; MANUAL = 2; HEURISTICS = 3;
            SWAPPING_HEURISTICS = 4; RECOMPUTATION_HEURISTICS = 5; SCHEDULING_HEURISTICS = 6;
        }
        Toggle layout_optimizer = 1;
        bool disable_model_pruning = 2;
        Toggle constant_folding = 3;
        MemOptType memory_optimization = 4;
        string memory_optimizer_target_node_name_scope = 6;
        Toggle arithmetic_optimization = 7;
        Toggle dependency_optimization = 8;
        Toggle loop_optimization = 9;
        Toggle function_optimization = 10;
        Toggle debug_stripper = 11;
        NumIterationsType meta_optimizer_iterations = 12;
        Toggle shape_optimization = 13;
        Toggle remapping = 14;
        Toggle scoped_allocator_optimization = 15;
        int32 min_graph_nodes = 17;
        Toggle pin_to_host_optimization = 18;
        bool disable_meta_optimizer = 19;
        int64 meta_optimizer_timeout_ms = 20;
        bool fail_on_optimizer_errors = 21;
        Toggle implementation_selector = 22;
        Toggle auto_mixed_precision = 23;
        AutoParallelOptions auto_parallel = 5;
        ScopedAllocatorOptions scoped_allocator_opts = 16;
        repeated string optimizers = 100;
        repeated RewriterConfig.CustomGraphOptimizer custom_optimizers = 200;
        VerifierConfig inter_optimizer_verifier_config = 300;
        VerifierConfig post_optimization_verifier_config = 301;
    """

    class CustomGraphOptimizer(Message):
        PROTO = "string name = 1; map<string, AttrValue> parameter_map = 2;"


class GraphOptions(Message):
    PROTO = """
        bool enable_recv_scheduling = 2;
        OptimizerOptions optimizer_options = 3;
        int64 build_cost_model = 4;
        bool infer_shapes = 5;
        bool place_pruned_graph = 6;
        bool enable_bfloat16_sendrecv = 7;
        int32 timeline_step = 8;
        int64 build_cost_model_after = 9;
        RewriterConfig rewrite_options = 10;
    """


class ThreadPoolOptionProto(Message):
    PROTO = "int32 num_threads = 1; string global_name = 2;"


class RPCOptions(Message):
    """How processes talk to one another: there is one here, and nothing is asked of these."""

    PROTO = """
        bool use_rpc_for_inprocess_master = 1;
        string compression_algorithm = 2;
        int32 compression_level = 3;
        bool cache_rpc_response = 4;
        bool disable_session_connection_sharing = 5;
    """


class SessionMetadata(Message):
    PROTO = "string name = 1; int64 version = 2;"


class ConfigExperimental(Message):
    PROTO = """
        string collective_group_leader = 1;
        string executor_type = 3;
        int32 recv_buf_max_chunk = 4;
        bool use_numa_affinity = 5;
        bool collective_deterministic_sequential_execution = 6;
        bool collective_nccl = 7;
        bool share_session_state_in_clusterspec_propagation = 8;
        bool disable_thread_spinning = 9;
        bool share_cluster_devices_in_session = 10;
        SessionMetadata session_metadata = 11;
        bool optimize_for_static_graph = 12;
    """


class ConfigProto(Message):
    """How a Session runs. See `tf.Session`."""

    Experimental = ConfigExperimental
    PROTO = """
        map<string, int32> device_count = 1;
        int32 intra_op_parallelism_threads = 2;
        int32 placement_period = 3;
        repeated string device_filters = 4;
        int32 inter_op_parallelism_threads = 5;
        GPUOptions gpu_options = 6;
        bool allow_soft_placement = 7;
        bool log_device_placement = 8;
        bool use_per_session_threads = 9;
        GraphOptions graph_options = 10;
        int64 operation_timeout_in_ms = 11;
        repeated ThreadPoolOptionProto session_inter_op_thread_pool = 12;
        RPCOptions rpc_options = 13;
        ClusterDef cluster_def = 14;
        bool isolate_session_state = 15;
        ConfigExperimental experimental = 16;
    """


class DebugTensorWatch(Message):
    PROTO = """
        string node_name = 1;
        int32 output_slot = 2;
        repeated string debug_ops = 3;
        repeated string debug_urls = 4;
        bool tolerate_debug_op_creation_failures = 5;
    """


class DebugOptions(Message):
    PROTO = """
        repeated DebugTensorWatch debug_tensor_watch_opts = 4;
        int64 global_step = 10;
        bool reset_disk_byte_usage = 11;
    """


class RunExperimental(Message):
    PROTO = "int64 collective_graph_key = 1; bool use_run_handler_pool = 2;"


class RunOptions(Message):
    """What a run is to tell of itself in its `run_metadata`. Each `trace_level` but NO_TRACE asks
    for the time of every step; `output_partition_graphs` for the graph that was run."""

    Experimental = RunExperimental
    PROTO = """
        enum TraceLevel {
            NO_TRACE = 0; SOFTWARE_TRACE = 1; HARDWARE_TRACE = 2; FULL_TRACE = 3;
        }
        TraceLevel trace_level = 1;
        int64 timeout_in_ms = 2;
        int32 inter_op_thread_pool = 3;
        bool output_partition_graphs = 5;
        DebugOptions debug_options = 6;
        bool report_tensor_allocations_upon_oom = 7;
        RunExperimental experimental = 8;
    """


class RunMetadata(Message):
    """What a run tells of itself: when it was traced, `step_stats`, the steps with their times, and
    `source`, the program that it was; `cost_graph` and `partition_graphs`, where they are asked
    for. `function_graphs` stays empty: functions are called from the graph."""

    PROTO = """
        StepStats step_stats = 1;
        CostGraphDef cost_graph = 2;
        repeated GraphDef partition_graphs = 3;
        repeated RunMetadata.FunctionGraphs function_graphs = 4;
        string source = 1000;
    """  # no field of TensorFlow's has the number 1000

    class FunctionGraphs(Message):
        PROTO = """
            repeated GraphDef partition_graphs = 1;
            GraphDef pre_optimization_graph = 2;
            GraphDef post_optimization_graph = 3;
        """


class TensorConnection(Message):
    """That a tensor has, in a run, the value of another."""

    PROTO = """
        string from_tensor = 1;
        string to_tensor = 2;
    """


class CallableOptions(Message):
    """What `Session._make_callable_from_options` makes: names of the tensors it is given and
    returns, of operations that it runs, and which tensors have the values of others."""

    TensorConnection = TensorConnection
    PROTO = """
        repeated string feed = 1;
        repeated string fetch = 2;
        repeated string target = 3;
        RunOptions run_options = 4;
        repeated TensorConnection tensor_connection = 5;
        map<string, string> feed_devices = 6;
        map<string, string> fetch_devices = 7;
        bool fetch_skip_sync = 8;
    """
