"""The nightly function over empty tables and buckets."""

from tests.nightly.conftest import night, reach

__all__ = ["night", "reach"]
