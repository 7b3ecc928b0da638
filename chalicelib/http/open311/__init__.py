"""Open311 GeoReport v2: the same reports and rules, in the words and forms of that standard."""
