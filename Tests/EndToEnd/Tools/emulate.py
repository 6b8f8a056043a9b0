"""What a terminal shows that gets these bytes: emulate.py BYTES STEPS COLUMNS ROWS

STEPS holds lines `resize OFFSET COLUMNS ROWS` and `show OFFSET`, in order of the offsets. For each `show` the screen is
printed: a line for each row, its cells with U+001F between them, the right half of a wide character empty.
"""

import sys
import unicodedata

import pyte
import pyte.screens

count_of_library = pyte.screens.wcwidth


def cells_of(character):
    """wcwidth 0.2.13 counts two kinds of characters as nothing that Unicode, and with it the C library, gives cells:
    spacing marks, which take one, and skin tones, which are emoji of their own unless a terminal composes them."""
    if 0x1F3FB <= ord(character) <= 0x1F3FF:
        return 2
    if unicodedata.category(character) == "Mc":
        return 1
    return count_of_library(character)


pyte.screens.wcwidth = cells_of


class Screen(pyte.Screen):
    last = " "

    def draw(self, data):
        for character in data:
            # pyte throws away what has no cell and no combining class either (vowel signs, Hangul vowels), and with it
            # all that follows in the same text. It belongs to the character before, as every mark does.
            if cells_of(character) == 0 and not unicodedata.combining(character):
                line = self.buffer[self.cursor.y]
                before = self.cursor.x - 1
                if before > 0 and line[before].data == "":
                    before -= 1
                line[before] = line[before]._replace(data=line[before].data + character)
                continue
            # pyte joins a mark to the right half of a wide character, whose text is empty.
            if cells_of(character) == 0 and self.cursor.x > 1:
                line = self.buffer[self.cursor.y]
                if line[self.cursor.x - 1].data == "":
                    wide = line[self.cursor.x - 2]
                    line[self.cursor.x - 2] = wide._replace(data=wide.data + character)
                    continue
            if cells_of(character) > 0:
                self.last = character
            super().draw(character)

    def repeat(self, count=1):
        """CSI n b, which xterm has and pyte has not; and so for CSI n S and CSI n T."""
        super().draw(self.last * max(1, count))

    def scroll_up(self, count=1):
        self.at_top_margin(self.delete_lines, count)

    def scroll_down(self, count=1):
        self.at_top_margin(self.insert_lines, count)

    def at_top_margin(self, action, count):
        place = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        action(max(1, count))
        self.cursor.x, self.cursor.y = place


class Stream(pyte.ByteStream):
    more = {"b": "repeat", "S": "scroll_up", "T": "scroll_down"}
    csi = {**pyte.ByteStream.csi, **more}
    events = pyte.ByteStream.events | set(more.values())


def main(bytes_path, steps_path, columns, rows):
    with open(bytes_path, "rb") as file:
        data = file.read()
    screen = Screen(int(columns), int(rows))
    stream = Stream(screen)
    position = 0
    with open(steps_path) as file:
        steps = [line.split() for line in file]
    for verb, offset, *size in steps:
        stream.feed(data[position : int(offset)])
        position = int(offset)
        if verb == "resize":
            screen.resize(lines=int(size[1]), columns=int(size[0]))
            continue
        for y in range(screen.lines):
            print("\x1f".join(screen.buffer[y][x].data for x in range(screen.columns)))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    main(*sys.argv[1:])
