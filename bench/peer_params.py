"""Add to a harness's parameters what the program's addresses need (see peer.toml).

    SECRET_KEY=bench-only DATABASE_URL=postgres://…/project_1k bench/peer_params.py params-1k.json

A page is named by a cursor here, a country by two letters, a type by its instrument. Cursors are
signed with the secret that the server has, too. Rewrites the file.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")

import django  # noqa: E402

django.setup()

from django.http import QueryDict  # noqa: E402

from agreements.catalogue.asking import ask  # noqa: E402
from agreements.catalogue.listings import AGREEMENTS  # noqa: E402
from agreements.catalogue.pages import cursor_at, order_names, order_of  # noqa: E402
from agreements.countries import country_table  # noqa: E402
from bench.load import INSTRUMENTS  # noqa: E402

PAGE = 50


def main() -> None:
    path = Path(sys.argv[1])
    params = json.loads(path.read_text(encoding="utf-8"))
    codes = {row["alpha3"]: code for code, row in country_table().items() if len(code) == 2}
    ordered = ask(AGREEMENTS, QueryDict()).rows.order_by(*order_names(order_of("-date")))
    for name in ("pages", "deep"):
        for each in params[name]:
            # The page after the one that its number names.
            last = each["page"] * PAGE
            each["cursor"] = cursor_at(ordered[last - 1 : last].get(), "-date")
    for each in params["filters"]:
        each |= {"a2": codes[each["a"]], "b2": codes[each["b"]]}
        each["instrument"] = INSTRUMENTS[each["type"]]
    for each in params["homes"]:
        each["home2"] = codes[each["home"]]
    path.write_text(json.dumps(params, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
