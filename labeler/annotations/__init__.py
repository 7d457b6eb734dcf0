"""Classes, the log of label actions, labels, undo."""
