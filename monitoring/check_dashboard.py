"""Reads dashboard.json by Grafana's own classes, writes it again, and names what
was lost: a field that is misspelt or invented. Run by hand after an edit:

    python3 -m venv /tmp/sdk
    /tmp/sdk/bin/pip install 'grafana-foundation-sdk==1769699379!11.6.0'
    /tmp/sdk/bin/python monitoring/check_dashboard.py monitoring/dashboard.json

(The number before `!` is the version's epoch; without it pip takes the model of
Grafana 10.1.)
"""

import json
import sys

from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(ours, theirs, path):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            if key in theirs:
                yield from lost(value, theirs[key], f"{path}/{key}")
            elif value is not None:  # null and absent are one
                yield f"lost: {path}/{key}"
    elif isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            yield f"another length: {path}"
        for index, (one, other) in enumerate(zip(ours, theirs)):
            yield from lost(one, other, f"{path}/{index}")
    elif ours != theirs:
        yield f"changed: {path}: {ours!r} became {theirs!r}"


plugins.register_default_plugins()
with open(sys.argv[1], encoding="utf-8") as file:
    dashboard = json.load(file)
again = json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard)))
found = list(lost(dashboard, again, ""))
print("\n".join(found) or "nothing is lost")
sys.exit(bool(found))
