/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-pool-folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char *path_of(const char *folder, const char *name) {
  char *path = NULL;
  return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

/* Beside the database itself, whatever name it is known by. */
char *iscc_pool_folder_path(const char *database) {
  char real[PATH_MAX], *folder = NULL;
  return asprintf(&folder, "%s.runs", realpath(database, real) ? real : database) < 0 ? NULL : folder;
}

void iscc_pool_folder_clear(const char *folder, const char *prefix) {
  DIR *directory = opendir(folder);
  if (!directory) return;
  for (const struct dirent *entry; (entry = readdir(directory));) {
    if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0) continue;
    char *path = path_of(folder, entry->d_name);
    if (path) unlink(path);
    free(path);
  }
  closedir(directory);
}

bool iscc_pool_folder_holds(const char *folder, const char *prefix) {
  bool found = false;
  DIR *directory = opendir(folder);
  if (!directory) return false;
  for (const struct dirent *entry; !found && (entry = readdir(directory));)
    found = strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
  closedir(directory);
  return found;
}

/* Whether a file is still that of its path: one that is unlocked is removed. */
static bool is_at(int file, const char *path) {
  struct stat a, b;
  return fstat(file, &a) == 0 && stat(path, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

static iscc_status lock_folder(iscc_pool_folder *f, iscc_error *error) {
  for (;;) {
    if (mkdir(f->path, 0777) && errno != EEXIST)
      return iscc_fail(error, ISCC_EIO, "%s: cannot be made: %s", f->path, strerror(errno));
    const int file = open(f->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0 && errno == ENOENT) continue; /* the folder was just removed */
    if (file < 0) return iscc_fail(error, ISCC_EIO, "%s: cannot be used: %s", f->path, strerror(errno));
    const bool locked = flock(file, LOCK_EX | LOCK_NB) == 0, there = is_at(file, f->lock_path);
    if (locked && there) {
      f->lock = file;
      return ISCC_OK;
    }
    close(file);
    if (!locked)
      return iscc_fail(error, ISCC_ESTATE,
                       "%s is locked: another campaign works on this database; wait for it", f->path);
  }
}

bool iscc_pool_folder_is_there(const iscc_pool_folder *f) {
  return is_at(f->lock, f->lock_path);
}

static void free_names(iscc_pool_folder *f) {
  free(f->lock_path);
  free(f->path);
  f->path = f->lock_path = NULL;
}

iscc_status iscc_pool_folder_open(const char *database, iscc_pool_folder *out, iscc_error *error) {
  *out = (iscc_pool_folder){.path = iscc_pool_folder_path(database)};
  out->lock_path = out->path ? path_of(out->path, "lock") : NULL;
  const iscc_status status =
      out->lock_path ? lock_folder(out, error) : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (status) free_names(out);
  return status;
}

void iscc_pool_folder_close(iscc_pool_folder *f) {
  if (!f->path) return;
  unlink(f->lock_path);
  rmdir(f->path);
  close(f->lock);
  free_names(f);
}

iscc_status iscc_pool_folder_look(const char *folder, bool *locked, iscc_error *error) {
  char *path = path_of(folder, "lock");
  *locked = false;
  if (!path) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  const int file = open(path, O_RDONLY | O_CLOEXEC), why = errno; /* it may be another user's */
  free(path);
  if (file < 0)
    return why == ENOENT ? ISCC_OK : iscc_fail(error, ISCC_EIO, "%s/lock: %s", folder, strerror(why));
  *locked = flock(file, LOCK_SH | LOCK_NB) != 0;
  close(file);
  return ISCC_OK;
}
