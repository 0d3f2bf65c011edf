"""`tf.contrib.kernel_methods.KernelLinearClassifier`: a linear model of a kernel's features."""
from minitf import logging
from minitf.contrib import layers
from minitf.contrib.kernel_methods.mappers import RandomFourierFeatureMapper
from minitf.contrib.layers.columns.real import _RealValuedColumn
from minitf.contrib.learn.estimator import Estimator
from minitf.contrib.learn.head import multi_class_head
from minitf.contrib.learn.models import linear_model_fn
from minitf.contrib.learn.predicting import one
from minitf.ops.array.joining import concat


class KernelLinearClassifier(Estimator):
    """Classes, linear in `feature_columns` and in what `kernel_mappers` make of columns: {column:
    mappers}, of real-valued columns.

    ValueError without either, and for mappers of another kind.
    """

    def __init__(self, feature_columns=None, model_dir=None, n_classes=2, weight_column_name=None,
                 optimizer=None, kernel_mappers=None, config=None):
        if not feature_columns and not kernel_mappers:
            raise ValueError("You should set at least one of feature_columns, kernel_mappers.")
        mappers = [each for some in (kernel_mappers or {}).values() for each in some]
        if not all(isinstance(each, RandomFourierFeatureMapper) for each in mappers):
            raise ValueError("Invalid kernel mappers.")
        head = multi_class_head(n_classes, weight_column_name=weight_column_name)
        params = {"head": head, "feature_columns": feature_columns or [], "optimizer": optimizer,
                  "kernel_mappers": kernel_mappers or {}, "gradient_clip_norm": None,
                  "joint_weights": False}  # fmt: skip
        super().__init__(_model_fn, model_dir, config, params)

    def predict_classes(self, input_fn=None):
        """The number of the class of each example."""
        return one(self.predict(input_fn=input_fn, outputs=["classes"]), "classes")

    def predict_proba(self, input_fn=None):
        """The probabilities of the classes of each example."""
        return one(self.predict(input_fn=input_fn, outputs=["probabilities"]), "probabilities")


def _model_fn(features, labels, mode, params, config):
    features, columns = dict(features), set(params["feature_columns"])
    for column, mappers in params["kernel_mappers"].items():
        if not isinstance(column, _RealValuedColumn):
            logging.warning("Updates are currently supported on RealValuedColumns only. Metadata "
                            "for FeatureColumn %s will not be updated.", column.name)  # fmt: skip
            continue
        name = column.name + "_MAPPED"
        size = sum(mapper.output_dim for mapper in mappers)
        columns.add(layers.real_valued_column(name, size))
        features[name] = concat([mapper.map(features[column.name]) for mapper in mappers], 1)
    return linear_model_fn(features, labels, mode, {**params, "feature_columns": columns}, config)
