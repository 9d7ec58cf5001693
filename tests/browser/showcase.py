"""Records of the demo company that show something each: what, is in ``seeds/showcase.json``."""

import json
from pathlib import Path

SHOWCASE = json.loads((Path(__file__).parents[2] / "seeds" / "showcase.json").read_text(encoding="utf-8"))
FIRST = {entry["panel"]: f"/{entry['panel']}/{entry['crm_id']}" for entry in reversed(SHOWCASE)}
PANELS = list(FIRST.values())
