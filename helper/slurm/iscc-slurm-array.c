/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-slurm-array.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-pool-folder.h"
#include "iscc-slurm-commands.h"
#include "iscc-slurm-work.h"

#define UNFINISHED "new-" /* begins the name of an array that is being made */

static iscc_status no_memory(iscc_error *error) {
  return iscc_fail(error, ISCC_ENOMEM, "campaign: out of memory");
}

void iscc_campaign_array_close(iscc_campaign_array *a) {
  iscc_campaign_bundles_free(&a->bundles);
  free(a->name);
  free(a->folder);
  free(a->task);
  memset(a, 0, sizeof *a);
}

void iscc_campaign_array_remove(iscc_campaign_array *a) {
  iscc_pool_folder_clear(a->folder, "");
  rmdir(a->folder);
  iscc_campaign_array_close(a);
}

iscc_status iscc_campaign_array_open(const char *runs, const char *name, iscc_campaign_array *a,
                                     iscc_error *error) {
  char *path = NULL;
  *a = (iscc_campaign_array){.name = strdup(name)};
  if (asprintf(&a->folder, "%s/%s", runs, name) < 0) a->folder = NULL;
  if (a->folder && asprintf(&path, "%s/" ISCC_WORK_BUNDLES, a->folder) < 0) path = NULL;
  iscc_status status = a->name && path ? ISCC_OK : no_memory(error);
  if (!status) status = iscc_campaign_bundles_read(path, &a->bundles, error);
  if (!status && !(a->task = calloc(a->bundles.tasks, sizeof *a->task))) status = no_memory(error);
  free(path);
  if (status) iscc_campaign_array_close(a);
  return status;
}

/* Writes the folder under a name that nobody looks at, then gives it its own. */
static iscc_status write_folder(const char *unfinished, const char *folder,
                                const iscc_campaign_bundles *bundles, iscc_error *error) {
  char *path = NULL;
  if (mkdir(unfinished, 0777))
    return iscc_fail(error, ISCC_EIO, "%s: cannot be made: %s", unfinished, strerror(errno));
  iscc_status status = asprintf(&path, "%s/" ISCC_WORK_BUNDLES, unfinished) < 0 ? no_memory(error) : ISCC_OK;
  if (!status) status = iscc_campaign_bundles_write(bundles, path, error);
  if (!status && rename(unfinished, folder))
    status = iscc_fail(error, ISCC_EIO, "%s: cannot be made: %s", folder, strerror(errno));
  if (status) {
    if (path) unlink(path);
    rmdir(unfinished);
  }
  free(path);
  return status;
}

iscc_status iscc_campaign_array_create(const char *runs, const iscc_campaign_bundles *bundles,
                                       iscc_campaign_array *out, iscc_error *error) {
  char name[sizeof ISCC_ARRAY_PREFIX + 16], *unfinished = NULL, *folder = NULL;
  unsigned long long number;
  if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
    return iscc_fail(error, ISCC_EIO, "campaign: no random number for the name of a job");
  snprintf(name, sizeof name, ISCC_ARRAY_PREFIX "%016llx", number);
  if (asprintf(&unfinished, "%s/" UNFINISHED "%s", runs, name) < 0) unfinished = NULL;
  if (asprintf(&folder, "%s/%s", runs, name) < 0) folder = NULL;
  iscc_status status = unfinished && folder ? ISCC_OK : no_memory(error);
  if (!status) status = write_folder(unfinished, folder, bundles, error);
  free(unfinished);
  free(folder);
  return status ? status : iscc_campaign_array_open(runs, name, out, error);
}

static int is_unfinished(const struct dirent *entry) {
  return strncmp(entry->d_name, UNFINISHED, strlen(UNFINISHED)) == 0;
}

void iscc_campaign_arrays_tidy(const char *runs) {
  struct dirent **entries = NULL;
  const int found = scandir(runs, &entries, is_unfinished, NULL);
  for (int i = 0; i < found; i++) {
    char *folder = NULL;
    if (asprintf(&folder, "%s/%s", runs, entries[i]->d_name) < 0) folder = NULL;
    if (folder) iscc_pool_folder_clear(folder, "");
    if (folder) rmdir(folder);
    free(folder);
    free(entries[i]);
  }
  free(entries);
}

void iscc_campaign_arrays_close(iscc_campaign_array *arrays, size_t count) {
  for (size_t i = 0; i < count; i++) iscc_campaign_array_close(&arrays[i]);
  free(arrays);
}

static int is_array(const struct dirent *entry) {
  return strncmp(entry->d_name, ISCC_ARRAY_PREFIX, strlen(ISCC_ARRAY_PREFIX)) == 0;
}

iscc_status iscc_campaign_arrays_open(const char *runs, iscc_campaign_array **out, size_t *count,
                                      iscc_error *error) {
  struct dirent **entries = NULL;
  const int found = scandir(runs, &entries, is_array, alphasort);
  iscc_status status = ISCC_OK;
  *count = 0;
  *out = NULL;
  if (found < 0 && errno == ENOENT) return ISCC_OK;
  if (found < 0) return iscc_fail(error, ISCC_EIO, "%s: %s", runs, strerror(errno));
  if (!(*out = calloc((size_t)found + 1, sizeof **out))) status = no_memory(error);
  for (int i = 0; i < found; i++) {
    if (!status) status = iscc_campaign_array_open(runs, entries[i]->d_name, *out + *count, error);
    *count += !status;
    free(entries[i]);
  }
  free(entries);
  if (!status) return ISCC_OK;
  iscc_campaign_arrays_close(*out, *count);
  *out = NULL;
  *count = 0;
  return status;
}

