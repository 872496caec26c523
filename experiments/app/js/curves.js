// Curves of a run on a canvas: what was, in full; what is to come, faint; the week between them.
const LEFT = 46, RIGHT = 10, TOP = 8, BOTTOM = 34;
const DASHES = { solid: [], dash: [7, 4], dot: [2, 4] };
const FONT = '13px system-ui, sans-serif';

export function draw(canvas, { curves, weeks, week, axis }) {
  const width = canvas.clientWidth, height = canvas.clientHeight, scale = window.devicePixelRatio || 1;
  if (!width || !height) return;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext('2d'), ink = getComputedStyle(canvas).color;
  const x = (at) => LEFT + (width - LEFT - RIGHT) * at / Math.max(weeks - 1, 1);
  const y = (share) => height - BOTTOM - (height - TOP - BOTTOM) * share / 100;
  pen.scale(scale, scale);
  pen.font = FONT;
  pen.fillStyle = pen.strokeStyle = ink;
  axes(pen, { x, y, weeks, width, height, axis });
  for (const [alpha, from, to] of [[0.25, week, weeks - 1], [1, 0, week]]) {
    pen.save();
    pen.beginPath();
    pen.rect(x(from), 0, x(to) - x(from) + (alpha === 1 ? 1 : 0), height);
    pen.clip();
    pen.globalAlpha = alpha;
    for (const { colour, dash, values } of curves) {
      pen.strokeStyle = colour;
      pen.lineWidth = 2.5;
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
    pen.arc(x(week), y(values[week]), 4, 0, 2 * Math.PI);
    pen.fill();
  }
}

function axes(pen, { x, y, weeks, width, height, axis }) {
  pen.lineWidth = 1;
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  for (const share of [0, 25, 50, 75, 100]) {
    pen.globalAlpha = 0.15;
    line(pen, LEFT, y(share), width - RIGHT, y(share));
    pen.globalAlpha = 0.8;
    if (share % 50 === 0) pen.fillText(`${share} %`, LEFT - 6, y(share));
  }
  const apart = [1, 2, 4, 13, 26, 52, 104].find((step) => x(step) - x(0) >= 36) || 104;
  pen.textBaseline = 'top';
  pen.textAlign = 'center';
  for (let week = 0; week < weeks; week += apart) if (x(week) < width - 30) pen.fillText(week, x(week), height - BOTTOM + 4);
  pen.textAlign = 'right';
  pen.fillText(`week; ${axis}`, width - RIGHT, height - 15);
  pen.globalAlpha = 1;
}

function line(pen, x0, y0, x1, y1) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}
