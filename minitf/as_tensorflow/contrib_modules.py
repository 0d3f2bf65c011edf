"""The modules below the parts of `tensorflow.contrib` that programs import."""

# A module of a part, as `tensorflow.contrib.rnn.python.ops.core_rnn_cell` is: its names are in the
# part, or in a module there of its name. These are modules that minitf has not as such.
MODULES = {
    "adam_gs_optimizer", "adamax", "addsign", "arg_scope", "attention_wrapper", "basic_decoder",
    "batching", "beam_search_decoder", "beam_search_ops", "bucket_ops", "canned",
    "checkpoint_ops", "checkpoint_utils", "classification", "collective_all_reduce_strategy",
    "core_rnn_cell", "core_rnn_cell_impl", "crf", "data", "datasets", "decoder", "dnn",
    "dnn_linear_combined", "drop_stale_gradient_optimizer", "embedding_ops", "encoders",
    "estimator", "estimators", "evaluation", "experiment", "experimental", "export",
    "export_utils", "framework", "fused_rnn_cell", "ggt", "graph_util", "grouping", "gru_ops",
    "head", "helper", "histogram_ops", "hparam", "initializers", "interleave_ops",
    "lars_optimizer", "layers", "lazy_adam_gs_optimizer", "lazy_adam_optimizer", "learn",
    "learn_runner", "linear", "loss", "loss_ops", "losses", "lstm_ops", "metric_ops",
    "mirrored_strategy", "model_fn", "multitask_optimizer_wrapper", "nadam_optimizer",
    "normalization", "one_device_strategy", "ops", "optimizers", "parameter_server_strategy",
    "powersign", "prefetching_ops", "preprocessing", "prettyprint_ops", "python",
    "reg_adagrad_optimizer", "regularizers", "rev_block_lib", "rnn", "rnn_cell", "run_config",
    "script_ops", "seq2seq", "shampoo", "shuffle_ops", "slim", "sort_ops",
    "sparse_feature_cross_op", "summaries", "tensor_util", "text", "tfe", "timeseries", "tpu",
    "tpu_config", "tpu_estimator", "tpu_ops", "training", "variable_clipping_optimizer",
    "variables",
}  # fmt: skip
# Those that have their names elsewhere.
ELSEWHERE = {
    "minitf.contrib.learn.python.learn.monitored_session": "train",
    "minitf.contrib.lookup.lookup_ops": "contrib.lookup",
    "minitf.contrib.opt.python.training.matrix_functions": "contrib.opt.matrix_roots",
    "minitf.contrib.opt.python.training.sign_decay": "contrib.opt.sign_decay",
    "minitf.contrib.optimizer_v2.adadelta": "contrib.optimizer_v2",
    "minitf.contrib.optimizer_v2.adagrad": "contrib.optimizer_v2",
    "minitf.contrib.optimizer_v2.adam": "contrib.optimizer_v2",
    "minitf.contrib.optimizer_v2.gradient_descent": "contrib.optimizer_v2",
    "minitf.contrib.optimizer_v2.momentum": "contrib.optimizer_v2",
    "minitf.contrib.optimizer_v2.optimizer_v2": "contrib.optimizer_v2",
}