void iscc_campaign_array_look(iscc_campaign_array *a) {
  DIR *directory = opendir(a->folder);
  if (!directory) return;
  for (const struct dirent *entry; (entry = readdir(directory));) {
    char *ending;
    const size_t task = strtoul(entry->d_name, &ending, 10);
    if (ending == entry->d_name || task >= a->bundles.tasks) continue;
    if (strcmp(ending, ISCC_WORK_MERGED) == 0)
      a->task[task].stage = ISCC_TASK_MERGED;
    else if (strcmp(ending, ISCC_WORK_WHOLE) == 0 && a->task[task].stage == ISCC_TASK_OPEN)
      a->task[task].stage = ISCC_TASK_WHOLE;
  }
  closedir(directory);
}

typedef struct {
  iscc_campaign_array *arrays;
  size_t count;
} all_arrays;

static void take_state(void *ctx, const char *name, size_t task, bool over, const char *state) {
  const all_arrays *all = ctx;
  for (size_t i = 0; i < all->count; i++) {
    iscc_campaign_array *a = all->arrays + i;
    if (!a->name || strcmp(a->name, name) != 0 || task >= a->bundles.tasks) continue;
    a->task[task].queued = !over;
    snprintf(a->task[task].state, sizeof a->task[task].state, "%.23s", state);
  }
}

static void forget_states(iscc_campaign_array *a) {
  for (size_t t = 0; t < a->bundles.tasks; t++) {
    a->task[t].queued = false;
    a->task[t].state[0] = '\0';
  }
}

iscc_status iscc_campaign_arrays_ask(iscc_campaign_array *arrays, size_t count, iscc_error *error) {
  all_arrays all = {arrays, count};
  char *answer = NULL;
  size_t names = 0;
  const char **name = calloc(count + 1, sizeof *name);
  if (!name) return no_memory(error);
  for (size_t i = 0; i < count; i++)
    if (arrays[i].name) name[names++] = arrays[i].name;
  const iscc_status status = names ? iscc_slurm_ask(name, names, &answer, error) : ISCC_OK;
  free(name);
  if (status || !names) return status;
  for (size_t i = 0; i < count; i++) forget_states(&arrays[i]);
  iscc_slurm_read(answer, take_state, &all);
  return ISCC_OK;
}

/* That its shard, if there was one, is merged stays on record until the array is removed. */
static iscc_status mark_merged(const char *shard, const char *merged, iscc_error *error) {
  rename(shard, merged);
  FILE *file = fopen(merged, "w"); /* empties it */
  return file && fclose(file) == 0
             ? ISCC_OK
             : iscc_fail(error, ISCC_EIO, "%s: cannot be written: %s", merged, strerror(errno));
}

/* Beside the array's folder, which goes when all of it has been merged; with the journal that belongs to it. */
static iscc_status set_aside(const iscc_campaign_array *a, size_t task, const char *shard, const char *why,
                             FILE *notes, iscc_error *error) {
  char *kept = NULL, *journal = NULL, *kept_journal = NULL;
  iscc_status status = ISCC_OK;
  if (asprintf(&kept, "%s/../" ISCC_WORK_BAD "%s-%zu.db", a->folder, a->name, task) < 0) kept = NULL;
  if (asprintf(&journal, "%s-journal", shard) < 0) journal = NULL;
  if (kept && asprintf(&kept_journal, "%s-journal", kept) < 0) kept_journal = NULL;
  if (!kept || !journal || !kept_journal)
    status = no_memory(error);
  else if (rename(shard, kept))
    status = iscc_fail(error, ISCC_EIO, "%s: cannot be renamed: %s", shard, strerror(errno));
  else
    rename(journal, kept_journal);
  if (!status && notes)
    fprintf(notes, "%s; set aside as " ISCC_WORK_BAD "%s-%zu.db in %.*s, its runs are lost\n", why, a->name,
            task, (int)(strrchr(a->folder, '/') - a->folder), a->folder);
  free(kept);
  free(journal);
  free(kept_journal);
  return status;
}

/* A task that was ended at its beginning has a file and nothing in it. */
static bool is_empty(const char *path) {
  struct stat is;
  return stat(path, &is) == 0 && is.st_size == 0;
}

iscc_status iscc_campaign_array_merge(iscc_campaign_array *a, size_t task, iscc_campaign_store *store,
                                      iscc_campaign_merge_each *each, void *ctx, FILE *notes,
                                      iscc_error *error) {
  const bool whole = a->task[task].stage == ISCC_TASK_WHOLE;
  char *shard = iscc_campaign_work_path(a->folder, task, whole ? ISCC_WORK_WHOLE : ISCC_WORK_PART),
       *merged = iscc_campaign_work_path(a->folder, task, ISCC_WORK_MERGED);
  iscc_status status = shard && merged ? ISCC_OK : no_memory(error);
  iscc_error why = {""};
  if (!status && access(shard, F_OK) == 0) {
    status = iscc_campaign_merge(store, shard, each, ctx, &why);
    if (status == ISCC_EFORMAT)
      status = !whole && is_empty(shard) ? ISCC_OK : set_aside(a, task, shard, why.text, notes, error);
    else if (status)
      iscc_fail(error, status, "%s", why.text);
  }
  if (!status) status = mark_merged(shard, merged, error);
  if (!status) a->task[task].stage = ISCC_TASK_MERGED;
  free(shard);
  free(merged);
  return status;
}
