// The chart of a reporting line on a canvas: see orgchart.py for the boxes. A click or Enter goes into a manager's part,
// Escape out of it; arrow keys walk along the line. Painting reads one character a person, so that weeks can be played.
import { Tip, made } from './tip.js';
import { em, font } from './type.js';

const FIRST = '0'.charCodeAt(0);  // the character that stands for colour 0
const ZOOM = 220;  // milliseconds
const TIGHT = 4;  // pixels: smaller boxes have no gap between them

// Which colour a person has, of text with a character each.
export const colourAt = (fills, row) => fills.charCodeAt(row) - FIRST;

function floats(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

function inkOn(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? '#111111' : '#FFFFFF';
}

export class Chart {
  // said(row): what else to say of a person; chosen(row): a person was clicked; moved(root): the part shown, -1 for all.
  constructor(place, { label, said = () => '', chosen = () => {}, moved = () => {} }) {
    Object.assign(this, { said, chosen, moved, root: -1, at: -1, picked: -1, unit: -1, fills: '', colours: [] });
    Object.assign(place.style, { position: 'relative' });
    this.canvas = made('canvas', place, { display: 'block', width: '100%', height: '100%', cursor: 'pointer' },
      { tabindex: 0, role: 'application', 'aria-label': `${label}. Arrow keys walk, Enter goes in, Escape goes out.` });
    this.tip = new Tip(place);
    this.canvas.addEventListener('mousemove', (event) => this.hover(event));
    this.canvas.addEventListener('mouseleave', () => this.point(-1));
    this.canvas.addEventListener('mousedown', (event) => event.preventDefault());  // keys are the chart's by Tab alone
    this.canvas.addEventListener('click', (event) => { this.enter(this.under(event)); this.point(-1); });
    this.canvas.addEventListener('keydown', (event) => this.key(event));
    this.canvas.addEventListener('blur', () => this.point(-1));
    this.watcher = new ResizeObserver(() => this.arrange());
    this.watcher.observe(this.canvas);
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    this.watcher.disconnect();
  }

  people(text) {
    if (text === this.text) return;
    const people = JSON.parse(text);
    const edges = floats(people.boxes);
    const side = (at) => edges.subarray(at * people.count, (at + 1) * people.count);
    Object.assign(this, { text, p: people, left: side(0), top: side(1), right: side(2), bottom: side(3), floor: side(4) });
    this.reports = new Map();
    people.manager.forEach((boss, row) => this.reports.set(boss, [...(this.reports.get(boss) || []), row]));
    this.reports.forEach((rows) => rows.sort((a, b) => this.top[a] - this.top[b] || this.left[a] - this.left[b]));
    this.heads = people.unit.map((unit, row) => people.manager[row] < 0 || people.unit[people.manager[row]] !== unit);
    this.screen = new Float32Array(people.count * 4);
    Object.assign(this, { root: -1, at: -1, picked: -1, unit: -1, view: this.part(-1) });
    this.moved(-1);
    this.arrange();
  }

  paintWith(fills, colours) {
    if (colours !== this.colours) Object.assign(this, { colours, inks: colours.map(inkOn) });
    this.fills = fills;
    this.paint();
  }

  highlight(unit) { this.unit = unit; this.paint(); }

  pick(row) { this.picked = row; this.paint(); }

  describe(row) {
    const { p } = this;
    const name = p.title.length ? p.titles[p.title[row]] : '';
    const role = p.roles[p.role[row]];
    const reports = p.span[row];
    return [name && name.toLowerCase() !== role ? `${name} (${role})` : role, p.units[p.unit[row]], `layer ${p.level[row] + 1}`,
      reports ? `${reports.toLocaleString('en')} direct report${reports > 1 ? 's' : ''}` : '', this.said(row)].filter(Boolean);
  }

  // What is shown: everyone, or the part of one person.
  title(root) {
    const { count } = this.p;
    return root < 0 ? `Everyone: ${count.toLocaleString('en')} ${count > 1 ? 'people' : 'person'}. Click a manager to go in.`
      : `Reporting to: ${this.describe(root).join(' · ')}`;
  }

  // The part of the chart that belongs to a person, in shares of its width and height.
  part(row) {
    return row < 0 ? { left: 0, right: 1, top: 0, floor: 1 }
      : { left: this.left[row], right: this.right[row], top: this.top[row], floor: this.floor[row] };
  }

  within(row, root) {
    for (let up = row; up >= 0; up = this.p.manager[up]) if (up === root) return true;
    return root < 0;
  }

  go(root) {
    if (root === this.root) return;
    const from = this.view, to = this.part(root), began = performance.now();
    const quick = window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 1 : ZOOM;
    this.root = root;
    this.moved(root);
    cancelAnimationFrame(this.frame);
    const step = (now) => {
      const share = Math.min(Math.max((now - began) / quick, 0), 1), eased = share * (2 - share);
      const between = (side) => from[side] + (to[side] - from[side]) * eased;
      this.view = share < 1 ? { left: between('left'), right: between('right'), top: between('top'), floor: between('floor') } : to;
      this.arrange();
      if (share < 1) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  out() { if (this.root >= 0) this.go(this.p.manager[this.root]); }

  enter(row) {
    if (row < 0) return;
    this.pick(row);
    this.chosen(row);
    if (row === this.root) this.out();
    else if (this.p.span[row]) this.go(row);
  }

  // Where everyone is on the screen, and the words that have room: anew with each size and each part.
  arrange() {
    const width = this.canvas.clientWidth, height = this.canvas.clientHeight;
    if (!this.p || !width || !height) return;
    const scale = window.devicePixelRatio || 1, { left, right, top, floor } = this.view, n = this.p.count;
    if (this.canvas.width !== Math.round(width * scale)) this.canvas.width = Math.round(width * scale);
    if (this.canvas.height !== Math.round(height * scale)) this.canvas.height = Math.round(height * scale);
    Object.assign(this, { width, height, scale, labels: [], seen: [] });
    const x = (share) => Math.min(Math.max((share - left) / (right - left) * width, -1), width + 1);
    const y = (share) => Math.min(Math.max((share - top) / (floor - top) * height, -1), height + 1);
    const pen = this.canvas.getContext('2d');
    const unit = em();
    pen.font = font();
    for (let row = 0, at = 0; row < n; row += 1, at += 4) {
      if (this.right[row] <= left || this.left[row] >= right || this.bottom[row] <= top || this.top[row] >= floor) continue;
      const x0 = x(this.left[row]), y0 = y(this.top[row]), w = x(this.right[row]) - x0, h = y(this.bottom[row]) - y0;
      this.screen.set([x0, y0, Math.max(w - (w > TIGHT ? 1 : 0), 0.5), Math.max(h - (h > TIGHT ? 1 : 0), 0.5)], at);
      this.seen.push(row);
      if (w > 36 * unit && h > 14 * unit) this.label(pen, row, x0, y0, w, h);
    }
    this.paint();
  }

  label(pen, row, x0, y0, w, h) {
    const start = Math.max(x0, 0), room = Math.min(x0 + w, this.width) - start - 12;
    const fits = (text) => pen.measureText(text).width <= room;
    const names = this.names(row);
    let words = names.find(fits);
    if (!words) {
      if (!this.heads[row]) return;
      words = names[names.length - 1];
      while (words && !fits(`${words}…`)) words = words.slice(0, -1);
      if (words.length < 3) return;
      words += '…';
    }
    this.labels.push([row, words, start + 6, y0 + Math.min(h / 2, 20)]);
  }

  // What a box may be called, from the longest to the shortest: the top by who it is, other leaders with their unit.
  names(row) {
    const { p } = this, title = p.title.length ? p.titles[p.title[row]] : '', unit = p.units[p.unit[row]];
    const role = p.roles[p.role[row]], own = title || role[0].toUpperCase() + role.slice(1);
    if (!p.span[row]) return [this.heads[row] ? unit : own];
    if (p.manager[row] < 0) return [title || 'Top'];
    return [`${own}, ${unit}`, this.heads[row] ? unit : own];
  }

  paint() {
    if (!this.seen || this.fills.length !== this.p.count) return;  // people and colours come one after the other
    const pen = this.canvas.getContext('2d'), { fills } = this;
    pen.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    const rows = this.colours.map(() => []);
    for (const row of this.seen) (rows[colourAt(fills, row)] || rows[0]).push(row);
    rows.forEach((those, colour) => {
      pen.fillStyle = this.colours[colour];
      this.fill(pen, those);
    });
    pen.font = font();
    pen.textBaseline = 'middle';
    for (const [row, words, x, y] of this.labels) {
      pen.fillStyle = this.inks[colourAt(fills, row)];
      pen.fillText(words, x, y);
    }
    if (this.unit >= 0) {
      pen.globalCompositeOperation = 'destination-out';
      pen.globalAlpha = 0.75;
      this.fill(pen, this.seen.filter((row) => this.p.unit[row] !== this.unit));
      pen.globalAlpha = 1;
      pen.globalCompositeOperation = 'source-over';
    }
    for (const row of [this.picked, this.at]) if (row >= 0) this.frameAround(pen, row);
    this.canvas.dataset.drawn = (Number(this.canvas.dataset.drawn) || 0) + 1;
  }

  fill(pen, rows) {
    pen.beginPath();
    for (const row of rows) pen.rect(...this.screen.subarray(row * 4, row * 4 + 4));
    pen.fill();
  }

  frameAround(pen, row) {
    if (!this.within(row, this.root)) return;
    const [x, y, w, h] = this.screen.subarray(row * 4, row * 4 + 4);
    for (const [colour, thick] of [['#FFFFFF', 5], ['#000000', 2.5]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = thick;
      pen.strokeRect(x + 1, y + 1, w - 2, h - 2);
    }
  }

  under(event) {
    const { left, right, top, floor } = this.view || {};
    const x = left + event.offsetX / this.width * (right - left), y = top + event.offsetY / this.height * (floor - top);
    return (this.seen || []).find((row) => x >= this.left[row] && x < this.right[row] && y >= this.top[row] && y < this.bottom[row]) ?? -1;
  }

  hover(event) {
    this.point(this.under(event), event.offsetX, event.offsetY);
  }

  point(row, x = 0, y = 0) {
    if (row < 0) this.tip.hide();
    else this.tip.show(this.describe(row), x, y, this);
    if (row === this.at) return;
    this.at = row;
    this.paint();
  }

  key(event) {
    const { p } = this;
    if (!p) return;
    const here = this.at >= 0 ? this.at : this.root;
    const beside = this.reports.get(here < 0 ? -1 : p.manager[here]) || [];
    const next = (by) => beside[Math.min(Math.max(beside.indexOf(here) + by, 0), beside.length - 1)];
    const first = () => (this.reports.get(here) || [here])[0];
    const moves = { ArrowLeft: () => next(-1), ArrowRight: () => next(1), ArrowDown: first,
      ArrowUp: () => (here < 0 || p.manager[here] < 0 ? here : p.manager[here]) };
    if (event.key === 'Enter') this.enter(here);
    else if (event.key === 'Escape') this.out();
    else if (!moves[event.key]) return;
    else this.walk(moves[event.key]());
    event.preventDefault();
    event.stopPropagation();
  }

  walk(row) {
    if (row < 0) return;
    let root = this.root;
    while (!this.within(row, root)) root = this.p.manager[root];
    this.go(root);
    const at = row * 4;
    this.point(row, this.screen[at] + this.screen[at + 2] / 2, this.screen[at + 1] + this.screen[at + 3] / 2);
  }
}
