#include "CYAML.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct cyaml_parser {
  yaml_parser_t parser;
  yaml_event_t event;
  bool has_event;
  uint8_t *bytes;
  size_t count;
};

cyaml_parser *cyaml_open(const uint8_t *bytes, size_t count) {
  cyaml_parser *self = calloc(1, sizeof *self);
  if (!self) return NULL;
  self->bytes = malloc(count + 1);
  if (!self->bytes || !yaml_parser_initialize(&self->parser)) {
    free(self->bytes);
    free(self);
    return NULL;
  }
  if (count) memcpy(self->bytes, bytes, count);
  self->count = count;
  yaml_parser_set_encoding(&self->parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&self->parser, self->bytes, count);
  return self;
}

// The place of a byte; an error of the reader has no mark, since the reader is ahead of the scanner.
static yaml_mark_t place(const cyaml_parser *self, size_t offset) {
  yaml_mark_t mark = {.index = offset};
  for (size_t i = 0; i < offset && i < self->count; i++) {
    if (self->bytes[i] == '\n') {
      mark.line++;
      mark.column = 0;
    } else if ((self->bytes[i] & 0xC0) != 0x80) {
      mark.column++;
    }
  }
  return mark;
}

static cyaml_event failure(const cyaml_parser *self) {
  const yaml_parser_t *parser = &self->parser;
  const char *problem = parser->problem ? parser->problem : "out of memory";
  bool is_marked = parser->error == YAML_SCANNER_ERROR || parser->error == YAML_PARSER_ERROR;
  yaml_mark_t mark = is_marked ? parser->problem_mark : place(self, parser->problem_offset);
  return (cyaml_event){
      .kind = CYAML_FAILED,
      .line = mark.line,
      .column = mark.column,
      .text = (const uint8_t *)problem,
      .length = strlen(problem),
  };
}

cyaml_event cyaml_next(cyaml_parser *self) {
  if (self->has_event) yaml_event_delete(&self->event);
  self->has_event = yaml_parser_parse(&self->parser, &self->event);
  if (!self->has_event) return failure(self);

  const yaml_event_t *event = &self->event;
  cyaml_event result = {.line = event->start_mark.line, .column = event->start_mark.column};
  switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
      result.kind = CYAML_DOCUMENT;
      break;
    case YAML_SCALAR_EVENT:
      result.kind = CYAML_SCALAR;
      result.text = event->data.scalar.value;
      result.length = event->data.scalar.length;
      result.is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
      result.tag = event->data.scalar.tag;
      result.anchor = event->data.scalar.anchor;
      break;
    case YAML_SEQUENCE_START_EVENT:
      result.kind = CYAML_SEQUENCE;
      result.tag = event->data.sequence_start.tag;
      result.anchor = event->data.sequence_start.anchor;
      break;
    case YAML_MAPPING_START_EVENT:
      result.kind = CYAML_MAPPING;
      result.tag = event->data.mapping_start.tag;
      result.anchor = event->data.mapping_start.anchor;
      break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      result.kind = CYAML_END;
      break;
    case YAML_ALIAS_EVENT:
      result.kind = CYAML_ALIAS;
      result.anchor = event->data.alias.anchor;
      break;
    case YAML_STREAM_END_EVENT:
      result.kind = CYAML_FINISHED;
      break;
    default:
      result.kind = CYAML_OTHER;
  }
  return result;
}

void cyaml_close(cyaml_parser *self) {
  if (self->has_event) yaml_event_delete(&self->event);
  yaml_parser_delete(&self->parser);
  free(self->bytes);
  free(self);
}
