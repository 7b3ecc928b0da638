"""`make mail`: print every e-mail that the instance has sent, one JSON object a line, oldest first."""

import json
import sys
import urllib.request
from datetime import UTC, datetime
from typing import Any

from infra.commands.instance import NotRunning, connect


def sent_mails(endpoint: str) -> list[dict[str, Any]]:
    """The mails that the emulator at `endpoint` took: `to, subject, text, html, at`, oldest first.

    `to` is a list of addresses, `at` the time of sending (RFC 3339, UTC).
    """
    with urllib.request.urlopen(f"{endpoint}/_ministack/ses/messages", timeout=30) as answer:
        accounts = json.load(answer)["messages"]
    mails = [
        {
            "to": mail["To"],
            "subject": mail["Subject"],
            "text": mail["BodyText"],
            "html": mail["BodyHtml"],
            "at": datetime.fromtimestamp(mail["Timestamp"], UTC).isoformat(timespec="milliseconds"),
        }
        for account in accounts.values()
        for mail in account
    ]
    return sorted(mails, key=lambda mail: mail["at"])


def main() -> int:
    """Print; the exit code is 1 where no instance runs."""
    try:
        endpoint = connect().endpoint
    except NotRunning as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    for mail in sent_mails(endpoint):
        sys.stdout.write(json.dumps(mail, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
