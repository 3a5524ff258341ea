"""Pinyin of place names: joined syllables as a sort key, and first letters to type.

Where Guangdong reads a character its own way, or a place name keeps another reading than everyday
words, the table below says so; all else comes from pypinyin.
"""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

# 涌 is a creek here (chōng), 圩 a market (xū), 埗 a landing (bù); 长 朝 都 曾 are read as in names of places.
PLACE_CHARACTERS = {
    "涌": "chōng", "圩": "xū", "埗": "bù", "陂": "bēi", "漖": "jiào", "塱": "lǎng", "蓢": "lǎng", "滘": "jiào",
    "长": "cháng", "朝": "cháo", "都": "dū", "曾": "zēng", "厦": "xià", "乐": "lè", "大": "dà", "行": "xíng",
    "盛": "shèng", "单": "dān", "莘": "xīn", "輋": "shē", "𣒍": "xié", "薄": "bó", "吓": "xià", "柏": "bǎi",
    "参": "shēn", "解": "xiè", "洗": "xiǎn", "峒": "dòng", "磡": "kàn", "坑": "kēng", "巺": "xùn", "冚": "kǎn",
}  # fmt: skip

PLACE_PHRASES = {
    "番禺": "pān yú", "东莞": "dōng guǎn", "大埔": "dà bù", "黄埔": "huáng pǔ", "增埗": "zēng bù", "区庄": "ōu zhuāng",
    "十三行": "shí sān háng", "长洲": "cháng zhōu", "长福": "cháng fú", "朝阳": "cháo yáng", "潮阳": "cháo yáng",
    "厦岗": "xià gǎng", "厦门": "xià mén", "大厦": "dà shà", "乐昌": "lè chāng", "音乐": "yīn yuè", "银行": "yín háng",
    "校长": "xiào zhǎng", "解放": "jiě fàng", "重阳": "chóng yáng", "重庆": "chóng qìng", "吉大": "jí dà",
    "大涌": "dà chōng", "车陂": "chē bēi", "行政": "xíng zhèng", "三水": "sān shuǐ", "曾经": "céng jīng",
}  # fmt: skip

load_single_dict({ord(character): reading for character, reading in PLACE_CHARACTERS.items()})
load_phrases_dict({phrase: [[syllable] for syllable in reading.split()] for phrase, reading in PLACE_PHRASES.items()})


@lru_cache(maxsize=4096)  # each name is asked twice, and many repeat
def syllables(text: str) -> tuple[str, ...]:
    """The syllables without tones, lower case, `lv` for 绿; what has no reading is left out.

    The list spells the character 塱 as `(土郎)` in a few names.
    """
    return tuple(lazy_pinyin(text.replace("(土郎)", "塱"), style=Style.NORMAL, errors="ignore", v_to_u=False))


def sort_key(text: str) -> str:
    """`石牌` as `shipai`."""
    return "".join(syllables(text))


def initials(text: str) -> str:
    """`石牌` as `sp`."""
    return "".join(syllable[0] for syllable in syllables(text))
