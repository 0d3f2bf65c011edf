"""Estimators whose models are there already."""
