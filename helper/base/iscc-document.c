/* SPDX-License-Identifier: GPL-2.0-only */
/* The HTML's body and table of contents grow in memory, since the contents stand before the body. */
#include "iscc-document.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-document-text.h"
#include "iscc-output-file.h"

typedef struct {
  FILE *file;
  char *text;
  size_t size;
} memory_file;

typedef enum { IN_FLOW, IN_LIST, IN_TABLE } place;

struct iscc_document {
  iscc_status status; /* sticky, with its error */
  iscc_error error;
  char *title;
  iscc_output_file html_file, markdown_file;
  memory_file body, contents;
  FILE *html, *markdown; /* borrowed: body's file and markdown_file's */
  size_t sections;
  place place;
  size_t columns;
  iscc_column_kind kinds[ISCC_DOCUMENT_COLUMNS_MAX];
};

static const char style[] =
    ":root{color-scheme:light}\n"
    "body{margin:0;background:#fff;color:#1b1b1b;font:16px/1.55 system-ui,'Segoe UI',Roboto,'DejaVu Sans',"
    "sans-serif}\n"
    "main{max-width:86rem;margin:0 auto;padding:1rem 1.2rem 4rem}\n"
    "p,ul,nav{max-width:62rem}\n"
    "h1{font-size:1.9rem;line-height:1.2}\n"
    "h2{font-size:1.4rem;margin-top:2.6rem;padding-bottom:.25rem;border-bottom:1px solid #d5d5d5}\n"
    "h3{font-size:1.15rem;margin-top:1.8rem}\n"
    "p,li,figcaption,h1,h2,h3,h4{overflow-wrap:anywhere}\n"
    "nav{margin:1.5rem 0;padding:.6rem 1.2rem;background:#f5f6f7;border-radius:.4rem}\n"
    "nav ul{margin:.3rem 0;padding-left:1.2rem}\n"
    "a{color:#0058a3}\n"
    ".wide{overflow-x:auto;margin:1rem 0}\n"
    "table{border-collapse:collapse;font-size:.94rem}\n"
    "th,td{padding:.3rem .7rem;border-bottom:1px solid #dcdcdc;text-align:left;vertical-align:top}\n"
    "th{border-bottom:2px solid #8a8a8a;white-space:nowrap}\n"
    ".right{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    ".verdict,.short{white-space:nowrap}\n"
    ".prose{min-width:15rem}\n"
    ".holds .verdict{background:#dff2e3;color:#0d4f22}\n"
    ".part .verdict{background:#fdf0cd;color:#5c4300}\n"
    ".fails .verdict{background:#fbdfdb;color:#7d1405;font-weight:600}\n"
    ".na .verdict{background:#eeeeee;color:#4c4c4c}\n"
    "figure{margin:1.4rem 0}\n"
    "figure img{display:block;max-width:100%;height:auto;margin:0 auto}\n"
    "figcaption{margin-top:.5rem;color:#3f3f3f;font-size:.94rem}\n"
    "pre{overflow-x:auto;padding:.7rem .9rem;background:#f5f6f7;border-radius:.4rem;font-size:.88rem}\n"
    "@media print{main{max-width:none;padding:0}.wide,pre{overflow:visible}pre{white-space:pre-wrap}"
    "figure,tr{break-inside:avoid}h2,h3{break-after:avoid}"
    "td{-webkit-print-color-adjust:exact;print-color-adjust:exact}}\n";

static bool fine(const iscc_document *d) {
  return d->status == ISCC_OK;
}

/* ---- life ---- */

static bool open_memory(memory_file *m) {
  m->file = open_memstream(&m->text, &m->size);
  return m->file != NULL;
}

/* What it took; NULL if that was too much. */
static const char *close_memory(memory_file *m) {
  if (!m->file) return NULL;
  const bool failed = ferror(m->file) != 0;
  const bool closed = fclose(m->file) == 0;
  m->file = NULL;
  return failed || !closed ? NULL : m->text;
}

void iscc_document_cancel(iscc_document *d) {
  if (!d) return;
  close_memory(&d->body);
  close_memory(&d->contents);
  free(d->body.text);
  free(d->contents.text);
  iscc_output_cancel(&d->html_file);
  iscc_output_cancel(&d->markdown_file);
  free(d->title);
  free(d);
}

