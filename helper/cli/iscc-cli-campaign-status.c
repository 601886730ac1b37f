/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc campaign status - what is done, whether somebody works on it, and what is in a cluster's queue. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-campaign-past.h"
#include "iscc-cli-campaign.h"
#include "iscc-options.h"
#include "iscc-pool-folder.h"
#include "iscc-safe-output.h"
#include "iscc-slurm-array.h"

enum { OPTION_DB = 256 };

static const struct argp_option options[] = {
    {"db", OPTION_DB, "FILE", 0,
     "result database of a campaign file (default: named as the campaign file, with .db, here)", 0},
    {0}};

typedef struct {
  const char *file, *database;
} arguments;

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_DB:
    a->database = arg;
    break;
  case ARGP_KEY_ARG:
    iscc_cli_campaign_take(state, &a->file, "campaign file or database", arg);
    break;
  case ARGP_KEY_END:
    if (!a->file) iscc_option_refuse(state, "which campaign file or database");
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

static bool is_database(const char *path) {
  static const char magic[] = "SQLite format 3";
  char head[sizeof magic] = "";
  FILE *file = fopen(path, "rb");
  if (!file) return false;
  const bool read = fread(head, 1, sizeof head, file) == sizeof head;
  fclose(file);
  return read && memcmp(head, magic, sizeof magic) == 0;
}

/* What the database holds, of a campaign or of all. */
static iscc_status print_database(const char *database, iscc_error *error) {
  iscc_campaign_store *store;
  int64_t done, failed;
  iscc_status status = iscc_campaign_store_open_read(database, &store, error);
  if (status) return status;
  status = iscc_campaign_store_count(store, &done, &failed, error);
  iscc_campaign_store_close(store);
  if (!status) printf("%s: %lld runs done, %lld failed\n", database, (long long)done, (long long)failed);
  return status;
}

static iscc_status print_campaign(const iscc_cli_campaign_context *c, iscc_error *error) {
  iscc_campaign_past past;
  const iscc_status status =
      iscc_campaign_past_read(&c->campaign, c->program_name, c->database, 1, &past, error);
  if (status) return status;
  printf("%s: %lld runs done, %lld failed; to do %lld", c->database, (long long)past.done,
         (long long)past.failed, (long long)past.least);
  if (past.most > past.least) printf(" to %lld", (long long)past.most);
  putchar('\n');
  return ISCC_OK;
}

/* What became of a task, in few words. answered: Slurm said what it knows. */
static const char *word_of(const iscc_campaign_task *task, bool answered, char word[ISCC_ARRAY_STATE_MAX]) {
  if (task->stage == ISCC_TASK_MERGED) return "merged";
  if (task->stage == ISCC_TASK_WHOLE) return "to be merged";
  size_t i = 0;
  for (; task->state[i]; i++) word[i] = (char)tolower((unsigned char)task->state[i]);
  word[i] = '\0';
  if (!answered) return "not known";
  return i ? word : "not in the queue";
}

/* Each word once, with the number of its tasks. */
static void print_array(const iscc_campaign_array *a, bool answered) {
  enum { WORDS_MAX = 32 }; /* Slurm has fewer */
  char word[WORDS_MAX][ISCC_ARRAY_STATE_MAX], now[ISCC_ARRAY_STATE_MAX];
  size_t count[WORDS_MAX], words = 0;
  for (size_t t = 0; t < a->bundles.tasks; t++) {
    const char *found = word_of(a->task + t, answered, now);
    size_t w = 0;
    while (w < words && strcmp(word[w], found) != 0) w++;
    if (w == WORDS_MAX) continue;
    if (w == words) {
      snprintf(word[words], sizeof word[words], "%s", found);
      count[words++] = 0;
    }
    count[w]++;
  }
  printf("%s, %zu runs in %zu tasks", a->name, a->bundles.runs, a->bundles.tasks);
  for (size_t w = 0; w < words; w++) printf("%s %zu %s", w ? "," : ":", count[w], word[w]);
  putchar('\n');
}

static iscc_status print_arrays(const char *folder, iscc_error *error) {
  iscc_campaign_array *arrays;
  size_t count;
  iscc_error why = {""};
  const iscc_status status = iscc_campaign_arrays_open(folder, &arrays, &count, error);
  if (status) return status;
  const bool answered = iscc_campaign_arrays_ask(arrays, count, &why) == ISCC_OK;
  for (size_t i = 0; i < count; i++) {
    iscc_campaign_array_look(arrays + i);
    print_array(arrays + i, answered);
  }
  if (!answered) printf("Slurm does not answer: %s\n", why.text);
  iscc_campaign_arrays_close(arrays, count);
  return ISCC_OK;
}

static iscc_status print_work(const char *database, iscc_error *error) {
  char *folder = iscc_pool_folder_path(database);
  if (!folder) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  iscc_error why = {""};
  bool locked;
  iscc_status status = iscc_pool_folder_look(folder, &locked, &why);
  if (status) {
    printf("Whether a campaign works on it now, here or on a cluster, is not known: %s\n", why.text);
    status = ISCC_OK;
  } else {
    puts(locked ? "A campaign works on it now." : "No campaign works on it now.");
    status = print_arrays(folder, error);
  }
  free(folder);
  return status;
}

static iscc_status show(const arguments *a, iscc_error *error) {
  iscc_cli_campaign_context context;
  iscc_status status;
  if (is_database(a->file)) {
    status = print_database(a->file, error);
    return status ? status : print_work(a->file, error);
  }
  status = iscc_cli_campaign_open(a->file, a->database, &context, error);
  if (status) return status;
  status = print_campaign(&context, error);
  if (!status) status = iscc_cli_campaign_note_program(&context, error);
  if (!status) status = print_work(context.database, error);
  iscc_campaign_free(&context.campaign);
  return status;
}

int iscc_cli_campaign_status(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "FILE|DATABASE",
      .doc =
          "Says what a campaign has done and still lacks, whether a campaign works on the database on this "
          "machine, and how the tasks of its job arrays stand in Slurm's queue. Changes nothing."};
  arguments a = {0};
  iscc_error error = {""};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  iscc_status status = iscc_safe_output(&error);
  if (!status) status = show(&a, &error);
  return iscc_cli_campaign_exit(argv[0], status, &error, false);
}
