// Words beside the pointer, which a screen reader says as well.
const ASIDE = 14, BELOW = 18;

export function made(tag, parent, style = {}, attributes = {}) {
  const element = document.createElement(tag);
  Object.assign(element.style, style);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return parent.appendChild(element);
}

export class Tip {
  constructor(place) {
    this.said = made('div', place, { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden',
      clipPath: 'inset(50%)' }, { 'aria-live': 'polite' });
    this.seen = made('div', place, { position: 'absolute', display: 'none', pointerEvents: 'none', zIndex: 2,
      maxWidth: '280px', padding: '6px 10px', borderRadius: '6px', background: '#212121', color: '#FFFFFF',
      font: '14px/1.4 system-ui, sans-serif' }, { 'aria-hidden': 'true' });
  }

  hide() { this.seen.style.display = 'none'; }

  // At a place within so many pixels of room, never outside of it.
  show(words, x, y, { width, height }) {
    const { seen } = this;
    seen.style.display = 'block';
    seen.textContent = words.join(' · ');
    this.said.textContent = words.join(', ');
    const above = Math.max(y - seen.offsetHeight - 10, 0);
    seen.style.left = `${Math.max(Math.min(x + ASIDE, width - seen.offsetWidth), 0)}px`;
    seen.style.top = `${y + BELOW + seen.offsetHeight > height ? above : y + BELOW}px`;
  }
}
