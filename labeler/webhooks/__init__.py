"""Webhooks: programs elsewhere are told what happens in a project, signed, in order, and again until they answer."""
