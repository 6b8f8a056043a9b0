// Searches of bytes, 16 at a time: what a filter does with every name of the index. Clang's vectors, which it makes from
// whatever the processor has; no state lives here.
#ifndef KEYGLASS_SEARCH_H
#define KEYGLASS_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t kg_vector __attribute__((ext_vector_type(16)));
typedef bool kg_lanes __attribute__((ext_vector_type(16)));

/// One bit for each of the 16 bytes from `from` that is `byte` once the bits of `fold` are set in it, the first byte's
/// bit lowest. With `fold` 0x20 a small letter stands for both its cases.
static inline uint32_t kg_equal_bytes(const uint8_t *_Nonnull from, uint8_t byte, uint8_t fold) {
  kg_vector bytes;
  memcpy(&bytes, from, sizeof bytes);
  kg_lanes lanes = __builtin_convertvector((bytes | (kg_vector)fold) == (kg_vector)byte, kg_lanes);
  uint16_t bits;
  memcpy(&bits, &lanes, sizeof bits);
  return bits;
}

/// What is to be set in a byte before it is compared with `byte`: the bit that makes letters small, for letters.
static inline uint8_t kg_fold(uint8_t byte, bool folds) {
  return folds && (uint8_t)(byte - 'a') < 26 ? 0x20 : 0;
}

/// Whether the needle stands at `from`, where all its bytes can be read.
static inline bool kg_is_at(const uint8_t *_Nonnull from, const uint8_t *_Nonnull needle, size_t length, bool folds) {
  for (size_t i = 0; i < length; i++) {
    if ((from[i] | kg_fold(needle[i], folds)) != needle[i]) return false;
  }
  return true;
}

/// The offset of the first occurrence of a needle that is not empty, or -1. With `folds` its small letters, and it has no
/// capital ones, stand for both their cases. Looks at the needle's first and last byte 16 places at a time.
static inline ptrdiff_t kg_search(const uint8_t *_Nullable haystack, size_t haystack_length,
                                  const uint8_t *_Nonnull needle, size_t needle_length, bool folds) {
  if (haystack_length < needle_length) return -1;
  size_t places = haystack_length - needle_length + 1;
  size_t last = needle_length - 1;
  uint8_t first_fold = kg_fold(needle[0], folds), last_fold = kg_fold(needle[last], folds);
  size_t place = 0;
  for (; place + 16 <= places; place += 16) {
    uint32_t open = kg_equal_bytes(haystack + place, needle[0], first_fold) &
                    kg_equal_bytes(haystack + place + last, needle[last], last_fold);
    for (; open != 0; open &= open - 1) {
      size_t found = place + (size_t)__builtin_ctz(open);
      if (kg_is_at(haystack + found, needle, needle_length, folds)) return (ptrdiff_t)found;
    }
  }
  for (; place < places; place++) {
    if (kg_is_at(haystack + place, needle, needle_length, folds)) return (ptrdiff_t)place;
  }
  return -1;
}

/// Whether the bytes of `wanted` occur in `name` in this order, with gaps. `readable`, at least `length`, is how many bytes
/// from `name` on may be read. `folds` as above.
static inline bool kg_holds_in_order(const uint8_t *_Nullable name, size_t length, size_t readable,
                                     const uint8_t *_Nullable wanted, size_t count, bool folds) {
  size_t next = 0;
  for (size_t start = 0; start < length && next < count; start += 16) {
    size_t left = length - start;
    const uint8_t *chunk = name + start;
    uint8_t copy[16] = {0};
    if (readable - start < 16) {
      memcpy(copy, chunk, left < 16 ? left : 16);
      chunk = copy;
    }
    uint32_t open = left < 16 ? (1u << left) - 1 : 0xFFFF;
    while (next < count) {
      uint32_t found = open & kg_equal_bytes(chunk, wanted[next], kg_fold(wanted[next], folds));
      if (found == 0) break;
      // What comes behind the first of them.
      open &= ~(found ^ (found - 1));
      next++;
    }
  }
  return next == count;
}

#endif
