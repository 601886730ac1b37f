/* SPDX-License-Identifier: GPL-2.0-only */
/* What command lines make of a scenario: layers of options, where they have a meaning, what is recorded and told. */
#include <check.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "iscc-help-columns.h"
#include "iscc-option-scope.h"
#include "iscc-scenario-json.h"
#include "iscc-scenario-read.h"

enum { WORDS_MAX = 16 };

static char output[32768];

/* Words of a text, which is cut into them; returns how many. */
static int cut(char *text, char **words) {
  int count = 0;
  for (char *word = strtok(text, " "); word && count < WORDS_MAX; word = strtok(NULL, " "))
    words[count++] = word;
  words[count] = NULL;
  return count;
}

static void print_scenario(const char *example, const char *user) {
  char own[1024], given[1024], *defaults[WORDS_MAX + 1], *words[WORDS_MAX + 2] = {(char *)(uintptr_t) "prog"};
  snprintf(own, sizeof own, "%s", example);
  snprintf(given, sizeof given, "%s", user);
  cut(own, defaults);
  const int argc = 1 + cut(given, words + 1);
  iscc_scenario s;
  iscc_error error;
  iscc_scenario_defaults(&s);
  if (iscc_scenario_read(&s, "A program.", (const char *const *)defaults, argc, words, &error)) _exit(99);
  char *json = iscc_scenario_json(&s);
  printf("%s\n", json);
  free(json);
}

/* Reads two layers, words apart by spaces, in a child; returns its exit status, all that it printed in output: the
 * scenario's JSON if it came so far. */
static int read_options(const char *example, const char *user) {
  int from_child[2], status;
  ck_assert_int_eq(pipe(from_child), 0);
  fflush(stdout);
  const pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) {
    dup2(from_child[1], STDOUT_FILENO);
    dup2(from_child[1], STDERR_FILENO);
    print_scenario(example, user);
    fflush(stdout);
    _exit(0);
  }
  close(from_child[1]);
  size_t n = 0;
  ssize_t got;
  while (n + 1 < sizeof output && (got = read(from_child[0], output + n, sizeof output - 1 - n)) > 0)
    n += (size_t)got;
  output[n] = '\0';
  close(from_child[0]);
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert(WIFEXITED(status));
  return WEXITSTATUS(status);
}

/* What a scenario records under a name, as JSON; "" when it does not. */
static const char *recorded(const char *example, const char *user, const char *name) {
  static char text[256];
  ck_assert_msg(read_options(example, user) == 0, "%s | %s: %s", example, user, output);
  json_t *all = json_loads(output, 0, NULL);
  ck_assert_msg(all != NULL, "%s", output);
  char *value =
      json_dumps(json_object_get(all, name), JSON_ENCODE_ANY | JSON_REAL_PRECISION(15) | JSON_COMPACT);
  snprintf(text, sizeof text, "%s", value ? value : "");
  free(value);
  json_decref(all);
  return text;
}

/* ---- options without a meaning ---- */

