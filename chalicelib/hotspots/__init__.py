"""Counting reports by place: pure NumPy, no input or output."""
