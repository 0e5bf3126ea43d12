#include "suite/scan.h"

#include <string.h>
#include <yaml.h>

#include "core/limits.h"

static size_t offset_of(const struct source *s, yaml_mark_t mark)
{
	return source_offset(s, mark.line, mark.column);
}

/* The first tab among the blanks that begin the line of `at`, or -1. */
static long leading_tab(const struct source *s, size_t at)
{
	size_t line = source_place(s, at).line - 1;

	for (size_t i = s->lines[line]; i < s->text.n && strchr(" \t", s->text.p[i]); i++)
		if (s->text.p[i] == '\t')
			return (long)i;
	return -1;
}

/* libyaml's words for what people get wrong most, in the words of what they should do. */
static void syntax_error(struct source *s, const yaml_parser_t *p)
{
	const char *problem = p->problem ? p->problem : "it cannot be parsed";
	size_t at = offset_of(s, p->problem_mark);
	long tab = leading_tab(s, at);

	if (tab >= 0) {
		source_error(s, (size_t)tab, "a tab as indentation: YAML wants spaces");
	} else if (at < s->text.n && s->text.p[at] == '\t') {
		source_error(s, at, "a tab where YAML wants spaces");
	} else if (!strcmp(problem, "mapping values are not allowed in this context")) {
		source_error(s, at,
		             "a ':' that YAML takes for a new key: put the value in quotes, or mend the indentation");
	} else if (!strcmp(problem, "found character that cannot start any token") && at < s->text.n) {
		source_error(s, at, "'%c' cannot begin a value without quotes", s->text.p[at]);
	} else if (p->context && !strcmp(p->context, "while scanning a quoted scalar")) {
		source_error(s, offset_of(s, p->context_mark), "the quote that begins here does not end");
	} else if (s->variables && at && at < s->text.n && s->text.p[at] == '{' && s->text.p[at - 1] == '$') {
		source_error(s, at - 1, "'${NAME}' must be in quotes inside braces and brackets");
	} else if (p->context && p->context_mark.line != p->problem_mark.line) {
		source_error(s, at, "not valid YAML: %s, %s (which begins in line %zu)", problem, p->context,
		             p->context_mark.line + 1);
	} else {
		source_error(s, at, "not valid YAML: %s%s%s", problem, p->context ? ", " : "",
		             p->context ? p->context : "");
	}
}

static void refuse_properties(struct source *s, const yaml_event_t *e)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;
	size_t at = offset_of(s, e->start_mark);

	if (e->type == YAML_SCALAR_EVENT)
		anchor = e->data.scalar.anchor, tag = e->data.scalar.tag;
	else if (e->type == YAML_SEQUENCE_START_EVENT)
		anchor = e->data.sequence_start.anchor, tag = e->data.sequence_start.tag;
	else if (e->type == YAML_MAPPING_START_EVENT)
		anchor = e->data.mapping_start.anchor, tag = e->data.mapping_start.tag;
	if (anchor)
		source_error(s, at, "anchors (&%s) are not read: leave it out", (const char *)anchor);
	if (tag)
		source_error(s, at, "explicit tags (!) are not read: leave it out, put a string in quotes");
}

struct progress {
	size_t documents, depth;
	bool stop;
};

static void look_at(struct source *s, const yaml_event_t *e, struct progress *p)
{
	size_t at = offset_of(s, e->start_mark);

	refuse_properties(s, e);
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (p->documents++) {
			source_error(s, at, "a second document: a file holds one");
			p->stop = true;
		} else if (e->data.document_start.version_directive ||
		           e->data.document_start.tag_directives.start != e->data.document_start.tag_directives.end) {
			source_error(s, at, "directives (%%) are not read: leave the line out");
		}
		break;
	case YAML_ALIAS_EVENT:
		source_error(s, at, "aliases (*%s) are not read: write the value out",
		             (const char *)e->data.alias.anchor);
		break;
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		if (++p->depth > LIMIT_YAML_DEPTH) {
			source_error(s, at, "nested more than %d levels deep", LIMIT_YAML_DEPTH);
			p->documents = 0; /* not to be loaded */
			p->stop = true;
		}
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		p->depth--;
		break;
	case YAML_STREAM_END_EVENT:
		p->stop = true;
		break;
	default:
		break;
	}
}

bool scan(struct source *s)
{
	struct progress progress = {0};
	yaml_parser_t parser;

	if (!yaml_parser_initialize(&parser))
		mem_exhausted();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)s->text.p, s->text.n);
	while (!progress.stop) {
		yaml_event_t event;
		if (!yaml_parser_parse(&parser, &event)) {
			if (parser.error == YAML_MEMORY_ERROR)
				mem_exhausted();
			syntax_error(s, &parser);
			progress.documents = 0;
			break;
		}
		look_at(s, &event, &progress);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return progress.documents > 0;
}
