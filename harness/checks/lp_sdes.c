#include <string.h>

#include "checks/check.h"
#include "checks/parsed.h"
#include "checks/times.h"

/*
 * lp_sdes: LivePerson's engagement attributes inside the id_token. The tables are those of LivePerson's "Types of Engagement
 * Attributes", with the column "Supported in Authenticated Flow".
 */

enum kind {
	KIND_STRING,
	KIND_NUMBER,
	KIND_INTEGER,
	KIND_YEAR,   /* an integer, which the documents' own example has in quotes */
	KIND_GENDER, /* 0 to 2 in the table, MALE, FEMALE or OTHER in the sample beside it */
	KIND_DATE,   /* an object with day, month and year, all three */
	KIND_OBJECT,
	KIND_LIST, /* an array of objects */
};

struct attribute {
	const char *name;
	enum kind kind;
	const struct attribute *inner; /* of objects and lists */
	bool unsupported;              /* documented, but not in authenticated conversations */
};

static const struct attribute date[] = {
        {"day", KIND_INTEGER, NULL, false},
        {"month", KIND_INTEGER, NULL, false},
        {"year", KIND_YEAR, NULL, false},
        {NULL, KIND_STRING, NULL, false},
};

static const struct attribute info[] = {
        {"cstatus", KIND_STRING, NULL, false},       {"ctype", KIND_STRING, NULL, false},
        {"customerId", KIND_STRING, NULL, false},    {"balance", KIND_NUMBER, NULL, false},
        {"currency", KIND_STRING, NULL, false},      {"socialId", KIND_STRING, NULL, false},
        {"imei", KIND_STRING, NULL, false},          {"userName", KIND_STRING, NULL, false},
        {"companySize", KIND_INTEGER, NULL, false},  {"companyBranch", KIND_STRING, NULL, false},
        {"accountName", KIND_STRING, NULL, false},   {"role", KIND_STRING, NULL, false},
        {"lastPaymentDate", KIND_DATE, date, false}, {"registrationDate", KIND_DATE, date, false},
        {"loginStatus", KIND_INTEGER, NULL, false},  {"storeZipCode", KIND_STRING, NULL, true},
        {"storeNumber", KIND_STRING, NULL, true},    {NULL, KIND_STRING, NULL, false},
};

static const struct attribute age[] = {
        {"age", KIND_INTEGER, NULL, false}, {"year", KIND_YEAR, NULL, false}, {"month", KIND_INTEGER, NULL, false},
        {"day", KIND_INTEGER, NULL, false}, {NULL, KIND_STRING, NULL, false},
};

static const struct attribute address[] = {
        {"country", KIND_STRING, NULL, false},
        {"region", KIND_STRING, NULL, false},
        {NULL, KIND_STRING, NULL, false},
};

static const struct attribute contact[] = {
        {"email", KIND_STRING, NULL, false},     {"phone", KIND_STRING, NULL, false},
        {"phoneType", KIND_STRING, NULL, false}, {"address", KIND_OBJECT, address, false},
        {"country", KIND_STRING, NULL, false},   {"region", KIND_STRING, NULL, false},
        {NULL, KIND_STRING, NULL, false},
};

static const struct attribute personal[] = {
        {"firstname", KIND_STRING, NULL, false}, {"lastname", KIND_STRING, NULL, false},
        {"age", KIND_OBJECT, age, false},        {"contacts", KIND_LIST, contact, false},
        {"gender", KIND_GENDER, NULL, false},    {"company", KIND_STRING, NULL, false},
        {"language", KIND_STRING, NULL, false},  {NULL, KIND_STRING, NULL, false},
};

/* The two entities of authenticated conversations. */
static const struct entity {
	const char *type, *body;
	const struct attribute *fields;
} entities[] = {{"ctmrinfo", "info", info}, {"personal", "personal", personal}};

static const struct entity *entity_of(const json_t *element)
{
	const json_t *type = json_object_get(element, "type");
	struct sv text = {json_string_value(type), json_string_length(type)};

	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (sv_eq(text, sv_of(entities[i].type)))
			return &entities[i];
	return NULL;
}

/* --- shape --------------------------------------------------------------------------------------------------------- */

static const char *const kind_words[] = {
        "a string",
        "a number",
        "an integer",
        "an integer",
        "MALE, FEMALE, OTHER or 0 to 2",
        "an object with the integers day, month and year",
        "an object",
        "an array of objects",
};

static bool is_gender(const json_t *value)
{
	static const char *const words[] = {"MALE", "FEMALE", "OTHER"};
	struct sv text = {json_string_value(value), json_string_length(value)};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (json_is_string(value) && sv_eq_nocase(text, sv_of(words[i])))
			return true;
	return json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) <= 2;
}

static bool is_kind(const json_t *value, enum kind kind)
{
	switch (kind) {
	case KIND_STRING:
		return json_is_string(value);
	case KIND_NUMBER:
		return json_is_number(value);
	case KIND_INTEGER:
		return json_is_integer(value);
	case KIND_YEAR:
		return json_is_integer(value) || times_is_digits(value);
	case KIND_GENDER:
		return is_gender(value);
	case KIND_DATE:
	case KIND_OBJECT:
		return json_is_object(value);
	case KIND_LIST:
		return json_is_array(value);
	}
	return false;
}

struct wrong {
	const char *path, *expected, *observed;
};

static bool wrong_fields(struct subject *s, const json_t *object, const struct attribute *fields, const char *path,
                         struct wrong *ret);

static bool wrong_list(struct subject *s, const json_t *list, const struct attribute *fields, const char *path,
                       struct wrong *ret)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *here = arena_printf(s->a, "%s[%zu]", path, i);
		if (!json_is_object(item)) {
			*ret = (struct wrong){here, "an object", shown(s, item)};
			return true;
		}
		if (wrong_fields(s, item, fields, here, ret))
			return true;
	}
	return false;
}

