"""A terminal's screen, as far as `mom ask --watch` uses one."""

import re
import unicodedata


class Screen:
    """What it shows, with what has scrolled off; fails at controls that it does not know."""

    def __init__(self, columns, rows):
        self._columns, self._height = columns, rows
        self._rows = [[]]  # lists of cells; the second one of a wide character is empty
        self._row = self._column = 0
        self._pending = b""

    def text(self):
        rows = ["".join(row).rstrip() for row in self._rows]
        return "\n".join(rows).rstrip("\n")

    def write(self, data):
        data = self._pending + data
        # A character or control that is not whole yet waits for its rest.
        cut = re.search(rb"(\x1b(\[[0-9;]*)?|[\xc0-\xff][\x80-\xbf]{0,2})\Z", data)
        end = len(data)
        if cut and not _is_whole(cut.group()):
            end = cut.start()
        self._pending = data[end:]
        for control, character in re.findall(
            r"\x1b\[([0-9;]*[A-Za-z])|(.)", data[:end].decode(), re.S
        ):
            if control:
                self._control(control[:-1], control[-1])
            else:
                self._put(character)

    def _put(self, character):
        if character == "\r":
            self._column = 0
        elif character == "\n":
            self._next_row()
        elif character < " ":
            raise AssertionError(f"control character {character!r}")
        elif unicodedata.combining(character):
            self._rows[self._row][self._column - 1] += character
        else:
            width = 2 if unicodedata.east_asian_width(character) in "WF" else 1
            if self._column + width > self._columns:
                self._next_row()
                self._column = 0
            row = self._rows[self._row]
            row += [" "] * (self._column + width - len(row))
            row[self._column : self._column + width] = [character] + [""] * (width - 1)
            self._column += width

    def _next_row(self):
        self._row += 1
        if self._row == len(self._rows):
            self._rows.append([])

    def _control(self, argument, kind):
        self._column = min(self._column, self._columns - 1)
        row = self._rows[self._row]
        if kind == "A":
            self._row -= int(argument or 1)
            if self._row < max(0, len(self._rows) - self._height):
                raise AssertionError("up beyond the top")
        elif kind == "G":
            self._column = int(argument or 1) - 1
        elif kind in "KJ":
            del row[self._column :]
            row += [" "] * (self._column - len(row))
            if kind == "J":
                for other in self._rows[self._row + 1 :]:
                    other.clear()
        elif kind != "m":
            raise AssertionError(f"unknown control {kind!r}")


def _is_whole(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return not data.startswith(b"\x1b")
