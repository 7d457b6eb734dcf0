"""Layouts of the map: UMAP from a given start, aligned with the last one, grown by placing, measured.

`fit` and `large` make layouts; `umap_graph` and `umap_layout` are the algorithm; the rest are the steps around it.
"""
