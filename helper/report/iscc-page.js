// SPDX-License-Identifier: GPL-2.0-only
// The report: from the JSON in the page to its sections.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);

function answerOf(name) {
  return data.answers.find((answer) => answer.name === name);
}

function section(id, title, ...children) {
  return make("section", {id, "aria-labelledby": `${id}-title`}, make("h2", {id: `${id}-title`}, title), ...children);
}

function figure(caption, ...children) {
  return make("figure", {}, make("figcaption", {}, caption), ...children);
}

// ---- plots of all runs ----

const stages = [["sensing", "#56b4e9"], ["compute", "#d55e00"], ["uplink", "#0072b2"]]; // as iscc-diagram-job.h has them

function energyFigure() {
  const answer = answerOf("energy"), rows = records(answer).filter((row) => row.energy_j !== null);
  if (!rows.length) return [];
  const unit = unitOf("energy_j", rows.map((row) => row.energy_j)), inUnit = (value) => `${shown(unit.factor * value)} ${unit.name}`;
  const bars = rows.map((row) => ({label: row.scheme, text: inUnit(row.energy_j), segments: stages.map(([stage, color]) => ({
    value: unit.factor * row[`${stage}_j`], color, text: `${visible(row.scheme)}, ${stage}: ${inUnit(row[`${stage}_j`])}`}))}));
  const legend = make("div", {class: "legend"}, ...stages.map(([stage, color]) => {
    const swatch = make("span", {class: "swatch"});
    swatch.style.borderColor = color;
    return make("span", {}, swatch, stage);
  }));
  return [figure("Energy by stage", legend, rowPlot(`Mean energy of tasks that used energy, ${unit.name}`, bars, 0),
    origin(commandOf("energy"), answer.sql))];
}

function accuracyFigure() {
  const answer = answerOf("accuracy"), rows = records(answer).filter((row) => row.accuracy !== null);
  if (!rows.length) return [];
  const dots = rows.map((row, i) => ({label: row.scheme, value: row.accuracy, low: row.low, high: row.high, color: colorOf(i),
    text: `${shown(row.accuracy)} (${shown(row.low)} to ${shown(row.high)}), ${row.judged} answers`,
    marks: [...new Set([row.least_target, row.greatest_target])].map((value) => ({value, text: `target ${shown(value)}`}))}));
  return [figure("Accuracy against its target (dashed)", rowPlot("Share of right answers, with Wilson's 95 % interval", dots, []),
    origin(commandOf("accuracy"), answer.sql))];
}

function latencyFigure() {
  const points = records(data.latency), schemes = [...new Set(points.map((point) => point.scheme))];
  if (!schemes.length) return [];
  const places = [...new Set(points.map((point) => point.latency_s))].sort((a, b) => a - b);
  const share = new Map(points.map((point) => [JSON.stringify([point.scheme, point.latency_s]), point.share]));
  const rows = places.map((x) => [x, ...schemes.map((scheme) => share.get(JSON.stringify([scheme, x])) ?? null)]);
  const lines = schemes.map((label, i) => ({label, color: colorOf(i), dashed: false}));
  const most = Math.max(...schemes.map((scheme) =>
    points.find((point) => point.scheme === scheme && point.share * point.tasks >= 0.99 * point.answered).latency_s));
  const long = places[places.length - 1] > 2 * most;
  return [figure(`Distribution of latencies${long ? " (99 % of the answers; \u201cShow all\u201d shows the rest)" : ""}`, linePlot({xName: "Latency", xUnit: " s", xTitle: "Latency, s",
    yTitle: "Share of all tasks answered by then", lines, rows, bars: false, valueRange: [0, 1.05],
    window: long ? [places[0], most] : null}),
    origin(`iscc query ${quoted(data.file)} --sql=...`, data.latency.sql))];
}

// ---- campaigns ----

// The value of a row's options, with their names where there are several.
function describe(names, row) {
  const texts = names.filter((name) => row[name] !== null)
    .map((name) => names.length > 1 && row[name] !== "all points" ? `${name}=${row[name]}` : row[name]);
  return [...new Set(texts)].join(" ") || "all runs";
}

