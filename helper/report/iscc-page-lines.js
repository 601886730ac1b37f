// SPDX-License-Identifier: GPL-2.0-only
// Plots of numbers over numbers, drawn by dygraphs: dragging zooms, pointing reads values, boxes show and hide lines. All of it
// by keys, too. Texts of the database are written by this file; dygraphs, which takes them for HTML, sees numbers alone.
"use strict";

const gray = "rgba(128, 128, 128, 0.45)";
const graphs = [];

// [middle] or [low, middle, high] of a line at a row.
function valueText(value) {
  if (!Array.isArray(value)) return shown(value);
  const [low, middle, high] = value;
  return low === high ? shown(middle) : `${shown(middle)} (${shown(low)} to ${shown(high)})`;
}

function readOut(plot, at) {
  const row = plot.rows[at];
  const values = plot.lines.map((line, i) => ({line, value: row[i + 1], seen: plot.graph.visibility()[i]}))
    .filter((entry) => entry.seen && entry.value !== null)
    .map((entry) => `${visible(entry.line.label)}: ${valueText(entry.value)}`);
  plot.at = at;
  plot.readout.textContent = `${plot.xName} ${shown(row[0])}${plot.xUnit}: ${values.join("; ")}`;
}

// The next row in a direction that has a value of a line that is seen.
function step(plot, direction) {
  let at = plot.at === undefined ? (direction > 0 ? -1 : plot.rows.length) : plot.at;
  do at += direction;
  while (plot.rows[at] && !plot.rows[at].some((value, i) => i && value !== null && plot.graph.visibility()[i - 1]));
  if (!plot.rows[at]) return;
  plot.graph.setSelection(at);
  readOut(plot, at);
}

function zoom(plot, factor) {
  const [low, high] = plot.graph.xAxisRange();
  const middle = plot.at === undefined ? (low + high) / 2 : plot.rows[plot.at][0], half = factor * (high - low) / 2;
  plot.graph.updateOptions({dateWindow: [middle - half, middle + half]});
}

function onKey(plot, event) {
  const actions = {ArrowRight: () => step(plot, 1), ArrowLeft: () => step(plot, -1), "+": () => zoom(plot, 0.5),
    "-": () => zoom(plot, 2), "0": () => plot.graph.resetZoom()};
  if (!actions[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  actions[event.key]();
}

function legendOf(plot) {
  const boxes = plot.lines.map((line, i) => {
    const box = make("input", {type: "checkbox"}), swatch = make("span", {class: line.dashed ? "swatch dashed" : "swatch"});
    box.checked = true;
    swatch.style.borderColor = line.color;
    box.addEventListener("change", () => plot.graph.setVisibility(i, box.checked));
    return make("label", {}, box, swatch, visible(line.label));
  });
  const all = make("button", {type: "button"}, "Show all");
  all.addEventListener("click", () => plot.graph.resetZoom());
  return make("div", {class: "legend"}, ...boxes, all);
}

function optionsOf(plot) {
  const axis = {axisLabelFormatter: (value) => shown(value), valueFormatter: (value) => shown(value)};
  const series = Object.fromEntries(plot.lines.map((line, i) => [String(i), {strokePattern: line.dashed ? [7, 4] : null}]));
  return {labels: ["x", ...plot.lines.map((_, i) => String(i))], colors: plot.lines.map((line) => line.color), series,
    customBars: plot.bars, stepPlot: !plot.bars, drawPoints: plot.bars, pointSize: 4, strokeWidth: 2, fillAlpha: 0.18,
    connectSeparatedPoints: true, legend: "never", gridLineColor: gray, axisLineColor: gray, highlightCircleSize: 5,
    axes: {x: {...axis, pixelsPerLabel: 70}, y: {...axis, axisLabelWidth: 64}}, xRangePad: 12, yRangePad: 12, rightGap: 20,
    valueRange: plot.valueRange, dateWindow: plot.window, highlightCallback: (event, x, points, row) => readOut(plot, row)};
}

// plot: {xName, xUnit, xTitle, yTitle, lines: [{label, color, dashed}], rows: [[x, value of each line], ...], bars: whether values
// are [low, middle, high], else lines are steps, window: what is shown at first, null: all}; a value that is not there is null. It is drawn by startPlots().
function linePlot(plot) {
  const hint = "Point at the plot, or use the arrow keys, to read values; drag, or + and -, to zoom; 0 shows all.";
  plot.readout = make("p", {class: "readout", role: "status"}, hint);
  plot.place = make("div", {class: "plot", tabindex: "0", role: "group", "aria-label": `${plot.yTitle} over ${plot.xTitle}. ${hint}`});
  plot.place.addEventListener("keydown", (event) => onKey(plot, event));
  const element = make("div", {class: "lines"}, legendOf(plot), make("div", {class: "title y"}, plot.yTitle), plot.place,
    make("div", {class: "title"}, plot.xTitle), plot.readout);
  graphs.push(plot);
  return element;
}

// Draws what is in the page by now; what was drawn and has left it is let go.
function startPlots() {
  for (const plot of graphs.splice(0)) {
    const seen = plot.place.isConnected;
    if (seen) plot.graph ??= new Dygraph(plot.place, plot.rows, optionsOf(plot));
    if (!seen && plot.graph) plot.graph.destroy();
    else graphs.push(plot);
  }
}
