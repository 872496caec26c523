// Curves of a run on a canvas: what was, in full; what is to come, faint; the week between them.
import { em, font } from './type.js';

const DASHES = { solid: [], dash: [7, 4], dot: [2, 4] };

export function draw(canvas, { curves, weeks, week, axis }) {
  const width = canvas.clientWidth, height = canvas.clientHeight, scale = window.devicePixelRatio || 1;
  if (!width || !height) return;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext('2d'), ink = getComputedStyle(canvas).color;
  const unit = em(), [left, aside, above, below] = [46, 10, 8, 34].map((pixels) => pixels * unit);
  const right = width - aside, bottom = height - below;
  const x = (at) => left + (right - left) * at / Math.max(weeks - 1, 1);
  const y = (share) => bottom - (bottom - above) * share / 100;
  pen.scale(scale, scale);
  pen.font = font();
  pen.fillStyle = pen.strokeStyle = ink;
  axes(pen, { x, y, weeks, left, right, bottom, height, axis, unit });
  for (const [alpha, from, to] of [[0.25, week, weeks - 1], [1, 0, week]]) {
    pen.save();
    pen.beginPath();
    pen.rect(x(from), 0, x(to) - x(from) + (alpha === 1 ? 1 : 0), height);
    pen.clip();
    pen.globalAlpha = alpha;
    for (const { colour, dash, values } of curves) {
      pen.strokeStyle = colour;
      pen.lineWidth = 2.5 * unit;
      pen.setLineDash(DASHES[dash]);
      pen.beginPath();
      values.forEach((value, at) => pen.lineTo(x(at), y(value)));
      pen.stroke();
    }
    pen.restore();
  }
  pen.lineWidth = 1;
  line(pen, x(week), y(0), x(week), y(100));
  for (const { colour, values } of curves) {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x(week), y(values[week]), 4 * unit, 0, 2 * Math.PI);
    pen.fill();
  }
}

function axes(pen, { x, y, weeks, left, right, bottom, height, axis, unit }) {
  pen.lineWidth = 1;
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  for (const share of [0, 25, 50, 75, 100]) {
    pen.globalAlpha = 0.15;
    line(pen, left, y(share), right, y(share));
    pen.globalAlpha = 0.8;
    if (share % 50 === 0) pen.fillText(`${share} %`, left - 6, y(share));
  }
  const apart = [1, 2, 4, 13, 26, 52, 104].find((step) => x(step) - x(0) >= 36 * unit) || 104;
  pen.textBaseline = 'top';
  pen.textAlign = 'center';
  for (let week = 0; week < weeks; week += apart) if (x(week) < right - 20 * unit) pen.fillText(week, x(week), bottom + 4);
  pen.textAlign = 'right';
  pen.fillText(`week; ${axis}`, right, height - 15 * unit);
  pen.globalAlpha = 1;
}

function line(pen, x0, y0, x1, y1) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}
