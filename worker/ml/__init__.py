"""Machine learning as pure functions on arrays: numpy, torch, torchvision, Pillow, umap. No Django, no Celery."""
