"""Benchmarks run and report what they promise; their figures are not tested."""