/* Where each option has none, what it is refused with there, what is recorded of it where it has one. */
static const struct {
  const char *option, *meaningless, *says, *meaningful, *name;
} scoped[] = {
    {"--snr-db=15", "--uplink=wifi", "--snr-db: is of --uplink=shannon alone", "", "snr_db"},
    {"--snr-db=15", "--uplink=lr-wpan", "--snr-db: is of --uplink=shannon alone", "", "snr_db"},
    {"--snr-db=15", "--uplink=lte", "--snr-db: is of --uplink=shannon alone", "", "snr_db"},
    {"--snr-db=10", "--uplink=wifi", "--snr-db: is of --uplink=shannon alone", "", "snr_db"},
    {"--snr-db=15", "--channel-trace=f", "--snr-db: the file of --channel-trace", "", "snr_db"},
    {"--snr-db=15", "--propagation=ns3::X --noise-figure=3", "--snr-db: with --noise-figure", "", "snr_db"},
    {"--coherence=2", "--uplink=wifi", "--coherence: is of --uplink=shannon alone", "", "coherence_s"},
    {"--coherence=0", "--uplink=lte", "--coherence: is of --uplink=shannon alone", "", "coherence_s"},
    {"--coherence=2", "--channel-trace=f", "--coherence: the file of --channel-trace", "", "coherence_s"},
    {"--bandwidth=1e6", "--uplink=lr-wpan", "--bandwidth: is of --uplink=shannon alone", "", "bandwidth_hz"},
    {"--band=own", "--uplink=lte", "--band: is of --uplink=shannon alone", "", "band"},
    {"--loss=0.1", "--uplink=wifi", "--loss: is of --uplink=shannon alone", "", "loss"},
    {"--channel-trace=f", "--uplink=wifi", "--channel-trace: is of --uplink=shannon alone", "",
     "channel_trace"},
    {"--noise-figure=3", "--propagation=ns3::X --uplink=lte", "--noise-figure: is of --uplink=shannon alone",
     "--propagation=ns3::X", "noise_figure_db"},
    {"--noise-figure=3", "", "--noise-figure: needs loss models", "--propagation=ns3::X", "noise_figure_db"},
    {"--noise-figure=3", "--channel-trace=f",
     "--noise-figure: with --channel-trace the file is the whole channel", "--propagation=ns3::X",
     "noise_figure_db"},
    {"--propagation=ns3::X", "--channel-trace=f",
     "--propagation: with --channel-trace the file is the whole channel", "", "propagation"},
    {"--charge=payload", "--uplink=lte", "--charge: payload is for the Shannon channel", "", "charge"},
    {"--wifi-standard=802.11ax", "", "--wifi-standard: is of --uplink=wifi alone", "--uplink=wifi",
     "wifi_standard"},
    {"--wifi-standard=802.11ax", "--uplink=lte", "--wifi-standard: is of --uplink=wifi alone",
     "--uplink=wifi", "wifi_standard"},
    {"--retry-limit=5", "--transport=tcp", "--retry-limit: with --transport=tcp", "", "retry_limit"},
    {"--mobility=ns3::X", "--mobility-trace=f", "--mobility: there is --mobility-trace as well", "",
     "mobility"},
    {"--distance=7", "--mobility-trace=f", "--distance: the file of --mobility-trace", "", "distance_m"},
    {"--distance=7", "--radius=9", "--distance: with --radius", "--radius=0", "distance_m"},
    {"--radius=7", "--mobility-trace=f", "--radius: the file of --mobility-trace", "", "radius_m"},
    {"--node-height=2", "--mobility-trace=f", "--node-height: the file of --mobility-trace", "",
     "node_height_m"},
    {"--harvester=ns3::X", "", "--harvester: feeds a battery, and there is none", "--battery=2", "harvester"},
    {"--idle-power=0.1", "--battery=none", "--idle-power: is drawn from a battery, and there is none",
     "--battery=2", "idle_power_w"},
    {"--interval=2", "--arrivals=f", "--interval: the file of --arrivals", "--arrivals=poisson",
     "interval_s"},
    {"--fixed-sensing-power=0.1", "", "--fixed-sensing-power: is of --scheme=jcc alone", "--scheme=jcc",
     "fixed_sensing_power_w"}};

START_TEST(what_the_user_gave_without_meaning_is_refused) {
  char line[256];
  for (int swap = 0; swap < 2; swap++) { /* in either order */
    snprintf(line, sizeof line, "%s %s", swap ? scoped[_i].meaningless : scoped[_i].option,
             swap ? scoped[_i].option : scoped[_i].meaningless);
    ck_assert_msg(read_options("", line) == 2, "%s: %s", line, output);
    ck_assert_msg(strstr(output, scoped[_i].says) != NULL, "%s: %s", line, output);
    ck_assert_ptr_eq(strchr(output, '\n'), output + strlen(output) - 1);
  }
  /* what an example set is no excuse */
  ck_assert_int_eq(read_options(scoped[_i].meaningless, scoped[_i].option), 2);
  ck_assert_msg(strstr(output, scoped[_i].says) != NULL, "%s", output);
}
END_TEST

