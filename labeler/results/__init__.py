"""Model versions, predictions, crop profiles, projections."""
