/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-campaign-where - which runs of a campaign's database are looked at.
 *
 * Conditions are OPTION=VALUE; numbers are equal however they are written (iscc-number-text.h). Several of one option are alternatives, those of different options hold
 * together. `program` goes for an option whose value is the program's name. In SQL they are one JSON object
 * {"OPTION": ["VALUE", ...], ...}; {} holds for every run. */
#ifndef ISCC_CAMPAIGN_WHERE_H
#define ISCC_CAMPAIGN_WHERE_H

#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An SQL expression: whether the execution of that name (e.g. "e") fulfils the object bound to a parameter (e.g. "?4"), on a
 * connection that iscc_campaign_where_prepare() has seen. */
#define ISCC_CAMPAIGN_WHERE(execution, parameter)                                                            \
  "NOT EXISTS (SELECT 1 FROM json_each(" parameter ") wanted WHERE NOT EXISTS"                               \
  " (SELECT 1 FROM json_each(wanted.value) choice WHERE iscc_equal(choice.value, "                           \
  "json_extract(json_set(" execution ".arguments, '$.program', " execution                                   \
  ".program), '$.\"' || wanted.key || '\"'))))"

/* Gives a connection the SQL function iscc_equal(A, B): iscc_number_text_equal() of texts, false of NULL. ISCC_ENOMEM. */
iscc_status iscc_campaign_where_prepare(sqlite3 *db, iscc_error *error);

/* Makes the object of conditions; free() it. ISCC_EINVAL: one is not OPTION=VALUE. */
iscc_status iscc_campaign_where_make(const char *const *conditions, size_t count, char **json,
                                     iscc_error *error);

/* Whether arguments, an object of texts with `program` among them, fulfil such an object. */
bool iscc_campaign_where_holds(json_t *where, const json_t *arguments);

/* ISCC_EINVAL unless each condition holds for a run that is done; the text names the values there are. */
iscc_status iscc_campaign_where_check(sqlite3 *db, const char *json, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
