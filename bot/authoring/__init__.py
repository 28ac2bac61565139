"""Rulebooks as offices write them: a workbook, a sheet of parameters, a sheet of targets, without any YAML."""
