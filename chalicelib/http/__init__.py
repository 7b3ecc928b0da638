"""The HTTP surface: routes, parsing, problem details, the OpenAPI document."""
