"""The modules below the parts of `tensorflow.contrib` that programs import."""

# A module of a part, as `tensorflow.contrib.rnn.python.ops.core_rnn_cell` is: its names are in the
# part, or in a module there of its name. These are modules that minitf has not as such.
MODULES = {
    "adam_gs_optimizer", "adamax", "addsign", "alpha_dropout", "arg_scope", "attention_wrapper",
    "basic_decoder", "batching", "beam_search_decoder", "beam_search_ops", "bucket_ops",
    "canned", "checkpoint_ops", "checkpoint_utils", "classification",
    "collective_all_reduce_strategy", "containers", "copy_elements", "core_rnn_cell",
    "core_rnn_cell_impl", "crf", "cudnn_rnn_ops", "data", "datasets", "decoder",
    "dense_image_warp", "distort_image_ops", "dnn", "dnn_linear_combined",
    "drop_stale_gradient_optimizer", "embedding_ops", "encoders", "estimator", "estimators",
    "evaluation", "experiment", "export", "export_utils", "feature_column", "framework",
    "functional_rnn", "fused_rnn_cell", "fwd_gradients", "get_single_element", "ggt",
    "graph_actions", "graph_util", "grid_rnn_cell", "grouping", "gru_ops", "head", "helper",
    "histogram_ops", "hparam", "image_ops", "initializers", "interleave_ops",
    "interpolate_spline", "keras_saved_model", "kmeans", "lars_optimizer", "layers",
    "lazy_adam_gs_optimizer", "lazy_adam_optimizer", "learn", "learn_runner", "linear", "loss",
    "loss_ops", "loss_scale_manager", "loss_scale_optimizer", "losses", "lstm_ops", "mel_ops",
    "metric_ops", "metric_spec", "metrics", "mfcc_ops", "mirrored_strategy", "model_fn",
    "monitors", "monte_carlo_impl", "multitask_optimizer_wrapper", "nadam_optimizer",
    "normalization", "odes", "one_device_strategy", "ops", "optimizers",
    "parameter_server_strategy", "params_ops", "periodic_resample_op", "powersign",
    "prefetching_ops", "preprocessing", "prettyprint_ops", "python", "readers",
    "reconstruction_ops", "reg_adagrad_optimizer", "regularizers", "resampler_ops",
    "rev_block_lib", "rnn", "rnn_cell", "run_config", "sampling_ops", "saved_model",
    "scaled_softplus", "script_ops", "seq2seq", "sequence_feature_column", "shampoo",
    "shape_ops", "shuffle_ops", "single_image_random_dot_stereograms", "sliding", "slim",
    "sort_ops", "sparse_image_warp", "sparsemax", "sparsemax_loss", "specs", "specs_lib",
    "specs_ops", "spectral_ops", "summaries", "tensor_util", "text", "tfe", "timeseries", "tpu",
    "tpu_config", "tpu_estimator", "tpu_ops", "training", "util", "variable_clipping_optimizer",
    "variables", "visualize", "window_ops",
}  # fmt: skip
# Those that have their names elsewhere.
ELSEWHERE = {
    "minitf.contrib.all_reduce.python.all_reduce": "as_tensorflow.modules.all_reduce",
    "minitf.contrib.data.python.ops.threadpool": "as_tensorflow.modules.data",
    "minitf.contrib.layers.python.ops.sparse_feature_cross_op":
        "contrib.layers.sparse_feature_cross",
    "minitf.contrib.learn.python.learn.monitored_session": "train",
    "minitf.contrib.lookup.lookup_ops": "contrib.lookup",
    "minitf.contrib.metrics.python.ops.set_ops": "sets",
    "minitf.contrib.opt.python.training.matrix_functions": "contrib.opt.matrix_roots",
    "minitf.contrib.opt.python.training.sign_decay": "contrib.opt.sign_decay",
    "minitf.contrib.optimizer_v2.adadelta": "contrib.optimizer_v2",
    "minitf.contrib.optimizer_v2.adagrad": "contrib.optimizer_v2",
    "minitf.contrib.optimizer_v2.adam": "contrib.optimizer_v2",
    "minitf.contrib.optimizer_v2.gradient_descent": "contrib.optimizer_v2",
    "minitf.contrib.optimizer_v2.momentum": "contrib.optimizer_v2",
    "minitf.contrib.optimizer_v2.optimizer_v2": "contrib.optimizer_v2",
    "minitf.contrib.summary.summary": "contrib.summary",
    "minitf.contrib.tpu.python.tpu.device_assignment": "as_tensorflow.modules.tpu",
    "minitf.contrib.tpu.python.tpu.tpu_function": "as_tensorflow.modules.tpu_function",
}
