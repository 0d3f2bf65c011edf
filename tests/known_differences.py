"""Where tests/test_cases_golden.py does not ask minitf for what TensorFlow 1.15 gave, and why.

Rows are named as in tests/goldens/cases.json; a key that ends in "." stands for all rows of an op.
"""

# Ops of minitf's own: TensorFlow builds these of other ops, or cannot differentiate what they are
# the gradient of.
ABSENT = {
    "cases.SumTo.": "what TensorFlow writes as BroadcastGradientArgs, Sum and Reshape",
    "cases.ReducedShape.": "what TensorFlow writes as Range, DynamicStitch and FloorDiv",
    "cases_arrays.ExtractImagePatchesGrad.": "TensorFlow multiplies by a sparse matrix",
    "cases_arrays.ExtractVolumePatchesGrad.": "TensorFlow multiplies by a sparse matrix",
}

# What TensorFlow on a CPU takes in single precision only, or not at all; minitf takes more.
NO_KERNEL = {
    "cases_math.PopulationCount.1": "no uint64",
    "cases_nn.MaxPool3D.": "no float64",
    "cases_nn.MaxPool3DGrad.": "no float64",
    "cases_nn.MaxPool3DGradGrad.": "no float64",
    "cases_nn.MaxPoolWithArgmax.1": "no int32 indices",
    "cases_nn.LRN.": "no float64",
    "cases_nn.LRNGrad.": "no float64",
    "cases_nn.FusedBatchNormV3.": "no float64",
    "cases_nn.FusedBatchNormGradV3.": "no float64",
    "cases_rnn.LSTMBlockCell.": "no float64",
    "cases_rnn.LSTMBlockCellGrad.": "no float64",
    "cases_rnn.BlockLSTM.": "no float64",
    "cases_rnn.BlockLSTMGrad.": "no float64",
    "cases_rnn.GRUBlockCell.": "no float64",
    "cases_rnn.GRUBlockCellGrad.": "no float64",
    "cases_cudnn.CudnnRNN.": "on a GPU only",
    "cases_cudnn.CudnnRNNV2.": "on a GPU only",
    "cases_cudnn.CudnnRNNV3.": "on a GPU only",
    "cases_cudnn.CudnnRNNBackprop.": "on a GPU only",
    "cases_cudnn.CudnnRNNBackpropV2.": "on a GPU only",
    "cases_cudnn.CudnnRNNBackpropV3.": "on a GPU only",
    "cases_cudnn.CudnnRNNParamsSize.": "on a GPU only",
    "cases_cudnn.CudnnRNNParamsToCanonical.": "on a GPU only",
    "cases_cudnn.CudnnRNNParamsToCanonicalV2.": "on a GPU only",
    "cases_cudnn.CudnnRNNCanonicalToParams.": "on a GPU only",
    "cases_cudnn.CudnnRNNCanonicalToParamsV2.": "on a GPU only",
}

# Gradients that TensorFlow raises an error for, where minitf has them.
MORE_GRADIENTS = {
    "cases_rnn.LSTMBlockCell.": "registered when tf.contrib.rnn is imported",
    "cases_rnn.GRUBlockCell.": "registered when tf.contrib.rnn is imported",
    "cases.TruncateMod.1": "not registered",
    "cases_contrib.PeriodicResampleOpGrad.": "not registered",
    "cases.Atan2.0": "TensorFlow forgets to sum over what was broadcast",
    "cases.MaxPool.5": "not implemented on a CPU for windows along the channels",
    "cases_image.RGBToHSV.0": "float32 constants meet float64",
    "cases_sparse.SparseToDense.1": "TensorFlow's rule gives one gradient too few",
    "cases_sparse.SparseToDense.2": "TensorFlow's rule gives one gradient too few",
    "cases_ragged.RaggedTensorToVariant.": "there is none, in minitf it is None",
    "cases_ragged.RaggedTensorFromVariant.": "there is none, in minitf it is None",
}

UNDILATED = "TensorFlow's kernel for a CPU ignores the dilations"
UNMADE = "TensorFlow means to say that there is none, and fails in saying so"
CONJUGATE = "TensorFlow forgets to conjugate"