function numericOptions(options, rows) {
  return options.filter((name) => new Set(rows.map((row) => row[name])).size > 1 &&
    rows.every((row) => row[name] !== null && Number.isFinite(Number(row[name]))));
}

function meanRows(metric, unit, options, rows) {
  const scaled = (value) => value === null ? null : unit.factor * value;
  return rowPlot(`${visible(metric)}${unit.name && ", " + unit.name}`, rows.map((row, i) => ({label: describe(options, row),
    value: scaled(row.mean), low: scaled(row.low), high: scaled(row.high), color: colorOf(0), marks: [],
    text: `${shown(scaled(row.mean))}${row.low === null ? "" : ` (${shown(scaled(row.low))} to ${shown(scaled(row.high))})`}, n = ${row.n}`})), []);
}

function meanLines(metric, unit, options, rows, against) {
  const others = options.filter((name) => name !== against), names = [...new Set(rows.map((row) => describe(others, row)))];
  const places = [...new Set(rows.map((row) => Number(row[against])))].sort((a, b) => a - b);
  const cells = new Map(rows.map((row) => [JSON.stringify([describe(others, row), Number(row[against])]), row]));
  const value = (row) => row && [row.low ?? row.mean, row.mean, row.high ?? row.mean].map((one) => unit.factor * one);
  const lines = names.map((label, i) => ({label, color: colorOf(i), dashed: i >= palette.length}));
  return linePlot({xName: visible(against), xUnit: "", xTitle: visible(against), yTitle: `${visible(metric)}${unit.name && ", " + unit.name}`,
    lines, rows: places.map((x) => [x, ...names.map((name) => value(cells.get(JSON.stringify([name, x]))) ?? null)]), bars: true, window: null});
}

function select(label, choices, onChange) {
  const list = make("select", {}, ...choices.map((choice, i) => make("option", {value: i}, visible(choice))));
  list.addEventListener("change", () => onChange(Number(list.value)));
  return make("label", {class: "choice"}, `${label} `, list);
}

// What is shown of one of several answers, each a metric's; content makes its elements.
function chosen(answers, content) {
  const place = make("div");
  const show = (i) => {
    place.replaceChildren(...content(answers[i]));
    startPlots();
  };
  place.replaceChildren(...content(answers[0]));
  return [select("Metric", answers.map((answer) => answer.metric), show), place];
}

function meansContent(answer) {
  const options = answer.columns.slice(0, answer.options), rows = records(answer).filter((row) => row.mean !== null);
  if (!rows.length) return [make("p", {class: "note"}, "No run has a value.")];
  const unit = unitOf(answer.metric, rows.map((row) => row.mean)), place = make("div"), axes = numericOptions(options, rows);
  const show = (i) => {
    const lines = axes[i] && new Set(rows.map((row) => describe(options.filter((name) => name !== axes[i]), row))).size <= 2 * palette.length;
    place.replaceChildren(lines ? meanLines(answer.metric, unit, options, rows, axes[i]) : meanRows(answer.metric, unit, options, rows));
    startPlots();
  };
  const lists = axes.length ? [select("Over", [...axes, "(no axis)"], show)] : [];
  show(0);
  return [...lists, place, tableOf(answer, answer.metric), origin(`iscc campaign show ${quoted(data.file)} --metric=${quoted(answer.metric)}`)];
}

function comparisonRows(answer) {
  const options = answer.columns.slice(0, answer.options), rows = records(answer).filter((row) => row.difference !== null);
  const relative = rows.every((row) => row.relative_low_pct !== null && row.relative_high_pct !== null);
  const unit = relative ? {name: "%", factor: 1} : unitOf(answer.metric, rows.map((row) => row.difference));
  const [value, low, high] = (relative ? ["relative_pct", "relative_low_pct", "relative_high_pct"] : ["difference", "low", "high"])
    .map((name) => (row) => row[name] === null ? null : unit.factor * row[name]);
  const values = [...new Set(rows.map((row) => row[answer.by]))];
  return rowPlot(`${visible(answer.metric)}, difference to ${visible(answer.baseline)}${unit.name && ", " + unit.name}`, rows.map((row) => ({
    label: describe(options, row), value: value(row), low: low(row), high: high(row), color: colorOf(values.indexOf(row[answer.by])), marks: [],
    text: `${shown(value(row))}${low(row) === null ? "" : ` (${shown(low(row))} to ${shown(high(row))})`} ${unit.name}, ${row.pairs} pairs`})), 0);
}

