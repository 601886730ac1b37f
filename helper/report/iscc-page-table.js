// SPDX-License-Identifier: GPL-2.0-only
// Tables that sort by a column (a button in its head) and show the rows that hold some words.
"use strict";

const collator = new Intl.Collator("en", {numeric: true});

// Numbers by their size, before texts; what is missing comes last in either direction.
function order(a, b, direction) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "number" && typeof b === "number") return direction * (a - b);
  if (typeof a !== typeof b) return direction * (typeof a === "number" ? -1 : 1);
  return direction * collator.compare(a, b);
}

function sortBy(table, column) {
  const heads = [...table.element.querySelectorAll("th")];
  const direction = heads[column].getAttribute("aria-sort") === "ascending" ? -1 : 1;
  heads.forEach((head) => head.removeAttribute("aria-sort"));
  heads[column].setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
  table.rows.sort((a, b) => order(a.values[column], b.values[column], direction));
  table.body.append(...table.rows.map((row) => row.element));
}

function filterBy(table, text, count) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const row of table.rows) {
    row.element.hidden = !words.every((word) => row.text.includes(word));
    left += !row.element.hidden;
  }
  count.textContent = words.length ? `${left} of ${table.rows.length} rows` : `${table.rows.length} rows`;
}

function tableRow(values, numeric) {
  const cells = values.map((value, i) => {
    const cell = make("td", numeric[i] ? {class: "number"} : {}, shown(value));
    if (typeof value === "number") cell.title = String(value);
    return cell;
  });
  const text = values.map(shown).join("\n").toLowerCase();
  return {values, text, element: make("tr", {}, ...cells)};
}

function filterOf(table, name) {
  const count = make("span", {role: "status"}, `${table.rows.length} rows`);
  const input = make("input", {type: "search", autocomplete: "off"});
  input.addEventListener("input", () => filterBy(table, input.value, count));
  return make("p", {class: "filter"}, make("label", {}, `Rows of ${visible(name)} that hold `, input), " ", count);
}

// The name of a column, which may be broken behind its underscores.
function columnName(column) {
  return visible(column).split(/(?<=_)/).flatMap((part) => [part, make("wbr")]);
}

// An answer of the database as an element; name: what it is called.
function tableOf(answer, name) {
  const numeric = answer.columns.map((_, i) =>
    answer.rows.every((row) => row[i] === null || typeof row[i] === "number"));
  const table = {rows: answer.rows.map((values) => tableRow(values, numeric)), body: make("tbody")};
  const heads = answer.columns.map((column, i) => {
    const button = make("button", {type: "button"}, ...columnName(column));
    button.addEventListener("click", () => sortBy(table, i));
    return make("th", {scope: "col", class: numeric[i] ? "number" : "text"}, button);
  });
  table.body.append(...table.rows.map((row) => row.element));
  table.element = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), table.body);
  const parts = [make("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": visible(name)}, table.element)];
  if (table.rows.length > 3) parts.unshift(filterOf(table, name));
  if (answer.cut) parts.push(make("p", {class: "note"}, `Only ${answer.rows.length} rows are in this report; the query has all.`));
  return make("div", {class: "answer"}, ...parts);
}
