"""What the deployment tells the code: environment variables, read once into one frozen object."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BESIDE_CODE = Path(__file__).resolve().parent.parent / "instance"
"""Where the build puts the instance's documents in the zip."""


@dataclass(frozen=True)
class Settings:
    """The deployment's settings; each is the environment variable of the same name in capitals."""

    main_table: str
    quota_table: str
    site_bucket: str
    """Bucket of the site and of the published files under ``data/``."""
    work_bucket: str
    """Private bucket: the places pack, the nightly run's kept state."""
    quarantine_bucket: str
    """Private bucket: photos as they were sent, for minutes."""
    photo_bucket: str
    """Private bucket: the clean copies."""
    secrets_param: str
    """Name of the SSM SecureString that holds the signing keys as JSON."""
    topic_prefix: str
    """ARN of the alert topics up to the garrison's code."""
    mail_sender: str
    fallback_address: str
    """Where the mail of a unit goes that has no address and whose parents have none."""
    site_url: str
    """Origin of the site without a trailing slash, for links."""
    officer_pool: str
    """Id of the pool of officers' logins; its region stands before the underscore."""
    officer_client: str
    """Id of the console as that pool knows it."""
    stage: str = "dev"
    time_may_be_told: bool = False
    """Whether an invocation may say what time it is; true in the local stage only."""
    cookie_secure: bool = True
    """Whether the cookie is ``Secure``; false only where the one origin is plain HTTP on loopback."""
    behind_distribution: bool = False
    """Whether every request comes through the distribution, whose word for the caller's address is then believed."""
    proof_level: int = 0
    """Level of the proof of work where the operator has switched none: 0 asks for none."""
    aws_endpoint_url: str | None = None
    """Where the pools of logins answer, None for AWS itself; AWS's own name for that is AWS_ENDPOINT_URL."""
    aws_lambda_function_memory_size: int = 3008
    """What the function that runs has, in megabytes; Lambda itself says so."""
    otel_traces_exporter: str = "none"
    """Where spans go: none, console, otlp; OpenTelemetry's own variable, as are those that say more."""
    instance_dir: Path = BESIDE_CODE
    build: str = "unknown"
    version: str = "0.0.0"

    @property
    def officer_issuer(self) -> str:
        """Who signs officers' tokens, as the tokens say."""
        return f"https://cognito-idp.{self.officer_pool.partition('_')[0]}.amazonaws.com/{self.officer_pool}"

    @property
    def officer_keys_url(self) -> str:
        """Where the public keys of those signatures are."""
        root = self.officer_issuer if self.aws_endpoint_url is None else f"{self.aws_endpoint_url}/{self.officer_pool}"
        return f"{root}/.well-known/jwks.json"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings; `KeyError` names the first that is missing.

        A variable that is set and empty counts as missing; `ValueError` for a level that is no whole number.
        """
        given = {name: value for name, value in environment.items() if value}
        return cls(
            main_table=given["MAIN_TABLE"],
            quota_table=given["QUOTA_TABLE"],
            site_bucket=given["SITE_BUCKET"],
            work_bucket=given["WORK_BUCKET"],
            quarantine_bucket=given["QUARANTINE_BUCKET"],
            photo_bucket=given["PHOTO_BUCKET"],
            secrets_param=given["SECRETS_PARAM"],
            topic_prefix=given["TOPIC_PREFIX"],
            mail_sender=given["MAIL_SENDER"],
            fallback_address=given["FALLBACK_ADDRESS"],
            site_url=given["SITE_URL"].rstrip("/"),
            officer_pool=given["OFFICER_POOL"],
            officer_client=given["OFFICER_CLIENT"],
            stage=given.get("STAGE", cls.stage),
            time_may_be_told=given.get("TIME_MAY_BE_TOLD") == "true",
            cookie_secure=given.get("COOKIE_SECURE") != "false",
            behind_distribution=given.get("BEHIND_DISTRIBUTION") == "true",
            proof_level=int(given.get("PROOF_LEVEL", cls.proof_level)),
            aws_endpoint_url=given.get("AWS_ENDPOINT_URL"),
            aws_lambda_function_memory_size=int(
                given.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", cls.aws_lambda_function_memory_size)
            ),
            otel_traces_exporter=given.get("OTEL_TRACES_EXPORTER", cls.otel_traces_exporter),
            instance_dir=Path(given.get("INSTANCE_DIR", BESIDE_CODE)),
            build=given.get("BUILD", cls.build),
            version=given.get("VERSION", cls.version),
        )
