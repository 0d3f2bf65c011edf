"""`tf.keras.preprocessing.image.ImageDataGenerator`."""
import warnings

import numpy as np

from minitf.keras.backend.config import checked_layout, floatx
from minitf.keras.preprocessing.image.iterators import DirectoryIterator, NumpyArrayIterator
from minitf.keras.preprocessing.image.transforms import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
    flip_axis,
    zoom_factors,
)

_LIKE = ("theta", "tx", "ty", "shear", "zx", "zy")


class ImageDataGenerator:
    """Batches of images that are changed at random, and brought to a common range.

    Ranges say by how much they are turned (degrees), moved, sheared, zoomed; `fill_mode` what is
    beyond the edges. `featurewise_*` and `zca_whitening` need `fit`. ValueError for options that
    have no meaning.
    """

    interpolation_order = 1

    def __init__(
        self, featurewise_center=False, samplewise_center=False,
        featurewise_std_normalization=False, samplewise_std_normalization=False,
        zca_whitening=False, zca_epsilon=1e-6, rotation_range=0, width_shift_range=0.0,
        height_shift_range=0.0, brightness_range=None, shear_range=0.0, zoom_range=0.0,
        channel_shift_range=0.0, fill_mode="nearest", cval=0.0, horizontal_flip=False,
        vertical_flip=False, rescale=None, preprocessing_function=None, data_format=None,
        validation_split=0.0, dtype=None,
    ):  # fmt: skip
        for name, value in list(locals().items()):
            if name != "self":
                setattr(self, name, value)
        self.dtype, self.data_format = dtype or floatx(), checked_layout(data_format)
        first = self.data_format == "channels_first"
        self.channel_axis, self.row_axis, self.col_axis = (1, 2, 3) if first else (3, 1, 2)
        self.mean = self.std = self.principal_components = None
        self._validation_split = validation_split
        if validation_split and not 0 < validation_split < 1:
            raise ValueError("`validation_split` must be strictly between 0 and 1.  Received: "
                             f"{validation_split}")  # fmt: skip
        self.zoom_range = _zoom(zoom_range)
        if brightness_range is not None and (
            not isinstance(brightness_range, (tuple, list)) or len(brightness_range) != 2
        ):
            raise ValueError("`brightness_range should be tuple or list of two floats. Received: "
                             f"{brightness_range}")  # fmt: skip
        self._settle()

    def _settle(self):
        """Options that call for others."""
        for option, other, value in (
            ("zca_whitening", "featurewise_center", True),
            ("zca_whitening", "featurewise_std_normalization", False),
            ("featurewise_std_normalization", "featurewise_center", True),
            ("samplewise_std_normalization", "samplewise_center", True),
        ):
            if getattr(self, option) and bool(getattr(self, other)) != value:
                setattr(self, other, value)
                warnings.warn(f"This ImageDataGenerator specifies `{option}`, which overrides "
                              f"setting of `{other}`.", stacklevel=4)  # fmt: skip

    def flow(
        self, x, y=None, batch_size=32, shuffle=True, sample_weight=None, seed=None,
        save_to_dir=None, save_prefix="", save_format="png", subset=None,
    ):  # fmt: skip
        """Batches (images, labels, weights) of arrays."""
        return NumpyArrayIterator(
            x, y, self, batch_size=batch_size, shuffle=shuffle, sample_weight=sample_weight,
            seed=seed, data_format=self.data_format, save_to_dir=save_to_dir,
            save_prefix=save_prefix, save_format=save_format, subset=subset, dtype=self.dtype,
        )  # fmt: skip

    def flow_from_directory(
        self, directory, target_size=(256, 256), color_mode="rgb", classes=None,
        class_mode="categorical", batch_size=32, shuffle=True, seed=None, save_to_dir=None,
        save_prefix="", save_format="png", follow_links=False, subset=None,
        interpolation="nearest",
    ):  # fmt: skip
        """Batches (images, labels) of the pictures in a folder, of which each folder is a class.

        `class_mode` says what the labels are: "categorical" (one-hot), "binary" or "sparse"
        (numbers), "input" (the images), or None.
        """
        return DirectoryIterator(
            directory, self, target_size=target_size, color_mode=color_mode, classes=classes,
            class_mode=class_mode, data_format=self.data_format, batch_size=batch_size,
            shuffle=shuffle, seed=seed, save_to_dir=save_to_dir, save_prefix=save_prefix,
            save_format=save_format, follow_links=follow_links, subset=subset,
            interpolation=interpolation, dtype=self.dtype,
        )  # fmt: skip

    def flow_from_dataframe(self, dataframe, *args, **kwargs):
        """Not in minitf: NotImplementedError."""
        raise NotImplementedError(
            "ImageDataGenerator.flow_from_dataframe: minitf reads no data frames of pandas; "
            "flow_from_directory and flow read folders and arrays"
        )

    # -- what is done to each image --------------------------------------------------------------

    def standardize(self, x):
        """An image brought to the common range, in place where it can be."""
        if self.preprocessing_function:
            x = self.preprocessing_function(x)
        if self.rescale:
            x *= self.rescale
        if self.samplewise_center:
            x -= np.mean(x, keepdims=True)
        if self.samplewise_std_normalization:
            x /= np.std(x, keepdims=True) + 1e-6
        if self.featurewise_center and self._is_fitted("featurewise_center", self.mean):
            x -= self.mean
        if self.featurewise_std_normalization and self._is_fitted(
            "featurewise_std_normalization", self.std
        ):
            x /= self.std + 1e-6
        if self.zca_whitening and self._is_fitted("zca_whitening", self.principal_components):
            flat = np.reshape(x, (-1, np.prod(x.shape[-3:])))
            x = np.reshape(flat @ self.principal_components, x.shape)
        return x

    @staticmethod
    def _is_fitted(option, value):
        if value is None:
            warnings.warn(
                f"This ImageDataGenerator specifies `{option}`, but it hasn't been fit on any "
                "training data. Fit it first by calling `.fit(numpy_data)`.",
                stacklevel=3,
            )
        return value is not None

    def get_random_transform(self, img_shape, seed=None):
        """How to change an image of this shape: what `apply_transform` takes."""
        if seed is not None:
            np.random.seed(seed)
        found = {"theta": _up_to(self.rotation_range)}
        found["tx"] = _moved(self.height_shift_range, img_shape[self.row_axis - 1])
        found["ty"] = _moved(self.width_shift_range, img_shape[self.col_axis - 1])
        found["shear"] = _up_to(self.shear_range)
        found["zx"], found["zy"] = zoom_factors(self.zoom_range)
        found["flip_horizontal"] = (np.random.random() < 0.5) * self.horizontal_flip
        found["flip_vertical"] = (np.random.random() < 0.5) * self.vertical_flip
        shift = self.channel_shift_range
        found["channel_shift_intensity"] = _up_to(shift) if shift != 0 else None
        found["brightness"] = None
        if self.brightness_range is not None:
            found["brightness"] = np.random.uniform(*self.brightness_range)
        return found

    def apply_transform(self, x, transform_parameters):
        """An image changed as `get_random_transform` says."""
        asked = transform_parameters
        row, column, channel = self.row_axis - 1, self.col_axis - 1, self.channel_axis - 1
        x = apply_affine_transform(
            x, **{name: asked[name] for name in _LIKE if name in asked}, row_axis=row,
            col_axis=column, channel_axis=channel, fill_mode=self.fill_mode, cval=self.cval,
            order=self.interpolation_order,
        )  # fmt: skip
        if asked.get("channel_shift_intensity") is not None:
            x = apply_channel_shift(x, asked["channel_shift_intensity"], channel)
        if asked.get("flip_horizontal", False):
            x = flip_axis(x, column)
        if asked.get("flip_vertical", False):
            x = flip_axis(x, row)
        if asked.get("brightness") is not None:
            x = apply_brightness_shift(x, asked["brightness"])
        return x

    def random_transform(self, x, seed=None):
        """An image changed at random."""
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))

    def fit(self, x, augment=False, rounds=1, seed=None):
        """Take from images the means and deviations that `featurewise_*` and `zca_whitening` need.

        With `augment` from images changed at random, each `rounds` times. ValueError for other
        ranks than 4.
        """
        x = np.array(x, dtype=self.dtype)
        if x.ndim != 4:
            raise ValueError("Input to `.fit()` should have rank 4. Got array with shape: "
                             f"{x.shape}")  # fmt: skip
        if seed is not None:
            np.random.seed(seed)
        if self.rescale:
            x *= self.rescale
        if augment:
            x = np.stack([self.random_transform(each) for _ in range(rounds) for each in x])
        axes = (0, self.row_axis, self.col_axis)
        if self.featurewise_center:
            self.mean = np.mean(x, axis=axes, keepdims=True)[0]
            x -= self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(x, axis=axes, keepdims=True)[0]
            x /= self.std + 1e-6
        if self.zca_whitening:
            flat = np.reshape(x, (len(x), -1))
            u, s, _ = np.linalg.svd(flat.T @ flat / len(flat))
            self.principal_components = (u / np.sqrt(s + self.zca_epsilon)) @ u.T


def _zoom(zoom_range):
    if isinstance(zoom_range, (float, int)):
        return [1 - zoom_range, 1 + zoom_range]
    if len(zoom_range) == 2 and all(isinstance(each, (float, int)) for each in zoom_range):
        return list(zoom_range)
    raise ValueError("`zoom_range` should be a float or a tuple or list of two floats. Received: "
                     f"{zoom_range}")  # fmt: skip


def _up_to(limit):
    return np.random.uniform(-limit, limit) if limit else 0


def _moved(limit, size):
    """By how many pixels: `limit` is a part of the size, a number of pixels, or several."""
    if not limit:
        return 0
    try:
        moved = np.random.choice(limit)
        moved *= np.random.choice([-1, 1])
    except ValueError:
        moved = np.random.uniform(-limit, limit)
    return moved * size if np.max(limit) < 1 else moved
