"""Looking for words in a folded text: those that begin as each of the terms does."""

import json
from typing import Any

from django.db import models

# What an index on PostgreSQL is on: the words, each once.
WORDS = "array_to_tsvector(string_to_array(ltrim({column}), ' '))"


class BeginWords(models.Lookup):
    """`search_text__begin_words=["canh", "sat"]`: every term begins a word of the text.

    The text and the terms are as `agreements.text.fold` has them, so that a term is of letters
    and digits alone.
    """

    lookup_name = "begin_words"
    # The terms belong together; none is a value of the field.
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        conditions = [f"{column} LIKE %s" for _ in self.rhs]
        terms = [f"% {term}%" for term in self.rhs]
        return " AND ".join(conditions), (*(tuple(params) * len(terms)), *terms)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        query = " & ".join(f"'{term}':*" for term in self.rhs)
        return f"{WORDS.format(column=column)} @@ %s::tsquery", (*params, query)


class Among(models.Lookup):
    """`pk__among=numbers`: as `in`, with one parameter for however many there are.

    They are numbers or texts, as the column has them.
    """

    lookup_name = "among"
    # None of the values is one of another model, and all of them are as they are to be compared.
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        values = json.dumps(list(self.rhs), ensure_ascii=False)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, values)  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        values = list(self.rhs)
        if values and all(type(each) is int for each in values):
            # Written as the driver does, which makes a list of them much slower.
            of = "integer" if max(map(abs, values)) < 2**31 else "bigint"
            return f"{column} = ANY(%s::{of}[])", (*params, f"{{{','.join(map(str, values))}}}")
        return f"{column} = ANY(%s)", (*params, values)


models.Field.register_lookup(Among)
# A foreign key has none of the lookups of other fields.
models.ForeignObject.register_lookup(Among)
