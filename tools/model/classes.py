# Classes of characters without a row of their own. The order is the order in the table and in src/model/class.rs.
CLASSES = ['line', 'space', 'digit', 'lower', 'upper', 'latin', 'greek', 'cyrillic', 'kana', 'halfkana', 'hangul', 'jamo', 'bopomofo',
           'punct', 'symbol', 'box', 'fullwidth', 'emoji', 'han', 'han_ext_a', 'han_ext_b', 'han_compat', 'script', 'private',
           'control', 'replacement', 'unassigned', 'combining']
CLASS_BASE = 0x11000
CI = {n: i for i, n in enumerate(CLASSES)}

def class_name(x):
    if x in (10, 13, 0x2028, 0x2029, 0x85): return 'line'
    if x in (9, 32, 0xA0, 0x3000) or 0x2000 <= x <= 0x200A: return 'space'
    if x < 32 or 0x7F <= x < 0xA0: return 'control'
    if 0x30 <= x <= 0x39: return 'digit'
    if 0x61 <= x <= 0x7A: return 'lower'
    if 0x41 <= x <= 0x5A: return 'upper'
    if x < 0x80: return 'punct'
    if x in (0xAA, 0xBA) or (0xC0 <= x <= 0x24F and x not in (0xD7, 0xF7)) or 0x1E00 <= x <= 0x1EFF: return 'latin'
    if x < 0xC0 or x in (0xD7, 0xF7): return 'symbol'
    if 0x250 <= x <= 0x2FF: return 'script'
    if 0x300 <= x <= 0x36F or 0x20D0 <= x <= 0x20FF or 0xFE00 <= x <= 0xFE0F or 0x3099 <= x <= 0x309A: return 'combining'
    if 0x370 <= x <= 0x3FF or 0x1F00 <= x <= 0x1FFF: return 'greek'
    if 0x400 <= x <= 0x52F: return 'cyrillic'
    if 0x1100 <= x <= 0x11FF or 0x3130 <= x <= 0x318F or 0xA960 <= x <= 0xA97F or 0xD7B0 <= x <= 0xD7FF: return 'jamo'
    if 0x530 <= x <= 0x1DFF: return 'script'
    if 0x200B <= x <= 0x200F or 0x202A <= x <= 0x202E or 0x2060 <= x <= 0x206F or x == 0xFEFF: return 'control'
    if 0x2010 <= x <= 0x205E or 0x3001 <= x <= 0x303F or 0xFE10 <= x <= 0xFE1F or 0xFE30 <= x <= 0xFE6F: return 'punct'
    if 0x2500 <= x <= 0x259F: return 'box'
    if 0x2070 <= x <= 0x2BFF or 0x3200 <= x <= 0x33FF: return 'symbol'
    if 0x3040 <= x <= 0x30FF or 0x31F0 <= x <= 0x31FF: return 'kana'
    if 0x3100 <= x <= 0x312F or 0x31A0 <= x <= 0x31BF: return 'bopomofo'
    if 0x2E80 <= x <= 0x2FFF: return 'han_compat'
    if 0x3400 <= x <= 0x4DBF: return 'han_ext_a'
    if 0x4E00 <= x <= 0x9FFF: return 'han'
    if 0xAC00 <= x <= 0xD7A3: return 'hangul'
    if 0xD800 <= x <= 0xDFFF: return 'unassigned'
    if 0xE000 <= x <= 0xF8FF or x >= 0xF0000: return 'private'
    if 0xF900 <= x <= 0xFAFF or 0x2F800 <= x <= 0x2FA1F: return 'han_compat'
    if 0xFF61 <= x <= 0xFF9F: return 'halfkana'
    if x == 0xFFFD: return 'replacement'
    if 0xFF00 <= x <= 0xFFEF: return 'fullwidth'
    if 0xFFF0 <= x <= 0xFFFF: return 'unassigned'
    if 0x1F000 <= x <= 0x1FAFF: return 'emoji'
    if 0x20000 <= x <= 0x323AF: return 'han_ext_b'
    if 0x2C00 <= x <= 0xFEFF or 0x10000 <= x <= 0x1EFFF: return 'script'
    return 'unassigned'

FOLDABLE = {'line', 'space', 'digit', 'lower', 'upper'}
_table = np.arange(1 << 17)
for _x in range(0x3100):
    _n = class_name(_x)
    if _n in FOLDABLE or _n == 'latin' : _table[_x] = CLASS_BASE + CI[_n]
def fold(a):
    a = np.where(a > 0xFFFF, np.array([CLASS_BASE + CI[n] for n in ('han_ext_b', 'emoji')])[((a >= 0x1F000) & (a < 0x1FB00)).astype(int)], np.minimum(a, 0xFFFF))
    return _table[a]
def has_row(x):
    """Whether a character may have a row of its own: ideographs, kana, hangul, CJK and common punctuation."""
    return class_name(x) in ('punct', 'symbol', 'kana', 'halfkana', 'hangul', 'bopomofo', 'fullwidth', 'han', 'han_ext_a', 'box', 'jamo', 'han_compat')
def class_of_symbol(x):
    return x - CLASS_BASE if CLASS_BASE <= x < CLASS_BASE + len(CLASSES) else CI[class_name(x)] if x < 0x10000 else CI['unassigned']

# Least probability of a whole class (any of its members), as -log2.
FLOOR = {'line': 6, 'space': 6, 'digit': 6, 'lower': 6, 'upper': 7, 'latin': 14, 'greek': 15, 'cyrillic': 15, 'kana': 18, 'halfkana': 17, 'hangul': 16,
         'jamo': 19, 'bopomofo': 18, 'punct': 13, 'symbol': 14, 'box': 16, 'fullwidth': 15, 'emoji': 13, 'han': 16, 'han_ext_a': 19, 'han_ext_b': 19,
         'han_compat': 19, 'script': 17, 'private': 20, 'control': 19, 'replacement': 17, 'unassigned': 22, 'combining': 17}
def class_floor(name, lang): return 2.0 ** -FLOOR[name]
# -log2 of the share of one member in its class, in whole bits.
WITHIN = {'line': 0, 'space': 0, 'digit': 3, 'lower': 4, 'upper': 5, 'latin': 6, 'greek': 5, 'cyrillic': 5, 'kana': 6, 'halfkana': 5, 'hangul': 12, 'jamo': 7,
          'bopomofo': 5, 'punct': 6, 'symbol': 9, 'box': 6, 'fullwidth': 6, 'emoji': 9, 'han': 12, 'han_ext_a': 12, 'han_ext_b': 14, 'han_compat': 8,
          'script': 10, 'private': 12, 'control': 5, 'replacement': 4, 'unassigned': 12, 'combining': 6}