START_TEST(what_an_example_set_without_meaning_is_left_out) {
  char with[256], without[32768], line[256];
  ck_assert_int_eq(read_options("", scoped[_i].meaningless), 0);
  snprintf(without, sizeof without, "%s", output);
  snprintf(with, sizeof with, "%s", scoped[_i].option);
  ck_assert_msg(read_options(with, scoped[_i].meaningless) == 0, "%s", output);
  ck_assert_str_eq(output, without);
  if (strcmp(scoped[_i].name, "charge") != 0) /* which all stacks have, if not both values of it */
    ck_assert_str_eq(recorded(with, scoped[_i].meaningless, scoped[_i].name), "");
  /* with a meaning it counts, whoever gave it */
  snprintf(line, sizeof line, "%s %s", scoped[_i].option, scoped[_i].meaningful);
  ck_assert_str_ne(recorded("", line, scoped[_i].name), "");
  snprintf(without, sizeof without, "%s", output);
  ck_assert_int_eq(read_options(with, scoped[_i].meaningful), 0);
  ck_assert_str_eq(output, without);
}
END_TEST

START_TEST(the_shannon_channels_options_are_of_no_radio) {
  static const char *const options[] = {"snr-db=1",       "coherence=1",  "bandwidth=1e6",
                                        "band=shared",    "loss=0.1",     "channel-trace=f",
                                        "noise-figure=1", "preset=paper", "charge=payload"};
  static const char *const stacks[] = {"wifi", "lr-wpan", "lte"};
  char line[128];
  for (size_t i = 0; i < 3 * sizeof options / sizeof *options; i++) {
    snprintf(line, sizeof line, "--propagation=ns3::X --uplink=%s --%s", stacks[i % 3], options[i / 3]);
    ck_assert_msg(read_options("", line) == 2, "%s: %s", line, output);
  }
}
END_TEST

START_TEST(what_is_turned_off_passes_everywhere) {
  static const char *const rows[] = {"--uplink=wifi --loss=0",
                                     "--battery=none --harvester=none --idle-power=0",
                                     "--mobility-trace=f --mobility=none --radius=0",
                                     "--channel-trace=f --propagation=none", "--uplink=lte --charge=all"};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    ck_assert_msg(read_options("", rows[i]) == 0, "%s: %s", rows[i], output);
}
END_TEST

START_TEST(abbreviations_are_the_option) {
  ck_assert_int_eq(read_options("", "--uplink=wifi --cohe=1"), 2);
  ck_assert_ptr_nonnull(strstr(output, "prog: --coherence: is of --uplink=shannon alone"));
  ck_assert_int_eq(read_options("", "--uplink wifi --sn 15"), 2);
  ck_assert_ptr_nonnull(strstr(output, "prog: --snr-db: is of --uplink=shannon alone"));
  ck_assert_int_eq(read_options("", "--band"), 2); /* not --bandwidth */
  ck_assert_ptr_nonnull(strstr(output, "--band: needs a value, KIND"));
}
END_TEST

/* A file of the user takes the place of what an example sets. */
START_TEST(one_meaning_hangs_on_another) {
  ck_assert_str_eq(recorded("--mobility=ns3::X --radius=60", "--mobility-trace=f", "mobility_trace"),
                   "\"f\"");
  ck_assert_str_eq(recorded("--propagation=ns3::X --noise-figure=3", "--channel-trace=f", "noise_figure_db"),
                   "");
  ck_assert_str_eq(recorded("--channel-trace=f", "--uplink=wifi --propagation=ns3::X", "propagation"),
                   "\"ns3::X\"");
  ck_assert_str_eq(
      recorded("--propagation=ns3::X --noise-figure=3", "--propagation=none --snr-db=4", "snr_db"), "4.0");
}
END_TEST

