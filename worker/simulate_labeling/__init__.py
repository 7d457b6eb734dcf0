"""How many gestures a person needs: an oracle that knows the classes labels a dataset by the product's services."""