iscc_status iscc_document_create(const char *title, const char *html_path, const char *markdown_path,
                                 iscc_document **out, iscc_error *error) {
  *out = NULL;
  iscc_document *d = calloc(1, sizeof *d);
  if (!d || !(d->title = strdup(title)) || !open_memory(&d->body) || !open_memory(&d->contents)) {
    iscc_document_cancel(d);
    return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", html_path);
  }
  d->html = d->body.file;
  d->markdown = iscc_output_begin(&d->html_file, html_path, error)
                    ? iscc_output_begin(&d->markdown_file, markdown_path, error)
                    : NULL;
  if (!d->markdown) {
    iscc_document_cancel(d);
    return ISCC_EIO;
  }
  fputs("# ", d->markdown);
  iscc_markdown_text(title, d->markdown);
  fputs("\n\n", d->markdown);
  *out = d;
  return ISCC_OK;
}

/* Title, contents, body. */
static void write_html(const iscc_document *d, const char *contents, const char *body) {
  FILE *out = d->html_file.file;
  fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<title>",
        out);
  iscc_html_text(d->title, false, out);
  fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n<h1>", style);
  iscc_html_text(d->title, false, out);
  fputs("</h1>\n", out);
  if (*contents) fprintf(out, "<nav aria-label=\"Contents\">\n<ul>\n%s</ul>\n</nav>\n", contents);
  fprintf(out, "%s</main>\n</body>\n</html>\n", body);
}

static void leave_list(iscc_document *d) {
  if (d->place != IN_LIST) return;
  fputs("</ul>\n", d->html);
  fputc('\n', d->markdown);
  d->place = IN_FLOW;
}

iscc_status iscc_document_finish(iscc_document *d, iscc_error *error) {
  if (fine(d) && d->place == IN_TABLE)
    d->status = iscc_fail(&d->error, ISCC_ESTATE, "document: a table was not ended");
  leave_list(d);
  const char *body = close_memory(&d->body), *contents = close_memory(&d->contents);
  if (fine(d) && (!body || !contents))
    d->status = iscc_fail(&d->error, ISCC_ENOMEM, "%s: out of memory", d->html_file.path);
  if (fine(d)) {
    write_html(d, contents, body);
    /* Neither is renamed unless both are on the disk; the one that failed is ended first and so reports. */
    iscc_output_file *first = iscc_output_is_whole(&d->markdown_file) ? &d->html_file : &d->markdown_file;
    iscc_output_file *second = first == &d->html_file ? &d->markdown_file : &d->html_file;
    d->status = iscc_output_end(first, &d->error);
    if (fine(d)) d->status = iscc_output_end(second, &d->error);
  }
  const iscc_status status = d->status;
  if (status && error) *error = d->error;
  iscc_document_cancel(d);
  return status;
}

/* Whether something may be written now, and where: lists end before all but their items. */
static bool enter(iscc_document *d, place wanted) {
  if (!fine(d)) return false;
  if (d->place == IN_TABLE && wanted != IN_TABLE) {
    d->status = iscc_fail(&d->error, ISCC_ESTATE, "document: only rows may follow in a table");
    return false;
  }
  if (wanted != IN_LIST) leave_list(d);
  if (wanted == IN_LIST && d->place != IN_LIST) fputs("<ul>\n", d->html);
  d->place = wanted;
  return true;
}

/* ---- texts ---- */

void iscc_document_heading(iscc_document *d, int level, const char *text) {
  if (!enter(d, IN_FLOW)) return;
  if (level < 2 || level > 4) {
    d->status = iscc_fail(&d->error, ISCC_EINVAL, "document: heading level %d is outside 2..4", level);
    return;
  }
  fprintf(d->html, "<h%d id=\"section-%zu\">", level, ++d->sections);
  iscc_html_text(text, false, d->html);
  fprintf(d->html, "</h%d>\n", level);
  fprintf(d->markdown, "%.*s ", level, "####");
  iscc_markdown_text(text, d->markdown);
  fputs("\n\n", d->markdown);
  if (level != 2) return;
  fprintf(d->contents.file, "<li><a href=\"#section-%zu\">", d->sections);
  iscc_html_text(text, false, d->contents.file);
  fputs("</a></li>\n", d->contents.file);
}

