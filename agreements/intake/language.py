"""The language of a text, told from its letters."""

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

# Languages of coastal states in which reports of such agreements are written.
_LANGUAGES = (
    "ar bg bn da de el en es et fa fi fr he hi hr id is it ja km ko lo lt lv ml ms mt my nl no pl "
    "pt ro ru si sl sq sv ta te th tl tr uk ur vi zh"
).split()
_LEAST_LETTERS = 40
_LEAST_CONFIDENCE = 0.8
_ENOUGH = 5000


def identified(text: str) -> str:
    """Return the language tag of a text, "" where it is too short or too mixed to tell."""
    if sum(map(str.isalpha, text[:_ENOUGH])) < _LEAST_LETTERS:
        return ""
    language, confidence = identifier().classify(text[:_ENOUGH])
    return language if confidence >= _LEAST_CONFIDENCE else ""


@lru_cache(maxsize=1)
def identifier() -> LanguageIdentifier:
    """Return the model. Loading it takes about half a second, once in a process."""
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(_LANGUAGES)
    return model
