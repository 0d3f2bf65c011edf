"""`tf.keras.preprocessing.image`: images from files and arrays, changed at random for training."""
# ruff: noqa: F401  every import here is a public name
from minitf.keras.preprocessing.image.generator import ImageDataGenerator
from minitf.keras.preprocessing.image.iterators import (
    DirectoryIterator,
    Iterator,
    NumpyArrayIterator,
)
from minitf.keras.preprocessing.image.pictures import (
    array_to_img,
    img_to_array,
    list_pictures,
    load_img,
    save_img,
)
from minitf.keras.preprocessing.image.transforms import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
    flip_axis,
    random_brightness,
    random_channel_shift,
    random_rotation,
    random_shear,
    random_shift,
    random_zoom,
)
