"""How long the models wait for the store."""


class Patience:
    """Settings that PynamoDB reads from a model's `Meta`.

    The gateway gives up after 29 s and a phone much earlier: fail fast, let the client retry with the same key.
    """

    table_name: str | None = None
    region: str | None = None
    connect_timeout_seconds = 1
    read_timeout_seconds = 2
    max_retry_attempts = 2
