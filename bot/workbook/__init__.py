"""Workbooks (.xlsx) as offices have them: sheets of texts, in and out. Exact: what is typed is what is read."""
