// SPDX-License-Identifier: GPL-2.0-only
// Elements, texts and numbers of the report. Whatever comes from the database becomes a text node, never markup.
"use strict";

const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

// Text in which control characters and marks that turn the direction of writing can be seen.
function visible(text) {
  return String(text).replace(unseen, (mark) => "\\u" + mark.charCodeAt(0).toString(16).padStart(4, "0"));
}

// A value for people: numbers with six digits.
function shown(value) {
  if (value === null || value === undefined) return "\u2013";
  if (typeof value !== "number") return visible(value);
  if (Number.isInteger(value)) return String(value);
  const text = Number(value.toPrecision(6));
  return Math.abs(text) < 1e-3 ? text.toExponential() : String(text);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function make(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function draw(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

// A word of a shell's command line.
function quoted(word) {
  return /^[\w.,:=\/+-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
}

// The rows of an answer as objects.
function records(answer) {
  return answer.rows.map((row) => Object.fromEntries(answer.columns.map((name, i) => [name, row[i]])));
}

// The unit that a metric's name ends with, in thousandths where all values are small.
function unitOf(metric, values) {
  const found = /_(j|s|w)$/.exec(metric);
  if (!found) return {name: "", factor: 1};
  const name = {j: "J", s: "s", w: "W"}[found[1]];
  const small = Math.max(...values.map(Math.abs)) < 0.1;
  return small ? {name: "m" + name, factor: 1e3} : {name, factor: 1};
}

// How a number of the page can be had again.
function origin(command, sql) {
  const text = visible(command) + (sql ? "\n\n" + visible(sql) : "");
  return make("details", {}, make("summary", {}, "Query"), make("pre", {tabindex: "0"}, text));
}

const palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#808080", "#a6761d"];

function colorOf(i) {
  return palette[i % palette.length];
}
