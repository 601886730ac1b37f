/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-record.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STDERR_KEPT = 4000 };

/* The last bytes of a file, kept at most; control characters, and all beyond ASCII of what is not UTF-8, as '?'. A file that is not
 * there is empty. */
static iscc_status read_end(const char *path, char *text, size_t kept, iscc_error *error) {
  FILE *file = fopen(path, "rb");
  text[0] = '\0';
  if (!file && errno == ENOENT) return ISCC_OK;
  if (!file) return iscc_fail(error, ISCC_EIO, "cannot open %s: %s", path, strerror(errno));
  if (fseek(file, -(long)kept, SEEK_END)) rewind(file);
  const size_t n = fread(text, 1, kept, file);
  fclose(file);
  text[n] = '\0';
  for (size_t i = 0; i < 3 && ((unsigned char)text[i] & 0xc0) == 0x80; i++) text[i] = '?'; /* cut in two */
  json_t *utf8 = json_stringn(text, n);
  for (size_t i = 0; i < n; i++) {
    const unsigned char c = (unsigned char)text[i];
    if ((c < ' ' && c != '\n' && c != '\t') || c == 127 || (c > 127 && !utf8)) text[i] = '?';
  }
  json_decref(utf8);
  return ISCC_OK;
}

/* The end of a run's stderr, with a line before it about what was wrong with its results, if anything was. */
static iscc_status read_stderr(const char *path, const char *why, char text[STDERR_KEPT + 1],
                               iscc_error *error) {
  const size_t used = why[0] ? (size_t)snprintf(text, STDERR_KEPT, "%s\n", why) : 0;
  const iscc_status status = read_end(path, text + used, STDERR_KEPT - used, error);
  if (used && !text[used]) text[used - 1] = '\0'; /* nothing but that line */
  return status;
}

/* What a run that ended well gave; ISCC_EFORMAT: no whole result, as why says. Other failures are not the run's. */
static iscc_status read_results(const iscc_campaign_program *p, const iscc_pool_run *run, iscc_value **values,
                                size_t *count, iscc_error *why) {
  if (!p->prints) return iscc_campaign_shard_check(run->shard, p->seed, run->run, why);
  const iscc_status status = iscc_value_lines_read(run->stdout_path, values, count, why);
  return status || *count ? status : iscc_fail(why, ISCC_EFORMAT, "it printed no line NAME=VALUE");
}

/* How a run ended. why: what was wrong with its results. Fails when that cannot be known. */
static iscc_status judge(const iscc_campaign_program *p, const iscc_pool_run *run,
                         iscc_execution_outcome *outcome, iscc_value **values, size_t *count,
                         iscc_error *why) {
  *outcome = run->timed_out ? ISCC_EXECUTION_TIMED_OUT : ISCC_EXECUTION_FAILED;
  if (run->timed_out || run->process.exit_status != 0) return ISCC_OK;
  const iscc_status status = read_results(p, run, values, count, why);
  *outcome = status ? ISCC_EXECUTION_TRUNCATED : ISCC_EXECUTION_DONE;
  return status == ISCC_EFORMAT ? ISCC_OK : status;
}

/* The last line before end that says something; getopt and argp end with a hint. */
static const char *last_line(const char *text, const char **end) {
  const char *begin = *end = text + strlen(text);
  do {
    for (*end = begin; *end > text && (*end)[-1] == '\n'; (*end)--) continue;
    for (begin = *end; begin > text && begin[-1] != '\n'; begin--) continue;
  } while (begin > text && strncmp(begin, "Try ", 4) == 0);
  return begin;
}

void iscc_campaign_failure(char text[ISCC_CAMPAIGN_FAILURE_MAX], const iscc_execution *e) {
  const char *end, *begin = last_line(e->stderr_text, &end);
  if (e->outcome == ISCC_EXECUTION_TRUNCATED) { /* the reason */
    begin = e->stderr_text;
    end = begin + strcspn(begin, "\n");
  }
  char how[64] = "";
  if (e->outcome == ISCC_EXECUTION_FAILED && e->process->signal)
    snprintf(how, sizeof how, " by signal %d", e->process->signal);
  else if (e->outcome == ISCC_EXECUTION_FAILED)
    snprintf(how, sizeof how, " with status %d", e->process->exit_status);
  snprintf(text, ISCC_CAMPAIGN_FAILURE_MAX, "%s RngRun=%lld %s%s: %.*s", e->arguments, (long long)e->run,
           iscc_execution_outcome_name(e->outcome), how, (int)(end - begin), begin);
}

iscc_status iscc_campaign_record(iscc_campaign_store *store, const iscc_campaign_program *p,
                                 const char *arguments, iscc_pool_run *run, iscc_campaign_end *end,
                                 iscc_error *error) {
  static _Thread_local char text[STDERR_KEPT + 1];
  iscc_value *values = NULL;
  size_t count = 0;
  iscc_error why = {""};
  iscc_execution_outcome outcome;
  iscc_status status = judge(p, run, &outcome, &values, &count, &why);
  if (status) iscc_fail(error, status, "%s", why.text);
  if (!status) status = iscc_program_version_check(p->version, error);
  if (!status) status = read_stderr(run->stderr_path, why.text, text, error);
  if (status) {
    free(values);
    iscc_pool_release(run);
    return status;
  }
  const bool done = outcome == ISCC_EXECUTION_DONE;
  const iscc_execution e = {.program = p->name,
                            .program_sha256 = p->sha256,
                            .arguments = arguments,
                            .seed = p->seed,
                            .run = run->run,
                            .sequential = p->sequential,
                            .outcome = outcome,
                            .process = &run->process,
                            .stderr_text = text,
                            .shard = done && !p->prints ? run->shard : NULL,
                            .values = values,
                            .value_count = count,
                            .iscc_commit = p->iscc_commit};
  status = iscc_campaign_store_add(store, &e, error);
  *end = (iscc_campaign_end){.point = run->point,
                             .run = run->run,
                             .elapsed_s = run->process.elapsed_s,
                             .done = done,
                             .elsewhere = status == ISCC_ESTATE};
  if (!done) iscc_campaign_failure(end->failure, &e);
  free(values);
  iscc_pool_release(run);
  return status == ISCC_ESTATE ? ISCC_OK : status; /* another campaign has added it meanwhile */
}