/* NULL, and the document knows, if memory ran out. */
static char *format_text(iscc_document *d, const char *format, va_list arguments) {
  char *text;
  if (vasprintf(&text, format, arguments) >= 0) return text;
  d->status = iscc_fail(&d->error, ISCC_ENOMEM, "%s: out of memory", d->html_file.path);
  return NULL;
}

void iscc_document_paragraph(iscc_document *d, const char *format, ...) {
  if (!enter(d, IN_FLOW)) return;
  va_list arguments;
  va_start(arguments, format);
  char *text = format_text(d, format, arguments);
  va_end(arguments);
  fputs("<p>", d->html);
  iscc_html_text(text, false, d->html);
  fputs("</p>\n", d->html);
  iscc_markdown_text(text, d->markdown);
  fputs("\n\n", d->markdown);
  free(text);
}

void iscc_document_item(iscc_document *d, const char *format, ...) {
  if (!enter(d, IN_LIST)) return;
  va_list arguments;
  va_start(arguments, format);
  char *text = format_text(d, format, arguments);
  va_end(arguments);
  fputs("<li>", d->html);
  iscc_html_text(text, false, d->html);
  fputs("</li>\n", d->html);
  fputs("- ", d->markdown);
  iscc_markdown_text(text, d->markdown);
  fputc('\n', d->markdown);
  free(text);
}

static void write_fence(FILE *out, size_t length) {
  while (length-- > 0) fputc('`', out);
}

void iscc_document_code(iscc_document *d, const char *text) {
  if (!enter(d, IN_FLOW)) return;
  fputs("<pre><code>", d->html);
  iscc_html_text(text, true, d->html);
  fputs("</code></pre>\n", d->html);
  size_t fence = 3; /* longer than any run of backticks within */
  for (const char *at = text; *at; at += strspn(at, "`") + (*at != '`')) {
    const size_t run = strspn(at, "`");
    if (run >= fence) fence = run + 1;
  }
  const size_t length = strlen(text);
  write_fence(d->markdown, fence);
  fprintf(d->markdown, "\n%s%s", text, length && text[length - 1] == '\n' ? "" : "\n");
  write_fence(d->markdown, fence);
  fputs("\n\n", d->markdown);
}

/* ---- tables ---- */

static const char *class_of(iscc_column_kind kind) {
  switch (kind) {
  case ISCC_COLUMN_RIGHT:
    return " class=\"right\"";
  case ISCC_COLUMN_VERDICT:
    return " class=\"verdict\"";
  case ISCC_COLUMN_LEFT:
    break;
  }
  return "";
}

void iscc_document_table_begin(iscc_document *d, const iscc_document_column *columns, size_t count) {
  if (!enter(d, IN_FLOW)) return;
  if (count < 1 || count > ISCC_DOCUMENT_COLUMNS_MAX) {
    d->status = iscc_fail(&d->error, ISCC_EINVAL, "document: %zu columns are outside 1..%d", count,
                          ISCC_DOCUMENT_COLUMNS_MAX);
    return;
  }
  d->place = IN_TABLE;
  d->columns = count;
  fputs("<div class=\"wide\">\n<table>\n<thead>\n<tr>", d->html);
  fputc('|', d->markdown);
  for (size_t i = 0; i < count; i++) {
    d->kinds[i] = columns[i].kind;
    fprintf(d->html, "<th scope=\"col\"%s>", class_of(columns[i].kind));
    iscc_html_text(columns[i].head, false, d->html);
    fputs("</th>", d->html);
    fputc(' ', d->markdown);
    iscc_markdown_text(columns[i].head, d->markdown);
    fputs(" |", d->markdown);
  }
  fputs("</tr>\n</thead>\n<tbody>\n", d->html);
  fputs("\n|", d->markdown);
  for (size_t i = 0; i < count; i++)
    fputs(columns[i].kind == ISCC_COLUMN_RIGHT ? " ---: |" : " --- |", d->markdown);
  fputc('\n', d->markdown);
}

/* Short texts stay on one line, long ones get room, whatever else the table holds. */
static const char *class_of_cell(iscc_column_kind kind, const char *text) {
  enum { SHORT = 16, LONG = 60 };
  const size_t length = text ? strlen(text) : 0;
  if (kind != ISCC_COLUMN_LEFT || (length > SHORT && length < LONG)) return class_of(kind);
  return length <= SHORT ? " class=\"short\"" : " class=\"prose\"";
}

