"""JSON Schemas of the published files; `data/schema/` serves them as they stand here."""
