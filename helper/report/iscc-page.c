/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-page.h"

#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-json-text.h"
#include "iscc-output-file.h"
#include "iscc-page-parts.h"

/* SHA-256 in base64, as a Content-Security-Policy names a script. */
static void write_hash(const char *script, FILE *out) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint8_t hash[SHA256_DIGEST_LENGTH + 1] = {
      0}; /* 33 bytes are 44 digits, of which the last stands for none */
  SHA2_CTX context;
  SHA256Init(&context);
  SHA256Update(&context, (const uint8_t *)script, strlen(script));
  SHA256Final(hash, &context);
  fputs("'sha256-", out);
  for (size_t i = 0; i < sizeof hash; i += 3) {
    const unsigned bits = (unsigned)hash[i] << 16 | (unsigned)hash[i + 1] << 8 | hash[i + 2];
    for (int shift = 18; shift >= (i + 3 == sizeof hash ? 6 : 0); shift -= 6)
      putc(digits[bits >> shift & 63], out);
  }
  fputs("='", out);
}

/* JSON in which nothing can end the element that it is in. */
static void write_data(const char *json, FILE *out) {
  for (; *json; json++)
    if (*json == '<')
      fputs("\\u003c", out);
    else
      putc(*json, out);
}

static void write_page(const char *json, FILE *out) {
  fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; script-src ",
        out);
  write_hash(iscc_page_plot_script, out);
  putc(' ', out);
  write_hash(iscc_page_script, out);
  fprintf(
      out,
      "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Report</title>\n<style>\n%s%s</style>\n"
      "</head>\n<body>\n<noscript>This report is drawn by a script that is in this file; it needs a browser "
      "that runs "
      "it.</noscript>\n",
      iscc_page_plot_style, iscc_page_style);
  fputs("<script type=\"application/json\" id=\"data\">", out);
  write_data(json, out);
  fprintf(out, "</script>\n<script>%s</script>\n<script>%s</script>\n</body>\n</html>\n",
          iscc_page_plot_script, iscc_page_script);
}

iscc_status iscc_page_write(const char *database, const iscc_page_question *question, const char *path,
                            iscc_error *error) {
  iscc_output_file output;
  json_t *data;
  if (!*iscc_page_plot_script)
    return iscc_fail(
        error, ISCC_ESTATE,
        "this build cannot draw reports: install dygraphs (on Debian 'apt-get install libjs-dygraphs'), then "
        "'./waf configure build'");
  iscc_status status = iscc_page_data(database, question, &data, error);
  if (status) return status;
  char *json = iscc_json_text(data);
  json_decref(data);
  if (!json) return iscc_fail(error, ISCC_ENOMEM, "report: out of memory");
  FILE *out = iscc_output_begin(&output, path, error);
  if (out) write_page(json, out);
  free(json);
  return out ? iscc_output_end(&output, error) : ISCC_EIO;
}
