/* SPDX-License-Identifier: GPL-2.0-only */
/* The train command as a user meets it: exit statuses, one line per mistake, interruption. */
#include <check.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 16, TEXT_MAX = 65536 };

static char folder[64], cache[96], output[96], other[96], errors[96];

static void make_folder(void) {
  strcpy(folder, "/tmp/iscc-test-train-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(cache, sizeof cache, "%s/cache", folder);
  snprintf(output, sizeof output, "%s/model", folder);
  snprintf(other, sizeof other, "%s/other", folder);
  snprintf(errors, sizeof errors, "%s/errors", folder);
}

static void drop_files(const char *in) {
  char pattern[128];
  snprintf(pattern, sizeof pattern, "%s/*", in);
  glob_t found = {.gl_pathc = 0};
  glob(pattern, 0, NULL, &found);
  for (size_t i = 0; i < found.gl_pathc; i++) unlink(found.gl_pathv[i]);
  globfree(&found);
  rmdir(in);
}

static void drop_folder(void) {
  drop_files(cache);
  drop_files(folder);
}

/* Starts `iscc train ARGUMENTS...`, its messages going to the file `errors`. */
static pid_t start(const char *const *arguments) {
  const pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child > 0) return child;
  char *argv[ARGUMENTS_MAX + 3];
  int n = 0;
  argv[n++] = strdup("iscc");
  argv[n++] = strdup("train");
  for (; arguments[n - 2]; n++) argv[n] = strdup(arguments[n - 2]);
  argv[n] = NULL;
  const int to = open(errors, O_WRONLY | O_CREAT | O_TRUNC, 0600), nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  dup2(to, STDERR_FILENO);
  execv(ISCC_TEST_BUILD_DIR "/iscc", argv);
  _exit(127);
}

static int finish(pid_t child) {
  int status = 0;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert_msg(WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
  return WEXITSTATUS(status);
}

static size_t read_all(const char *path, char *text) {
  FILE *file = fopen(path, "rb");
  ck_assert_msg(file != NULL, "%s is not there", path);
  const size_t n = fread(text, 1, TEXT_MAX - 1, file);
  fclose(file);
  text[n] = '\0';
  return n;
}

#define SMALL "--train-samples=400", "--test-samples=100", "--epochs=4", "--threads=2", "--no-calibration"

START_TEST(an_interrupted_command_given_again_writes_the_same_file) {
  const char *const whole[] = {"-o", output, SMALL, "--no-cache", NULL};
  const char *const cut[] = {"-o", other, SMALL, "--cache", cache, NULL};
  static char text[TEXT_MAX];
  ck_assert_int_eq(finish(start(whole)), 0);
  int interruptions = 0;
  for (long ms = 150;; ms += 150) { /* each time a little longer, until it comes to its end */
    const pid_t child = start(cut);
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
    kill(child, SIGINT);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) break;
    interruptions++;
    if (WIFSIGNALED(status)) continue; /* before it listened */
    ck_assert_int_eq(WEXITSTATUS(status), 1);
    read_all(errors, text);
    ck_assert_ptr_nonnull(strstr(text, "interrupted"));
    ck_assert_int_ne(access(other, F_OK), 0);
  }
  ck_assert_int_ge(interruptions, 1);
  char compare[256];
  snprintf(compare, sizeof compare, "cmp -s %s %s", output, other);
  ck_assert_int_eq(system(compare), 0);
}
END_TEST

static const struct {
  int status;
  const char *named;
  const char *arguments[6];
} mistakes[] = {
    {2, "-o FILE", {NULL}},
    {2, "--epochs", {"-o", "x", "--epochs=0", NULL}},
    {2, "--seed", {"-o", "x", "--seed=one", NULL}},
    {2, "--learning-rate", {"-o", "x", "--learning-rate=nan", NULL}},
    {2, "--noisy-from-w", {"-o", "x", "--noisy-from-w=2", NULL}},
    {2, "--validation-samples", {"-o", "x", "--train-samples=10", "--validation-samples=10", NULL}},
    {2, "'y'", {"-o", "x", "y", NULL}},
    {1, "/nonexistent/x", {"-o", "/nonexistent/x", NULL}},
    {1, "/tmp", {"-o", "/tmp", NULL}},
    {1, "/dev/null", {"-o", "/tmp/iscc-no-model", "--cache", "/dev/null/x", NULL}},
};

START_TEST(a_mistake_is_told_in_one_line) {
  static char text[TEXT_MAX];
  ck_assert_int_eq(finish(start(mistakes[_i].arguments)), mistakes[_i].status);
  const size_t n = read_all(errors, text);
  ck_assert_msg(strstr(text, mistakes[_i].named) != NULL, "text: %s", text);
  ck_assert_msg(n > 0 && strchr(text, '\n') == text + n - 1, "not one line: %s", text);
}
END_TEST

Suite *iscc_suite_cli_train(void);
Suite *iscc_suite_cli_train(void) {
  Suite *s = suite_create("helper: cli train");
  TCase *t = tcase_create("train");
  tcase_set_timeout(t, 120);
  tcase_add_checked_fixture(t, make_folder, drop_folder);
  tcase_add_test(t, an_interrupted_command_given_again_writes_the_same_file);
  tcase_add_loop_test(t, a_mistake_is_told_in_one_line, 0, (int)(sizeof mistakes / sizeof *mistakes));
  suite_add_tcase(s, t);
  return s;
}
