"""`tf.saved_model`: graphs with variables and signatures as folders."""
# ruff: noqa: F401

from minitf.saved_model import (
    builder,
    constants,
    experimental,
    loader,
    main_op,
    signature_constants,
    signature_def_utils,
    tag_constants,
    utils,
)
from minitf.saved_model.builder import SavedModelBuilder as Builder
from minitf.saved_model.builder import simple_save
from minitf.saved_model.constants import (
    ASSETS_DIRECTORY,
    ASSETS_KEY,
    LEGACY_INIT_OP_KEY,
    MAIN_OP_KEY,
    SAVED_MODEL_FILENAME_PB,
    SAVED_MODEL_FILENAME_PBTXT,
    SAVED_MODEL_SCHEMA_VERSION,
    VARIABLES_DIRECTORY,
    VARIABLES_FILENAME,
)
from minitf.saved_model.load_objects import load as load_v2
from minitf.saved_model.loader import contains_saved_model, load, maybe_saved_model_directory
from minitf.saved_model.main_op import main_op_with_restore
from minitf.saved_model.save_objects import save
from minitf.saved_model.signature_constants import (
    CLASSIFY_INPUTS,
    CLASSIFY_METHOD_NAME,
    CLASSIFY_OUTPUT_CLASSES,
    CLASSIFY_OUTPUT_SCORES,
    DEFAULT_SERVING_SIGNATURE_DEF_KEY,
    PREDICT_INPUTS,
    PREDICT_METHOD_NAME,
    PREDICT_OUTPUTS,
    REGRESS_INPUTS,
    REGRESS_METHOD_NAME,
    REGRESS_OUTPUTS,
)
from minitf.saved_model.signature_def_utils import (
    build_signature_def,
    classification_signature_def,
    is_valid_signature,
    predict_signature_def,
    regression_signature_def,
)
from minitf.saved_model.tag_constants import GPU, SERVING, TPU, TRAINING
from minitf.saved_model.utils import build_tensor_info, get_tensor_from_tensor_info