/* Programs that fill in a scenario themselves are told of what they turned on in vain. */
START_TEST(scenarios_of_programs_are_checked) {
  iscc_scenario s;
  iscc_error error = {""};
  iscc_scenario_defaults(&s);
  s.uplink = ISCC_STACK_LTE; /* the Shannon channel's numbers stand there unused */
  ck_assert_int_eq(iscc_option_scope_check(&s, &error), ISCC_OK);
  s.pcap = "x";
  ck_assert_int_eq(iscc_option_scope_check(&s, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "--pcap: ns-3 has no such form"));
  ck_assert_str_eq(s.pcap, "x");
  s.pcap = NULL;
  s.harvester = "ns3::X";
  ck_assert_int_eq(iscc_option_scope_check(&s, &error), ISCC_EINVAL);
  ck_assert_ptr_nonnull(strstr(error.text, "--harvester: feeds a battery"));
}
END_TEST

/* ---- layers ---- */

START_TEST(numbers_are_recorded_as_they_were_given) {
  ck_assert_int_eq(read_options("", "--kappa=1e-21 --snr-db=12.3"), 0);
  ck_assert_ptr_nonnull(strstr(output, "\"kappa\":1e-21,"));
  ck_assert_ptr_nonnull(strstr(output, "\"snr_db\":12.3,"));
}
END_TEST

START_TEST(the_user_goes_before_the_example) {
  ck_assert_str_eq(recorded("--nodes=50", "", "nodes"), "50");
  ck_assert_str_eq(recorded("--nodes=50", "--nodes=3", "nodes"), "3");
  ck_assert_str_eq(recorded("", "--nodes=3 --nodes=4", "nodes"), "4");
}
END_TEST

START_TEST(a_preset_lies_between_example_and_user) {
  static const char *const places[] = {"--preset=paper --snr-db=15 --tasks=5",
                                       "--snr-db=15 --preset=paper --tasks=5",
                                       "--snr-db=15 --tasks=5 --pre paper"};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    ck_assert_str_eq(recorded("--snr-db=3 --coherence=7", places[i], "snr_db"), "15.0");
    ck_assert_str_eq(recorded("--snr-db=3 --coherence=7", places[i], "coherence_s"), "0.0");
    ck_assert_str_eq(recorded("--snr-db=3 --coherence=7", places[i], "charge"), "\"payload\"");
  }
  ck_assert_str_eq(recorded("", "--preset=paper", "snr_db"), "20.0");
  /* an example's own lies below what else it sets */
  ck_assert_str_eq(recorded("--coherence=7 --preset=paper", "", "coherence_s"), "7.0");
  ck_assert_str_eq(recorded("--coherence=7 --preset=paper", "", "snr_db"), "20.0");
  ck_assert_str_eq(recorded("--preset=paper", "--snr-db=6", "snr_db"), "6.0");
  ck_assert_int_eq(read_options("", "--preset=mine"), 2);
  ck_assert_ptr_nonnull(strstr(output, "--preset: 'mine' is not one of paper"));
  ck_assert_int_eq(read_options("", "--uplink=wifi --preset=paper"), 2);
  ck_assert_ptr_nonnull(strstr(output, "--preset: is of --uplink=shannon alone"));
}
END_TEST

/* ---- help ---- */

/* The text of an option in output, without line breaks and repeated blanks. */
static const char *help_of(const char *option) {
  static char text[2048];
  char name[64];
  snprintf(name, sizeof name, "\n  --%s=", option);
  const char *at = strstr(output, name);
  ck_assert_msg(at != NULL, "no --%s in: %.300s", option, output);
  const char *end = strstr(at + 1, "\n  --"), *blank = strstr(at + 1, "\n\n");
  if (!end || (blank && blank < end)) end = blank;
  size_t n = 0;
  for (at++; at < end && n + 1 < sizeof text; at++)
    if ((*at != ' ' && *at != '\n') || (n && text[n - 1] != ' ')) text[n++] = *at == '\n' ? ' ' : *at;
  text[n] = '\0';
  return text;
}

