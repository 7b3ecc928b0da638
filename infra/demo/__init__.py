"""The demonstration set: reports as a country might file them in a year, made up from published shares."""
