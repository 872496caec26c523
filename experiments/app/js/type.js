// Type on canvases, as large as the page's own: a presentation has it larger.
export const em = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

export const font = () => `${Math.round(13 * em())}px system-ui, sans-serif`;
