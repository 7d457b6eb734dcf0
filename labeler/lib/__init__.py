"""Model-free helpers shared by the apps, each module named after what it does."""