void iscc_document_table_row(iscc_document *d, iscc_verdict verdict, const char *const *cells) {
  static const struct {
    const char *attribute, *word;
  } verdicts[] = {[ISCC_VERDICT_NONE] = {"", ""},
                  [ISCC_VERDICT_HOLDS] = {" class=\"holds\"", "holds"},
                  [ISCC_VERDICT_PART] = {" class=\"part\"", "holds in part"},
                  [ISCC_VERDICT_FAILS] = {" class=\"fails\"", "fails"},
                  [ISCC_VERDICT_NA] = {" class=\"na\"", "not applicable"}};
  if (!fine(d)) return;
  if (d->place != IN_TABLE) {
    d->status = iscc_fail(&d->error, ISCC_ESTATE, "document: a row outside a table");
    return;
  }
  fprintf(d->html, "<tr%s>", verdicts[verdict].attribute);
  fputc('|', d->markdown);
  for (size_t i = 0; i < d->columns; i++) {
    const bool own = !cells[i] && d->kinds[i] == ISCC_COLUMN_VERDICT;
    const char *text = own ? verdicts[verdict].word : cells[i];
    fprintf(d->html, "<td%s>", class_of_cell(d->kinds[i], text));
    iscc_html_text(text, false, d->html);
    fputs("</td>", d->html);
    fputc(' ', d->markdown);
    iscc_markdown_text(text, d->markdown);
    fputs(" |", d->markdown);
  }
  fputs("</tr>\n", d->html);
  fputc('\n', d->markdown);
}

void iscc_document_table_end(iscc_document *d) {
  if (!fine(d)) return;
  if (d->place != IN_TABLE) {
    d->status = iscc_fail(&d->error, ISCC_ESTATE, "document: the end of a table that was not begun");
    return;
  }
  d->place = IN_FLOW;
  fputs("</tbody>\n</table>\n</div>\n", d->html);
  fputc('\n', d->markdown);
}

/* ---- files ---- */

void iscc_document_figure(iscc_document *d, const char *html_picture, const char *markdown_picture,
                          const char *caption) {
  if (!enter(d, IN_FLOW)) return;
  const char *dot = strrchr(html_picture, '.');
  const bool svg = dot && strcasecmp(dot, ".svg") == 0, png = dot && strcasecmp(dot, ".png") == 0;
  if (!svg && !png) {
    d->status = iscc_fail(&d->error, ISCC_EINVAL, "%s: a figure of a document is .svg or .png", html_picture);
    return;
  }
  fprintf(d->html, "<figure>\n<img alt=\"");
  iscc_html_text(caption, false, d->html);
  fprintf(d->html, "\" src=\"data:image/%s;base64,", svg ? "svg+xml" : "png");
  d->status = iscc_base64_file(html_picture, d->html, &d->error);
  fputs("\" />\n<figcaption>", d->html);
  iscc_html_text(caption, false, d->html);
  fputs("</figcaption>\n</figure>\n", d->html);
  if (!fine(d)) return;
  fputs("![", d->markdown);
  iscc_markdown_text(caption, d->markdown);
  fputs("](", d->markdown);
  d->status = iscc_link_target(d->markdown_file.path, markdown_picture ? markdown_picture : html_picture,
                               d->markdown, &d->error);
  fputs(")\n\n", d->markdown);
  iscc_markdown_text(caption, d->markdown);
  fputs("\n\n", d->markdown);
}

void iscc_document_link(iscc_document *d, const char *path, const char *text) {
  if (!enter(d, IN_LIST)) return;
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  fputs("<li><a href=\"", d->html);
  d->status = iscc_link_target(d->html_file.path, path, d->html, &d->error);
  fputs("\">", d->html);
  iscc_html_text(name, false, d->html);
  fputs("</a>", d->html);
  if (text) fputs(": ", d->html);
  iscc_html_text(text, false, d->html);
  fputs("</li>\n", d->html);
  if (!fine(d)) return;
  fputs("- [", d->markdown);
  iscc_markdown_text(name, d->markdown);
  fputs("](", d->markdown);
  d->status = iscc_link_target(d->markdown_file.path, path, d->markdown, &d->error);
  fprintf(d->markdown, ")%s", text ? ": " : "");
  iscc_markdown_text(text, d->markdown);
  fputc('\n', d->markdown);
}