WITHOUT_AXIS = "TensorFlow's are the shapes without an axis, and not true"

# (row, part): where TensorFlow's own answer is wrong.
DIFFERENT = {
    ("cases_arrays.UniqueV2.0", "static"): WITHOUT_AXIS,
    ("cases_arrays.UniqueV2.0", "loose"): WITHOUT_AXIS,
    ("cases_arrays.UniqueV2.0", "rankless"): WITHOUT_AXIS,
    ("cases_arrays.UniqueWithCountsV2.0", "static"): WITHOUT_AXIS,
    ("cases_arrays.UniqueWithCountsV2.0", "loose"): WITHOUT_AXIS,
    ("cases_arrays.UniqueWithCountsV2.0", "rankless"): WITHOUT_AXIS,
    ("cases.GatherV2.2", "gradients"): "TensorFlow's is wrong where batch_dims is not axis",
    ("cases.SoftmaxCrossEntropyWithLogits.0", "gradients"):
        "TensorFlow leaves out that the second output depends on the labels",
    ("cases.DepthwiseConv2dNative.2", "outputs"): UNDILATED,
    ("cases.DepthwiseConv2dNative.2", "gradients"): UNDILATED,
    ("cases.DepthwiseConv2dNativeBackpropInput.2", "outputs"): UNDILATED,
    ("cases.DepthwiseConv2dNativeBackpropInput.2", "gradients"): UNDILATED,
    ("cases.DepthwiseConv2dNativeBackpropFilter.2", "outputs"): UNDILATED,
    ("cases.DepthwiseConv2dNativeBackpropFilter.2", "gradients"): UNDILATED,
    ("cases_arrays.ExtractVolumePatches.0", "loose"): "TensorFlow says rank 4 of what has rank 5",
    ("cases_arrays.ExtractVolumePatches.0", "rankless"):
        "TensorFlow says rank 4 of what has rank 5",
    ("cases_sparse.SparseSparseMaximum.0", "gradients"): UNMADE,
    ("cases_sparse.SparseSparseMinimum.0", "gradients"): UNMADE,
    ("cases_math.Xlogy.0", "gradients"): CONJUGATE,
    ("cases_math.Xdivy.0", "gradients"): CONJUGATE,
    ("cases_math.MatrixInverse.1", "gradients"):
        "TensorFlow's is that of the inverse which is not transposed",
}  # fmt: skip


def reason(table, name):
    """Why the row is in the table, or None."""
    return table.get(name) or table.get(name.rstrip("0123456789"))

# Ops that TensorFlow has not, not under this name, or in a library of tf.contrib.
OWN_OPS = {
    "BipartiteMatch", "DecodeImage", "ExtractImagePatchesGrad", "ExtractVolumePatchesGrad",
    "GatherTree", "HorovodAllgather", "HorovodAllreduce", "HorovodBroadcast", "HorovodRowsBefore",
    "ImageConnectedComponents", "ImageProjectiveTransformV2", "IncrementBelow", "InitializedValue",
    "MultinomialOfSeeds", "PeriodicResample", "PeriodicResampleOpGrad", "ReducedShape",
    "SingleImageRandomDotStereograms",
    "SparseFeatureCross", "SparseFeatureCrossV2", "SumTo", "VariablePlace", "VariableRank",
    "WALSComputePartialLhsAndRhs",
    # Of tf.contrib.tensor_forest, which brings ops of its own.
    "CreateFertileStatsVariable", "CreateTreeVariable", "DecisionTreeResourceHandleOp",
    "FeatureUsageCounts", "FertileStatsDeserialize", "FertileStatsIsInitializedOp",
    "FertileStatsResourceHandleOp", "FertileStatsSerialize", "FinalizeTree", "GrowTreeV4",
    "ProcessInputV4", "ReinterpretStringToFloat", "TraverseTreeV4", "TreeDeserialize",
    "TreeIsInitializedOp", "TreePredictionsV4", "TreeSerialize", "TreeSize", "UpdateModelV4",
}  # fmt: skip
