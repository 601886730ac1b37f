/* SPDX-License-Identifier: GPL-2.0-only */
/* What tells the program of a campaign from another one, and runs from those of another environment or replication. */
#include <check.h>
#include <string.h>

#include "iscc-run-program.h"

#define RUN    "'" ISCC_TEST_BUILD_DIR "/iscc' campaign run c.yaml "
#define SINGLE ISCC_TEST_BUILD_DIR "/examples/iscc-single-device"

/* A program of which only a library changed is another one; without libraries of its own the hash is that of its file. */
START_TEST(libraries_are_part_of_the_program) {
  iscc_run_write("lib.c", "int f(void); int f(void) { return VALUE; }\n");
  iscc_run_write("main.c",
                 "#include <stdio.h>\nint f(void); int main(void) { printf(\"m=%d\\n\", f()); return 0; }\n");
  iscc_run_well(
      "gcc -DVALUE=1 -shared -fPIC -o libf.so lib.c && gcc -o p main.c -L. -lf -Wl,-rpath,'$ORIGIN'");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 2\n");
  iscc_run_well(RUN);
  iscc_run_expect_sql("c.db", "SELECT group_concat(value) FROM metric", "1.0,1.0");
  iscc_run_well("sha256sum p >before; gcc -DVALUE=2 -shared -fPIC -o libf.so lib.c && sha256sum -c before");
  ck_assert_int_eq(iscc_run(RUN), 2);
  ck_assert_msg(strstr(iscc_run_output, "holds 2 results of another p") != NULL, "%s", iscc_run_output);
  iscc_run_write_program("echo m=1");
  iscc_run_well(RUN "--db=d.db");
  iscc_run_well("test $(sqlite3 d.db 'SELECT program_sha256 FROM execution WHERE run = 1') = $(sha256sum p | "
                "cut -c1-64)");
}
END_TEST

/* Built anew while its campaign runs: what may be of the new one is not recorded as of the old one. Run 3
 * waits until run 2 has been added, which happens while it runs. */
START_TEST(program_changes_meanwhile) {
  iscc_run_write_program(
      "test $RUN = 3 && sleep 1 && cp \"$0\" q && echo 'echo m=9' >>q && mv q \"$0\"; echo m=1");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 5\n");
  ck_assert_int_eq(iscc_run(RUN "--jobs=1"), 1);
  ck_assert_msg(strstr(iscc_run_output, "/p: became another file while its runs were going on") != NULL, "%s",
                iscc_run_output);
  iscc_run_expect_sql("c.db", "SELECT group_concat(run) FROM execution", "1,2");
  ck_assert_int_eq(iscc_run(RUN), 2);
  iscc_run_write_program("test $RUN = 3 && sleep 1 && rm \"$0\"; echo m=1");
  ck_assert_int_eq(iscc_run(RUN "--jobs=1 --db=d.db"), 1);
  ck_assert_msg(strstr(iscc_run_output, "/p: was removed while its runs were going on") != NULL, "%s",
                iscc_run_output);
  iscc_run_expect_sql("d.db", "SELECT group_concat(run) FROM execution", "1,2");
}
END_TEST

/* They would be part of what runs did, and of no point. */
START_TEST(variables_that_change_results_are_refused) {
  iscc_run_write_program("echo m=1");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 1\n");
  iscc_run_expect(2, "NS_ATTRIBUTE_DEFAULT='ns3::WifiPhy::TxGain=3' " RUN,
                  "environment: NS_ATTRIBUTE_DEFAULT is 'ns3::");
  iscc_run_expect(2, "NS_GLOBAL_VALUE=ChecksumEnabled=1 " RUN,
                  "environment: NS_GLOBAL_VALUE is 'ChecksumEnabled=1'");
  iscc_run_expect(1, "test -e c.db", "");
  iscc_run_expect(0, "NS_GLOBAL_VALUE= " RUN, "1 runs done");
  iscc_run_expect(
      2, "NS_GLOBAL_VALUE=ChecksumEnabled=1 " ISCC_TEST_BUILD_DIR "/iscc campaign verify c.db --program ./p",
      "environment: NS_GLOBAL_VALUE is");
}
END_TEST

/* A launcher that passes on another replication than it was given. */
START_TEST(another_replication_is_no_result) {
  iscc_run_write("p", "#!/bin/sh\nexec " SINGLE " \"$@\" --RngRun=1\n");
  iscc_run_well("chmod +x p");
  iscc_run_write("c.yaml", "program: ./p\noptions: {tasks: 2, inference: model}\nruns: 2\n");
  ck_assert_int_eq(iscc_run(RUN), 1);
  iscc_run_expect_sql("c.db", "SELECT outcome FROM execution WHERE run = 1", "done");
  iscc_run_expect_sql("c.db", "SELECT outcome FROM execution WHERE run = 2", "truncated");
  iscc_run_expect_sql("c.db", "SELECT stderr FROM execution WHERE run = 2",
                      "it recorded RngSeed 1 and RngRun 1, not 1 and 2 as it was given");
}
END_TEST

Suite *iscc_suite_campaign_program(void);
Suite *iscc_suite_campaign_program(void) {
  Suite *suite = suite_create("campaign-program");
  TCase *tc = tcase_create("campaign-program");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, libraries_are_part_of_the_program);
  tcase_add_test(tc, program_changes_meanwhile);
  tcase_add_test(tc, variables_that_change_results_are_refused);
  if (ISCC_TEST_WITH_NS3) tcase_add_test(tc, another_replication_is_no_result);
  suite_add_tcase(suite, tc);
  return suite;
}
