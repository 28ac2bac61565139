"""Short numbers as people type them: R-1008-17, r1008-17, or 17 for one of this month."""

import re
from datetime import date

from assessment.notices import Repair, RepairLine
from handlers.turn import Turn

_NUMBER = re.compile(r"(?:([A-Za-z])\s*-?\s*)?(?:(\d{4})\s*-\s*)?(\d{1,9})")
_WHOLE = re.compile(r"[A-Za-z]\s*-?\s*\d{4}\s*-\s*\d{1,9}")
_BEFORE_A_NUMBER = re.compile(r"[\w-]+\s+(?P<rest>\d{1,9}(?:\s.*)?)$", re.DOTALL)
_KINDS = {
    "A": "申诉",
    "D": "督办",
    "H": "待办",
    "L": "台账",
    "P": "拟加拟扣",
    "R": "报送",
    "S": "交办事项",
    "T": "通知",
    "W": "整改问题",
    "X": "请求协调",
    "Y": "延期申请",
    "Z": "重大事项",
}
"""What a number's letter stands for, as people call it."""
_SEPARATORS = re.compile(r"[\s,，、;；和]+")


def full(letter: str, typed: str, today: date) -> str | None:
    """The whole number that `typed` stands for, or None when it is none of that letter."""
    found = _NUMBER.fullmatch(typed.strip())
    if found is None or (found[1] is not None and found[1].upper() != letter):
        return None
    return f"{letter}-{found[2] or f'{today:%y%m}'}-{int(found[3])}"


def leading(letter: str, text: str, today: date) -> tuple[tuple[str, ...], str]:
    """The numbers at the start of a text, and the rest: 17、18 理由… gives two numbers and 理由…."""
    numbers: list[str] = []
    rest = text.strip()
    while rest:
        head, _, tail = _first_word(rest)
        number = full(letter, head, today)
        if number is None:
            break
        numbers.append(number)
        rest = tail
    return tuple(dict.fromkeys(numbers)), rest


def refused_foreign(turn: Turn, word: str, letters: str, text: str) -> bool:
    """Whether a text begins with a whole number of another kind than `letters`; then that has been answered.

    Whoever names a matter means that one: nothing else is taken instead.
    """
    whole = _WHOLE.match(text.strip())
    if whole is None or whole[0][0].upper() in letters:
        return False
    facts = {
        "word": word,
        "number": whole[0].upper(),
        "kinds": "、".join(_KINDS.get(letter, letter) for letter in letters),
    }
    turn.reply(RepairLine(about=word, repair=Repair.OTHER_KIND_OF_NUMBER, facts=facts))
    return True


def one_before_a_number(letter: str, text: str, today: date) -> tuple[str, str, str] | None:
    """The number at the start of a text, where one bare whole number follows behind a blank, which may be points; what
    that would be as a number; and the text from there on. None for anything else: 17、18 is a list, and so is 17 18 19.
    """
    found = _BEFORE_A_NUMBER.match(text.strip())
    numbers, _ = leading(letter, text, today)
    return (numbers[0], numbers[1], found["rest"]) if found is not None and len(numbers) == 2 else None


def _first_word(text: str) -> tuple[str, str, str]:
    whole = _WHOLE.match(text)
    if whole is not None:
        # A whole number ends where its digits end, also when the reason follows without a blank.
        return (
            whole[0],
            "",
            _SEPARATORS.sub("", text[whole.end() :], count=1)
            if _SEPARATORS.match(text, whole.end())
            else text[whole.end() :],
        )
    found = _SEPARATORS.search(text)
    if found is None:
        return text, "", ""
    return text[: found.start()], found[0], text[found.end() :]
