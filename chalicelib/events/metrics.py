"""Metrics as log lines in CloudWatch's embedded metric format: no call, no permission, no library.

Format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
import sys
from datetime import datetime

NAMESPACE = "Czujka"
_SECONDS = "_s"


def emit(now: datetime, stage: str, function: str, **values: float) -> None:
    """Write one line with the values of the run that ends `now`: names that end in ``_s`` in seconds, others counts."""
    metrics = [{"Name": name, "Unit": "Seconds" if name.endswith(_SECONDS) else "Count"} for name in values]
    line = {
        "_aws": {
            "Timestamp": round(now.timestamp() * 1000),
            "CloudWatchMetrics": [
                {"Namespace": NAMESPACE, "Dimensions": [["stage", "function"]], "Metrics": metrics},
            ],
        },
        "stage": stage,
        "function": function,
        **values,
    }
    sys.stdout.write(json.dumps(line) + "\n")
