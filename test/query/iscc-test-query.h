/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-test-query - a database that tests ask questions of, made once for all tests of a suite. */
#ifndef ISCC_TEST_QUERY_H
#define ISCC_TEST_QUERY_H

#ifdef __cplusplus
extern "C" {
#endif

/* Unchecked fixture: made.db in the folder of iscc-run-program.h, which all tests of the suite share. It holds a campaign of
 * iscc-factory-cell (2 schemes, 2 max-latency, 2 replications; batteries), one run without a campaign, an interrupted one, and a
 * campaign of a program whose second replication fails. */
void iscc_query_begin(void);
void iscc_query_end(void);

#define ISCC       "'" ISCC_TEST_BUILD_DIR "/iscc' "
#define ISCC_QUERY ISCC "query "

#ifdef __cplusplus
}
#endif
#endif
