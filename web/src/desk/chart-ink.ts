// This file reads colours for charts, which are drawn on a canvas and inherit nothing.

/** The value of a colour token in the theme that is on. */
export function inkOf(element: HTMLElement, token: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${token})`;
  probe.style.forcedColorAdjust = 'none';
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
