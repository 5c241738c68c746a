"""Arrow's C structs made by hand, to say in them what no library says."""

import ctypes
from typing import Any

P = ctypes.c_void_p
I64 = ctypes.c_int64


class Schema(ctypes.Structure):
    """ArrowSchema."""

    _fields_ = (
        *(("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_char_p)),
        *(("flags", I64), ("n_children", I64), ("children", P), ("dictionary", P)),
        *(("release", P), ("private_data", P)),
    )


class Array(ctypes.Structure):
    """ArrowArray."""

    _fields_ = (
        *(("length", I64), ("null_count", I64), ("offset", I64), ("n_buffers", I64)),
        *(("n_children", I64), ("buffers", P), ("children", P), ("dictionary", P)),
        *(("release", P), ("private_data", P)),
    )


class Stream(ctypes.Structure):
    """ArrowArrayStream."""

    _fields_ = (
        *(("get_schema", P), ("get_next", P), ("get_last_error", P)),
        *(("release", P), ("private_data", P)),
    )


RELEASE = ctypes.CFUNCTYPE(None, P)
GET = ctypes.CFUNCTYPE(ctypes.c_int, P, P)
MESSAGE = ctypes.CFUNCTYPE(P, P)

new_capsule: Any = ctypes.pythonapi.PyCapsule_New
new_capsule.restype = ctypes.py_object
new_capsule.argtypes = [P, ctypes.c_char_p, P]


class Exporter:
    """What offers an array by whatever it is given to answer."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        return self.answer


def nothing(_: int) -> None:
    """Release nothing: Python owns all of it."""


_NOTHING = RELEASE(nothing)  # kept, as C has its address
NOTHING = ctypes.cast(_NOTHING, P).value


class Offered:
    """Words and numbers as a table (or the words alone), with whatever is set in the structs."""

    def __init__(self, *, table: bool = False, dictionary: bool = False) -> None:
        self.offsets = (ctypes.c_int32 * 4)(0, 3, 6, 10)
        self.values = ctypes.create_string_buffer(b"avamiaemma", 10)
        self.indices = (ctypes.c_int32 * 3)(0, 1, 2)
        self.numbers = (ctypes.c_int64 * 3)(1, 2, 3)
        self.words = Array(3, 0, 0, 3, release=NOTHING)
        self.words_type = Schema(b"u", b"w", release=NOTHING)
        self.word_buffers = (P * 3)(None, self._at(self.offsets), self._at(self.values))
        self.words.buffers = self._at(self.word_buffers)
        self.strings, self.strings_type = self.words, self.words_type
        if dictionary:
            self.words = Array(3, 0, 0, 2, release=NOTHING)
            self.words.dictionary = self._at(self.strings)
            self.words_type = Schema(b"i", b"w", release=NOTHING)
            self.words_type.dictionary = self._at(self.strings_type)
            self.index_buffers = (P * 2)(None, self._at(self.indices))
            self.words.buffers = self._at(self.index_buffers)
        self.weights = Array(3, 0, 0, 2, release=NOTHING)
        self.weights_type = Schema(b"l", b"n", release=NOTHING)
        self.weight_buffers = (P * 2)(None, self._at(self.numbers))
        self.weights.buffers = self._at(self.weight_buffers)
        self.array, self.type = self.words, self.words_type
        if table:
            self.array = Array(3, 0, 0, 1, 2, release=NOTHING)
            self.type = Schema(b"+s", b"", n_children=2, release=NOTHING)
            self.no_buffer = (P * 1)(None)
            self.array.buffers = self._at(self.no_buffer)
            self.columns = (P * 2)(self._at(self.words), self._at(self.weights))
            self.column_types = (P * 2)(self._at(self.words_type), self._at(self.weights_type))
            self.array.children = self._at(self.columns)
            self.type.children = self._at(self.column_types)

    @staticmethod
    def _at(thing: Any) -> int:
        return ctypes.addressof(thing)

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        # Copies, which are what is taken and released.
        self._handed = Schema.from_buffer_copy(self.type), Array.from_buffer_copy(self.array)
        return (
            new_capsule(ctypes.addressof(self._handed[0]), b"arrow_schema", None),
            new_capsule(ctypes.addressof(self._handed[1]), b"arrow_array", None),
        )