function comparisonContent(answer) {
  const command = `iscc campaign compare ${quoted(data.file)} --metric=${quoted(answer.metric)} --by=${quoted(answer.by)} ` +
    `--baseline=${quoted(answer.baseline)}`;
  return [make("ul", {}, ...answer.sentences.map((sentence) => make("li", {}, visible(sentence)))),
    ...(answer.rows.some((row) => row[answer.columns.indexOf("difference")] !== null) ? [comparisonRows(answer)] : []),
    tableOf(answer, `${answer.metric} compared`), origin(command)];
}

// ---- the page ----

function commandOf(question) {
  return `iscc query ${quoted(data.file)} ${question}`;
}

function tables() {
  const some = data.answers.filter((answer) => answer.rows.length), none = data.answers.filter((answer) => !answer.rows.length);
  const parts = some.flatMap((answer) => [make("h3", {}, answer.name), make("p", {}, answer.title, answer.note ? `. Note: ${answer.note}` : ""),
    tableOf(answer, answer.name), origin(commandOf(answer.name), answer.sql)]);
  if (none.length) parts.push(make("p", {class: "note"}, `Nothing in this database: ${none.map((answer) => answer.name).join(", ")}.`));
  return parts;
}

function origins() {
  return data.origins.filter((answer) => answer.rows.length).flatMap((answer) => [make("h3", {}, answer.title),
    tableOf(answer, answer.title), origin(`iscc query ${quoted(data.file)} --sql=...`, answer.sql)]);
}

function help() {
  return [make("ul", {}, ...[
    "Tables: the buttons in their heads sort, once more the other way round; the field above shows the rows that hold all its words. Numbers are shown with six digits; pointing at one shows all of them.",
    "Plots of lines: drag to zoom, double-click or \u201cShow all\u201d to see all again, boxes show and hide lines. With keys: Tab to the plot, arrows to read values, + and - to zoom, 0 for all.",
    "Bands and bars are 95 % intervals. \u201cQuery\u201d is the command that gives the numbers, and its SQL; commands are for the folder of the database.",
    `Written by iscc ${data.iscc}. Plots are drawn by dygraphs (MIT licence). The page is one file and fetches nothing.`,
  ].map((text) => make("li", {}, text)))];
}

function sections() {
  const plots = [...energyFigure(), ...latencyFigure(), ...accuracyFigure()], list = [
    section("summary", "Summary", make("ul", {}, ...data.summary.map((sentence) => make("li", {}, visible(sentence)))))];
  if (plots.length) list.push(section("plots", "Schemes", make("p", {class: "note"}, "All runs of a scheme that are done, together."), ...plots));
  if (data.comparisons.length) list.push(section("comparisons", "Comparisons", ...chosen(data.comparisons, comparisonContent)));
  if (data.metrics.length) list.push(section("metrics", "Metrics of campaigns", ...chosen(data.metrics, meansContent)));
  list.push(section("tables", "Tables", ...tables()), section("origins", "Where the numbers come from", ...origins()),
    section("help", "How to use this page", ...help()));
  return list;
}

function build() {
  const list = sections(), title = `${visible(data.file)}`;
  document.title = title;
  const links = list.map((part) => make("li", {}, make("a", {href: `#${part.id}`}, part.querySelector("h2").textContent)));
  document.body.prepend(make("header", {}, make("h1", {}, title)), make("nav", {"aria-label": "Sections"}, make("ul", {}, ...links)),
    make("main", {}, ...list));
  startPlots();
}

build();