static void expect_help(const char *option, const char *part) {
  ck_assert_msg(strstr(help_of(option), part) != NULL, "'%s' is not in: %s", part, help_of(option));
}

START_TEST(help_tells_the_defaults_in_force) {
  ck_assert_int_eq(read_options("", "--help"), 0);
  expect_help("nodes", "(default 1)");
  expect_help("snr-db", "(default 10)");
  expect_help("fixed-sensing-power", "(default: where R_0 is 97 % of its limit)");
  ck_assert_int_eq(read_options("--nodes=50 --mobility-trace=walks --fixed-sensing-power=0.2", "--help"), 0);
  expect_help("nodes", "(default 50)");
  expect_help("mobility-trace", "(default walks)");
  expect_help("fixed-sensing-power", "P_s, W (default 0.2)");
  ck_assert_ptr_null(strstr(help_of("nodes"), "(default 1)"));
  /* a preset's, and not what else is on the line */
  ck_assert_int_eq(read_options("--snr-db=3 --nodes=2", "--preset=paper --nodes=7 --help"), 0);
  expect_help("snr-db", "(default 20)");
  expect_help("charge", "(default payload)");
  expect_help("nodes", "(default 2)");
}
END_TEST

START_TEST(help_stands_in_two_columns) {
  ck_assert_int_eq(read_options("", "--help"), 0);
  const char *misplaced = iscc_help_misplaced(output);
  ck_assert_msg(misplaced == NULL, "%s", misplaced);
}
END_TEST

/* Giving what --help says is the default changes nothing. */
START_TEST(general_defaults_are_what_help_says) {
  char plain[32768];
  int tried = 0;
  ck_assert_int_eq(read_options("--battery=2", ""), 0);
  snprintf(plain, sizeof plain, "%s", output);
  for (int key = ISCC_OPTION_FIRST; key <= ISCC_OPTION_LAST; key++) {
    const char *option = iscc_scenario_option_name(key);
    ck_assert_ptr_nonnull(option);
    ck_assert_int_eq(read_options("", "--help"), 0);
    const char *found = strstr(help_of(option), "(default ");
    char value[64], line[256];
    if (!found || sscanf(found, "(default %63[^)]", value) != 1) continue;
    if (key == ISCC_OPTION_BATTERY) continue;
    snprintf(line, sizeof line, "%s--%s=%s", key == ISCC_OPTION_STANDARD ? "--uplink=wifi " : "", option,
             value);
    ck_assert_msg(read_options("--battery=2", line) == 0, "%s: %s", line, output);
    if (key != ISCC_OPTION_STANDARD) ck_assert_msg(!strcmp(output, plain), "%s: %s", line, output);
    tried++;
  }
  ck_assert_int_ge(tried, 40);
}
END_TEST

/* ---- */

Suite *iscc_suite_scenario_read(void);
Suite *iscc_suite_scenario_read(void) {
  Suite *s = suite_create("helper: scenarios from options");
  TCase *t = tcase_create("options");
  const int rows = (int)(sizeof scoped / sizeof *scoped);
  tcase_add_loop_test(t, what_the_user_gave_without_meaning_is_refused, 0, rows);
  tcase_add_loop_test(t, what_an_example_set_without_meaning_is_left_out, 0, rows);
  tcase_add_test(t, the_shannon_channels_options_are_of_no_radio);
  tcase_add_test(t, what_is_turned_off_passes_everywhere);
  tcase_add_test(t, abbreviations_are_the_option);
  tcase_add_test(t, one_meaning_hangs_on_another);
  tcase_add_test(t, scenarios_of_programs_are_checked);
  tcase_add_test(t, numbers_are_recorded_as_they_were_given);
  tcase_add_test(t, the_user_goes_before_the_example);
  tcase_add_test(t, a_preset_lies_between_example_and_user);
  tcase_add_test(t, help_tells_the_defaults_in_force);
  tcase_add_test(t, help_stands_in_two_columns);
  tcase_add_test(t, general_defaults_are_what_help_says);
  suite_add_tcase(s, t);
  return s;
}
