"""What is not said in a work group: points and places of units, which go to those concerned and to nobody else."""

import re

from assessment.typed_text import plain

_NUMBER = "[0-9〇零一二两三四五六七八九十百.点半]+"
_CONFIDENTIAL = re.compile(
    f"得分|扣分|加分|减分|总分|评分|排名|名次|位次|排位|倒数|垫底|末位|第{_NUMBER}[名位]|[拟扣加减得]{_NUMBER}分"
)


def confidential_words(text: str) -> tuple[str, ...]:
    """The words of `text` that speak of points or places, each once, in order; empty where it may go to a group."""
    together = re.sub(r"\s+", "", plain(text))
    return tuple(dict.fromkeys(found[0] for found in _CONFIDENTIAL.finditer(together)))
