// SPDX-License-Identifier: GPL-2.0-only
// Plots with a row for each thing that has a name: stacked bars, or values with intervals, on one axis. Lengths are
// percentages of the width, so they need no drawing anew.
"use strict";

const rowsMost = 60;

// Round numbers from low to high, about five of them.
function ticksOf(low, high) {
  const raw = (high - low) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

function axisOf(values) {
  const low = Math.min(...values), high = Math.max(...values), pad = 0.04 * (high - low) || 0.04 * Math.abs(high) || 1;
  const axis = {low: low === 0 ? 0 : low - pad, high: high === 0 ? 0 : high + pad};
  axis.ticks = ticksOf(axis.low, axis.high);
  axis.at = (value) => `${(100 * (value - axis.low) / (axis.high - axis.low)).toFixed(3)}%`;
  return axis;
}

function gridOf(axis) {
  return axis.ticks.map((tick) => draw("line", {x1: axis.at(tick), x2: axis.at(tick), y1: 0, y2: "100%",
    class: tick === 0 ? "zero" : "grid"}));
}

function titled(shape, text) {
  shape.append(draw("title", {}, text));
  return shape;
}

function segmentsOf(row, axis) {
  let from = 0;
  return row.segments.map((part) => {
    const width = 100 * part.value / (axis.high - axis.low);
    const bar = draw("rect", {x: axis.at(from), width: `${width.toFixed(3)}%`, y: 3, height: 16, fill: part.color});
    from += part.value;
    return titled(bar, part.text);
  });
}

function intervalOf(row, axis) {
  const marks = row.marks.map((mark) => titled(draw("line", {x1: axis.at(mark.value), x2: axis.at(mark.value), y1: 1, y2: 21,
    class: "target"}), mark.text));
  const shapes = [...marks];
  if (row.low !== null && row.high !== null) {
    shapes.push(draw("line", {x1: axis.at(row.low), x2: axis.at(row.high), y1: 11, y2: 11, class: "bar", stroke: row.color}));
    for (const end of [row.low, row.high])
      shapes.push(draw("line", {x1: axis.at(end), x2: axis.at(end), y1: 6, y2: 16, class: "bar", stroke: row.color}));
  }
  shapes.push(titled(draw("circle", {cx: axis.at(row.value), cy: 11, r: 5, fill: row.color}), row.text));
  return shapes;
}

function rowOf(row, axis) {
  const shapes = row.segments ? segmentsOf(row, axis) : intervalOf(row, axis);
  return make("div", {class: "row"},
    make("div", {class: "label"}, make("b", {}, visible(row.label)), make("span", {}, row.text)),
    draw("svg", {height: 22, width: "100%", "aria-hidden": "true"}, ...gridOf(axis), ...shapes));
}

function axisElement(axis, title) {
  const labels = axis.ticks.map((tick) => {
    const label = make("span", {}, shown(tick));
    label.style.left = axis.at(tick);
    return label;
  });
  return [make("div", {class: "ticks", "aria-hidden": "true"}, ...labels), make("div", {class: "title"}, title)];
}

// Rows are {label, text, segments: [{value, text, color}]}, or {label, text, value, low, high, color, marks: [{value, text}]} with
// low and high null where there is no interval. least: a value that the axis shows.
function rowPlot(title, rows, least) {
  const values = rows.flatMap((row) => row.segments
    ? [row.segments.reduce((sum, part) => sum + part.value, 0)]
    : [row.value, row.low, row.high, ...row.marks.map((mark) => mark.value)]).concat(least);
  const axis = axisOf(values.filter((value) => value !== null && value !== undefined));
  const drawn = rows.slice(0, rowsMost).map((row) => rowOf(row, axis));
  if (rows.length > rowsMost) drawn.push(make("p", {class: "note"}, `${rows.length - rowsMost} more are in the table.`));
  return make("div", {class: "rows"}, ...drawn, ...axisElement(axis, title));
}