static bool wrong_fields(struct subject *s, const json_t *object, const struct attribute *fields, const char *path,
                         struct wrong *ret)
{
	for (const struct attribute *field = fields; field->name; field++) {
		const json_t *value = json_object_get(object, field->name);
		const char *here = arena_printf(s->a, "%s.%s", path, field->name);
		if (!value)
			continue;
		*ret = (struct wrong){here, kind_words[field->kind], shown(s, value)};
		if (!is_kind(value, field->kind))
			return true;
		if (field->kind == KIND_DATE && (!json_object_get(value, "day") || !json_object_get(value, "month") ||
		                                 !json_object_get(value, "year")))
			return true;
		if (field->kind == KIND_LIST ? wrong_list(s, value, field->inner, here, ret)
		                             : field->inner && wrong_fields(s, value, field->inner, here, ret))
			return true;
	}
	return false;
}

static bool wrong_element(struct subject *s, const json_t *element, size_t i, struct wrong *ret)
{
	const char *here = arena_printf(s->a, "lp_sdes[%zu]", i);
	const struct entity *e = entity_of(element);

	if (!json_is_object(element)) {
		*ret = (struct wrong){here, "an object with a string type", shown(s, element)};
		return true;
	}
	if (json_string_length(json_object_get(element, "type")) == 0) {
		*ret = (struct wrong){arena_printf(s->a, "%s.type", here), "a string",
		                      shown(s, json_object_get(element, "type"))};
		return true;
	}
	if (!e)
		return false;
	const json_t *body = json_object_get(element, e->body);
	const char *path = arena_printf(s->a, "%s.%s", here, e->body);
	if (!json_is_object(body)) {
		*ret = (struct wrong){path, arena_printf(s->a, "an object, the attributes of %s", e->type),
		                      shown(s, body)};
		return true;
	}
	return wrong_fields(s, body, e->fields, path, ret);
}

/* The claim when it is there and an array; NULL with f set. */
static const json_t *attributes(struct subject *s, struct finding *f)
{
	const json_t *claims = subject_claims(s, f), *value = json_object_get(claims, "lp_sdes");

	if (claims && !value)
		skip(s, f, "there is no lp_sdes: it is optional");
	return value;
}

CHECK(idtoken_lp_sdes_shape, "idtoken.lp-sdes.shape")
{
	const json_t *value = attributes(s, f);
	const char *fix = NULL;
	struct wrong w;

	if (!value)
		return;
	if (!json_is_array(value)) {
		violated(s, f, "lp_sdes: an array of objects", "lp_sdes is %s", shown(s, value));
		if (json_object_get(value, "type"))
			fix = "put the object into an array, even when it is the only one";
		else if (json_is_string(value))
			fix = "send the array itself, not its JSON text in a string";
		detail(f, NULL, "claim lp_sdes", fix);
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (!wrong_element(s, json_array_get(value, i), i, &w))
			continue;
		violated(s, f, arena_printf(s->a, "%s: %s", w.path, w.expected), "%s is %s", w.path, w.observed);
		detail(f, NULL, "claim lp_sdes", NULL);
		return;
	}
	pass(s, f, "%s", shown(s, value));
}

/* --- support ------------------------------------------------------------------------------------------------------- */

/* The path of the first member that LivePerson does not know or support in these conversations, or NULL. */
static const char *strange_field(struct subject *s, const json_t *object, const struct attribute *fields,
                                 const char *path)
{
	const char *key, *found = NULL;
	const json_t *value;

	parsed_each(object, key, value)
	{
		const struct attribute *field = fields;
		while (field->name && strcmp(field->name, key) != 0)
			field++;
		const char *here = arena_printf(s->a, "%s.%s", path, key);
		if (!field->name || field->unsupported)
			return here;
		if (field->kind == KIND_LIST) {
			for (size_t i = 0; i < json_array_size(value) && !found; i++)
				found = strange_field(s, json_array_get(value, i), field->inner, here);
		} else if (field->inner) {
			found = strange_field(s, value, field->inner, here);
		}
		if (found)
			return found;
	}
	return NULL;
}

static const char *strange_element(struct subject *s, const json_t *element, size_t i)
{
	const char *here = arena_printf(s->a, "lp_sdes[%zu]", i), *key, *found;
	const struct entity *e = entity_of(element);
	const json_t *value;

	if (!json_is_object(element))
		return NULL;
	if (!e)
		return arena_printf(s->a, "%s has the type %s", here, shown(s, json_object_get(element, "type")));
	found = strange_field(s, json_object_get(element, e->body), e->fields,
	                      arena_printf(s->a, "%s.%s", here, e->body));
	parsed_each(element, key, value) if (!found && strcmp(key, "type") != 0 && strcmp(key, e->body) != 0) found =
	        arena_printf(s->a, "%s.%s", here, key);
	return found ? arena_printf(s->a, "%s is there", found) : NULL;
}

CHECK(idtoken_lp_sdes_types, "idtoken.lp-sdes.types")
{
	const json_t *value = attributes(s, f);
	const char *problem;

	if (!value)
		return;
	if (!json_is_array(value)) {
		skip_owned(s, f, "idtoken.lp-sdes.shape");
		return;
	}
	if (json_array_size(value) == 0) {
		skip(s, f, "lp_sdes is empty");
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (!(problem = strange_element(s, json_array_get(value, i), i)))
			continue;
		violated(s, f, "ctmrinfo and personal with fields that authenticated conversations support", "%s",
		         problem);
		detail(f, "unsupported", "claim lp_sdes", NULL);
		return;
	}
	pass(s, f, "%s of supported attributes", shown(s, value));
}
