// A flat view of libyaml's parser: one event at a time, scalars as bytes, with the place where each of them starts.
#ifndef CYAML_H
#define CYAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cyaml_parser cyaml_parser;

typedef enum {
  CYAML_OTHER = 0,  // start and end of the stream, end of a document
  CYAML_DOCUMENT,
  CYAML_SCALAR,
  CYAML_SEQUENCE,
  CYAML_MAPPING,
  CYAML_END,  // of a sequence or mapping
  CYAML_ALIAS,
  CYAML_FINISHED,
  CYAML_FAILED,
} cyaml_kind;

typedef struct {
  cyaml_kind kind;
  // Where the event starts; both count from 0, the column in characters. For CYAML_FAILED where the problem is.
  size_t line;
  size_t column;
  // CYAML_SCALAR: the text. CYAML_FAILED: what libyaml says. Valid until the next call.
  const uint8_t *text;
  size_t length;
  // CYAML_SCALAR: without quotes.
  bool is_plain;
  // CYAML_SEQUENCE, CYAML_MAPPING, CYAML_SCALAR: a tag such as !!str, with its prefix written out, and the name that an
  // alias may call it by. CYAML_ALIAS: the name that it calls. NULL where there is none, valid until the next call.
  const uint8_t *tag;
  const uint8_t *anchor;
} cyaml_event;

// Copies the bytes. NULL when there is no memory.
cyaml_parser *cyaml_open(const uint8_t *bytes, size_t count);

// The next event. After CYAML_FINISHED or CYAML_FAILED only cyaml_close may follow.
cyaml_event cyaml_next(cyaml_parser *parser);

void cyaml_close(cyaml_parser *parser);

#endif
